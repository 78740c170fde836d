/// A JSON object written field by field, in the order given; what is not known is null.
public struct JSONObject: Sendable {
    /// The fields so far, without braces.
    public private(set) var fields = ""

    /// An object without fields.
    public init() {}

    /// Goes on behind fields that were written before.
    public init(fields: String) {
        self.fields = fields
    }

    /// The object.
    public var text: String { "{\(fields)}" }

    /// A value that is JSON already.
    public mutating func json(_ name: String, _ value: String) {
        if !fields.isEmpty { fields += "," }
        JSONText.append(name, to: &fields)
        fields += ":"
        fields += value
    }

    /// A text, or null.
    public mutating func text(_ name: String, _ value: String?) {
        json(name, value.map { JSONText.quoted($0) } ?? "null")
    }

    /// The shortest number that reads back equal; null for none and for what is not finite.
    public mutating func real(_ name: String, _ value: Double?) {
        json(name, value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null")
    }

    /// A whole number, or null.
    public mutating func integer(_ name: String, _ value: (some BinaryInteger)?) {
        json(name, value.map { "\($0)" } ?? "null")
    }

    /// True or false.
    public mutating func boolean(_ name: String, _ value: Bool) {
        json(name, value ? "true" : "false")
    }

    /// A day as `YYYY-MM-DD`, or null.
    public mutating func day(_ name: String, _ value: Day?) {
        text(name, value.map { "\($0)" })
    }

    /// A reference as commands print it, null for none.
    public mutating func reference(_ name: String, _ value: Reference) {
        text(name, value == .none ? nil : "\(value)")
    }

    /// An array of values that are JSON already.
    public static func list(_ values: [String]) -> String {
        "[\(values.joined(separator: ","))]"
    }
}
