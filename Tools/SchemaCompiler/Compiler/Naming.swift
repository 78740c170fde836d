/// The rules for names that become Swift identifiers.
enum Naming {
    /// Words that Swift reserves.
    private static let keywords: [String] = [
        "associatedtype", "class", "deinit", "enum", "extension", "fileprivate", "func", "import",
        "inout", "internal", "let", "operator", "precedencegroup", "private", "protocol", "public",
        "rethrows", "static", "struct", "subscript", "typealias", "var", "break", "case", "catch",
        "continue", "default", "defer", "do", "else", "fallthrough", "for", "guard", "if", "in",
        "repeat", "return", "throw", "switch", "where", "while", "any", "as", "await", "false",
        "is", "nil", "super", "throws", "true", "try", "some", "borrowing", "consuming",
    ]

    /// Words that cannot be escaped, or that generated types use for members of their own.
    private static let reserved: [String] = [
        "init", "self", "rawValue", "wire", "hashValue", "allCases", "unrecognised", "message",
        "bytes", "buffer", "view", "encode", "encoded", "fits", "templateID", "messageName",
        "blockLength", "version", "oldestVersion", "sinceVersion", "length",
        "block", "item",
    ]

    /// Types that stand beside the generated ones in the module.
    private static let reservedTypes: [String] = [
        "Any", "Self", "Type", "Protocol", "Instant", "Day", "Money", "Quantity", "Ticker",
        "Digest", "Reference", "EventFlags", "Envelope", "EventSchema", "EventMessage",
        "EventBuffer", "EventJSON", "DecodingError", "MessageHeader", "Bool", "Int", "UInt8",
        "UInt16", "UInt32", "UInt64", "Int8", "Int16", "Int32", "Int64", "Double", "Float",
        "String", "Array", "Optional", "RawSpan", "Range", "WireValue", "WireText",
    ]

    /// Refuses a name of a field, group or member that is not lowerCamel or is reserved.
    static func checkLower(_ name: String, _ element: Element) throws(Refusal) {
        try checkChoice(name, element)
        guard !keywords.contains(name) else {
            throw element.refusal("'\(name)' is reserved in Swift", "another word")
        }
    }

    /// Refuses a name of an enum's value or a set's bit that is not lowerCamel or is reserved; a
    /// Swift keyword is accepted, because `.repeat` needs no escape where it is used.
    static func checkChoice(_ name: String, _ element: Element) throws(Refusal) {
        guard let first = name.unicodeScalars.first, ("a"..."z").contains(first), isWord(name)
        else {
            throw element.refusal(
                "'\(name)' is not lowerCamelCase", "letters and digits, the first a small letter")
        }
        guard !reserved.contains(name) else {
            throw element.refusal("'\(name)' is reserved by generated code", "another word")
        }
    }

    /// The name as a declaration writes it.
    static func escaped(_ name: String) -> String {
        keywords.contains(name) ? "`\(name)`" : name
    }

    /// Refuses a name of a message, enum or set that is not UpperCamel or is taken.
    static func checkUpper(_ name: String, _ element: Element) throws(Refusal) {
        guard let first = name.unicodeScalars.first, ("A"..."Z").contains(first), isWord(name)
        else {
            throw element.refusal(
                "'\(name)' is not UpperCamelCase", "letters and digits, the first a capital")
        }
        guard !reservedTypes.contains(name) else {
            throw element.refusal("'\(name)' is the name of another type", "another word")
        }
    }

    private static func isWord(_ name: String) -> Bool {
        name.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
        }
    }

    /// With a capital first letter.
    static func upper(_ name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst()
    }

    /// The name of one entry of a group: `bars` → `Bar`, `entries` → `Entry`; a name without a
    /// plural takes `Entry` behind it.
    static func singular(_ name: String) -> String {
        let upper = upper(name)
        if upper.hasSuffix("ies") { return upper.dropLast(3) + "y" }
        if upper.hasSuffix("s") && !upper.hasSuffix("ss") { return String(upper.dropLast()) }
        return upper + "Entry"
    }
}
