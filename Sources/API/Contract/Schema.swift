/// The shape of a value, as the contract has it.
indirect enum Schema: Sendable {
    /// A text: of a format, of a pattern, of so many characters.
    case text(format: String? = nil, pattern: String? = nil, least: Int? = nil, most: Int? = nil)
    /// One of some texts.
    case choice([String])
    /// A whole number.
    case integer(least: Int? = nil, most: Int? = nil)
    /// A number.
    case number(least: Double? = nil, most: Double? = nil)
    /// True or false.
    case boolean
    /// A list.
    case list(Schema, least: Int? = nil, most: Int? = nil)
    /// Always true: what a client may say, and not otherwise.
    case yes
    /// An object: its fields, and whether each must be there.
    case object([Field], isOpen: Bool = false)
    /// The value or null.
    case nullable(Schema)
    /// One of several shapes.
    case either([Schema])
    /// A shape of the contract's components.
    case named(String)
    /// Any value.
    case any

    struct Field: Sendable {
        let name: String
        let schema: Schema
        var isRequired = true
        var meaning: String?

        init(_ name: String, _ schema: Schema, isRequired: Bool = true, _ meaning: String? = nil) {
            (self.name, self.schema, self.isRequired, self.meaning) = (
                name, schema, isRequired, meaning
            )
        }
    }

    /// As the contract writes it.
    var tree: YAMLNode {
        switch self {
        case .text(let format, let pattern, let least, let most):
            var fields: [(String, YAMLNode)] = [("type", .text("string"))]
            if let format { fields.append(("format", .text(format))) }
            if let pattern { fields.append(("pattern", .text(pattern))) }
            if let least { fields.append(("minLength", .number("\(least)"))) }
            if let most { fields.append(("maxLength", .number("\(most)"))) }
            return .mapping(fields)
        case .yes:
            return .mapping([("type", .text("boolean")), ("enum", .list([.plain("true")]))])
        case .choice(let texts):
            return .mapping([
                ("type", .text("string")), ("enum", .list(texts.map { .text($0) })),
            ])
        case .integer(let least, let most):
            var fields: [(String, YAMLNode)] = [("type", .text("integer"))]
            if let least { fields.append(("minimum", .number("\(least)"))) }
            if let most { fields.append(("maximum", .number("\(most)"))) }
            return .mapping(fields)
        case .number(let least, let most):
            var fields: [(String, YAMLNode)] = [("type", .text("number"))]
            if let least { fields.append(("minimum", .number("\(least)"))) }
            if let most { fields.append(("maximum", .number("\(most)"))) }
            return .mapping(fields)
        case .boolean: return .mapping([("type", .text("boolean"))])
        case .list(let element, let least, let most):
            var fields: [(String, YAMLNode)] = [
                ("type", .text("array")), ("items", element.tree),
            ]
            if let least { fields.append(("minItems", .number("\(least)"))) }
            if let most { fields.append(("maxItems", .number("\(most)"))) }
            return .mapping(fields)
        case .object(let fields, let isOpen):
            var tree: [(String, YAMLNode)] = [("type", .text("object"))]
            let required = fields.filter(\.isRequired).map { YAMLNode.text($0.name) }
            if !required.isEmpty { tree.append(("required", .list(required))) }
            if !fields.isEmpty {
                tree.append(("properties", .mapping(fields.map { ($0.name, $0.tree) })))
            }
            tree.append(("additionalProperties", .plain(isOpen ? "true" : "false")))
            return .mapping(tree)
        case .nullable(let schema):
            return .mapping([
                ("oneOf", .list([schema.tree, .mapping([("type", .text("null"))])]))
            ])
        case .either(let schemas): return .mapping([("anyOf", .list(schemas.map(\.tree)))])
        case .named(let name):
            return .mapping([("$ref", .text("#/components/schemas/\(name)"))])
        case .any: return .mapping([])
        }
    }
}

extension Schema.Field {
    fileprivate var tree: YAMLNode {
        guard let meaning, case .mapping(let fields) = schema.tree else { return schema.tree }
        return .mapping(fields + [("description", .text(meaning))])
    }
}

/// A tree that is written as YAML, its mappings in the order given.
indirect enum YAMLNode: Sendable {
    case text(String)
    /// Written as it is.
    case plain(String)
    case number(String)
    case list([YAMLNode])
    case mapping([(String, YAMLNode)])

    /// Lines of YAML.
    func lines(indent: Int = 0) -> [String] {
        let space = String(repeating: " ", count: indent)
        switch self {
        case .text, .plain, .number: return [space + scalar]
        case .list(let nodes):
            guard !nodes.isEmpty else { return [space + "[]"] }
            return nodes.flatMap { node -> [String] in
                var lines = node.lines(indent: indent + 2)
                lines[0] = space + "- " + lines[0].dropFirst(indent + 2)
                return lines
            }
        case .mapping(let fields):
            guard !fields.isEmpty else { return [space + "{}"] }
            return fields.flatMap { name, node -> [String] in
                let key = space + YAMLNode.key(name) + ":"
                guard node.isNested else { return ["\(key) \(node.scalar)"] }
                return [key] + node.lines(indent: indent + 2)
            }
        }
    }

    private var isNested: Bool {
        switch self {
        case .text, .plain, .number: false
        case .list(let nodes): !nodes.isEmpty
        case .mapping(let fields): !fields.isEmpty
        }
    }

    private var scalar: String {
        switch self {
        case .text(let text): YAMLNode.quoted(text)
        case .plain(let text), .number(let text): text
        case .list: "[]"
        case .mapping: "{}"
        }
    }

    private static func key(_ name: String) -> String {
        name.utf8.allSatisfy { ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 == 0x5F }
            ? name : quoted(name)
    }

    /// A text in double quotes, or as it is where nobody can take it for anything else.
    private static func quoted(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 == 0x5F }
        let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", ""]
        if plain, !words.contains(text.lowercased()) { return text }
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }
}
