import Events

extension Schema {
    /// What is wrong with a value.
    struct Violation: Hashable, Sendable {
        /// The field that is meant, as far as the first level of a body.
        let field: String
        /// What is wrong, behind the place.
        let text: String
    }

    /// The first thing in which a value is not of the shape; nil where it is.
    func violation(of value: JSONValue, at place: String) -> Violation? {
        func wrong(_ text: String) -> Violation { Violation(field: place, text: text) }
        switch (self, value) {
        case (.any, _), (.named, _), (.boolean, .boolean), (.nullable, .null): return nil
        case (.yes, .boolean(let value)): return value ? nil : wrong("takes true alone")
        case (.text(_, let pattern, let least, let most), .text(let text)):
            let count = text.unicodeScalars.count
            if let least, count < least { return wrong("takes at least \(least) characters") }
            if let most, count > most { return wrong("takes at most \(most) characters") }
            guard let pattern, let regex = try? Regex(pattern) else { return nil }
            return text.contains(regex) ? nil : wrong("takes \(pattern)")
        case (.choice(let texts), .text(let text)):
            guard !texts.contains(text) else { return nil }
            return wrong(
                "takes \(texts.joined(separator: ", ")), not \(text)"
                    + Suggestion.question(text, texts))
        case (.integer(let least, let most), .number(let number)):
            guard number == number.rounded() else { return wrong("takes a whole number") }
            return bounds(
                number, least.map(Double.init), most.map(Double.init)
            ).map(wrong)
        case (.number(let least, let most), .number(let number)):
            return bounds(number, least, most).map(wrong)
        case (.list(let element, let least, let most), .list(let values)):
            if let least, values.count < least { return wrong("takes at least \(least)") }
            if let most, values.count > most { return wrong("takes at most \(most)") }
            for (index, value) in values.enumerated() {
                if let found = element.violation(of: value, at: "\(place)[\(index)]") {
                    return found
                }
            }
            return nil
        case (.object(let fields, let isOpen), .object(let values)):
            return violation(of: values, fields, isOpen, at: place)
        case (.nullable(let inner), _): return inner.violation(of: value, at: place)
        case (.either(let schemas), _): return violation(of: value, among: schemas, at: place)
        default: return wrong("takes \(kind), not \(value.kind)")
        }
    }

    private func violation(
        of values: JSONFields, _ fields: [Field], _ isOpen: Bool, at place: String
    ) -> Violation? {
        let inside = place.isEmpty ? "" : "\(place)."
        for field in fields where field.isRequired && values[field.name] == nil {
            return Violation(field: inside + field.name, text: "is missing")
        }
        for value in values.fields {
            guard let known = fields.first(where: { $0.name == value.name }) else {
                if isOpen { continue }
                let names = fields.map(\.name)
                return Violation(
                    field: inside + value.name,
                    text: "is no field of this call\(Suggestion.question(value.name, names)); it "
                        + "takes \(names.isEmpty ? "none" : names.joined(separator: ", "))")
            }
            let found = known.schema.violation(of: value.value, at: inside + value.name)
            if let found { return found }
        }
        return nil
    }

    /// Of several shapes told apart by their action, that of the action counts.
    private func violation(of value: JSONValue, among schemas: [Schema], at place: String)
        -> Violation?
    {
        guard case .object(let values) = value, case .text(let action)? = values["action"] else {
            let found = schemas.map { $0.violation(of: value, at: place) }
            return found.contains(nil) ? nil : found.first ?? nil
        }
        let actions = schemas.flatMap(\.actions)
        guard let own = schemas.first(where: { $0.actions.contains(action) }) else {
            return Schema.choice(actions).violation(of: .text(action), at: "action")
        }
        return own.violation(of: value, at: place)
    }

    /// The actions of an object that has them.
    private var actions: [String] {
        guard case .object(let fields, _) = self,
            case .choice(let texts)? = fields.first(where: { $0.name == "action" })?.schema
        else { return [] }
        return texts
    }

    private func bounds(_ number: Double, _ least: Double?, _ most: Double?) -> String? {
        if let least, number < least { return "takes \(least) or more" }
        if let most, number > most { return "takes \(most) or less" }
        return nil
    }

    /// What it takes, in words.
    private var kind: String {
        switch self {
        case .text, .choice: "a text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean, .yes: "true or false"
        case .list: "a list"
        case .object, .either: "an object"
        case .nullable(let inner): inner.kind
        case .named, .any: "a value"
        }
    }

    /// A text of a path or a query as a value of this shape; nil where it cannot be one.
    func value(of text: String) -> JSONValue? {
        switch self {
        case .integer: Int(text).map { .number(Double($0)) }
        case .number: Double(text).flatMap { $0.isFinite ? .number($0) : nil }
        case .boolean: text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : nil
        default: .text(text)
        }
    }
}

extension Schema {
    /// A run's name.
    static let runName = Schema.text(pattern: "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$")
    /// A moment of the past.
    static let moment = Schema.text(
        pattern: "^(now|end|[rt]?[0-9]{1,18}|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{5,18}Z)?)$")
    /// A symbol.
    static let ticker = Schema.text(pattern: "^[A-Za-z0-9][A-Za-z0-9.^/ -]{0,11}$")
    /// Why somebody does something.
    static let reason = Schema.text(pattern: "[^ \\t\\r\\n]", least: 1, most: 500)
    /// A number above nothing.
    static let amount = Schema.number(least: 1e-8, most: 1e8)
}
