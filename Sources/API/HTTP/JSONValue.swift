import Foundation

/// A JSON value as a request has it.
enum JSONValue: Decodable, Hashable, Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object(JSONFields)

    init(from decoder: any Decoder) throws {
        if let container = try? decoder.singleValueContainer() {
            if container.decodeNil() { self = .null; return }
            if let value = try? container.decode(Bool.self) { self = .boolean(value); return }
            if let value = try? container.decode(Double.self) { self = .number(value); return }
            if let value = try? container.decode(String.self) { self = .text(value); return }
        }
        if var container = try? decoder.unkeyedContainer() {
            var list: [JSONValue] = []
            while !container.isAtEnd { list.append(try container.decode(JSONValue.self)) }
            self = .list(list)
            return
        }
        let container = try decoder.container(keyedBy: AnyKey.self)
        var fields: [JSONFields.Field] = []
        for key in container.allKeys {
            fields.append(
                JSONFields.Field(
                    name: key.stringValue, value: try container.decode(JSONValue.self, forKey: key))
            )
        }
        self = .object(JSONFields(fields.sorted { $0.name < $1.name }))
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Reads a body; nil for what is no JSON.
    static func read(_ bytes: [UInt8]) -> JSONValue? {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        return try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    }

    /// What kind it is, in words.
    var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "a truth value"
        case .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }
}

/// The fields of a JSON object, in order of their names.
struct JSONFields: Hashable, Sendable {
    struct Field: Hashable, Sendable {
        let name: String
        let value: JSONValue
    }

    let fields: [Field]

    init(_ fields: [Field]) { self.fields = fields }

    subscript(name: String) -> JSONValue? { fields.first { $0.name == name }?.value }
    var names: [String] { fields.map(\.name) }
}
