import Events

/// Values of a report as JSON; what is not known is null.
enum JSON {
    /// An object of members that are JSON already.
    static func object(_ fields: [(String, String)]) -> String {
        let members = fields.map { "\(JSONText.quoted($0.0)):\($0.1)" }
        return "{\(members.joined(separator: ","))}"
    }

    /// An array of items that are JSON already.
    static func list(_ items: [String]) -> String { "[\(items.joined(separator: ","))]" }

    /// A string of what a value prints.
    static func text(_ value: (some CustomStringConvertible)?) -> String {
        value.map { JSONText.quoted($0.description) } ?? "null"
    }

    /// The shortest number that reads back equal.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        return "\(value)"
    }
}
