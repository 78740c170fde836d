/// An SBE primitive type.
public enum Primitive: String, CaseIterable, Sendable {
    case char, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float, double

    /// Bytes on the wire.
    public var size: Int {
        switch self {
        case .char, .int8, .uint8: 1
        case .int16, .uint16: 2
        case .int32, .uint32, .float: 4
        case .int64, .uint64, .double: 8
        }
    }

    /// The Swift type.
    public var swiftName: String {
        switch self {
        case .char: "UInt8"
        case .uint8, .uint16, .uint32, .uint64: "UInt" + rawValue.dropFirst(4)
        default: rawValue.prefix(1).uppercased() + rawValue.dropFirst()
        }
    }

    /// Whether it is a floating-point type.
    public var isFloating: Bool { self == .float || self == .double }

    /// Whether `text` is one of its integers.
    func holds(_ text: String) -> Bool {
        switch self {
        case .int8: Int8(text) != nil
        case .int16: Int16(text) != nil
        case .int32: Int32(text) != nil
        case .int64: Int64(text) != nil
        case .char, .uint8: UInt8(text) != nil
        case .uint16: UInt16(text) != nil
        case .uint32: UInt32(text) != nil
        case .uint64: UInt64(text) != nil
        case .float, .double: text == "NaN"
        }
    }
}

/// What a field holds, and so which Swift type it becomes.
public enum Kind: Equatable, Sendable {
    case primitive(Primitive)
    case text(length: Int)
    case instant, day, money, quantity, reference, ticker, flags, digest, boolean
    case enumeration(String)
    case set(String, Primitive)
    case composite(String, size: Int)

    /// Bytes on the wire.
    public var size: Int {
        switch self {
        case .primitive(let primitive), .set(_, let primitive): primitive.size
        case .text(let length): length
        case .day: 4
        case .flags, .boolean, .enumeration: 1
        case .instant, .money, .quantity, .reference, .ticker: 8
        case .digest: 32
        case .composite(_, let size): size
        }
    }

    /// The Swift type, not optional.
    public var swiftName: String {
        switch self {
        case .primitive(let primitive): primitive.swiftName
        case .text: "String"
        case .instant: "Instant"
        case .day: "Day"
        case .money: "Money"
        case .quantity: "Quantity"
        case .reference: "Reference"
        case .ticker: "Ticker"
        case .flags: "EventFlags"
        case .digest: "Digest"
        case .boolean: "Bool"
        case .enumeration(let name), .set(let name, _), .composite(let name, _): name
        }
    }
}

/// How a field says that it has no value.
public enum Null: Equatable, Sendable {
    /// The integer with this decimal text.
    case integer(String)
    /// Any NaN.
    case notANumber
    /// All bytes zero.
    case zeros

    /// Whether the Swift type is optional; a reference has `.none` instead.
    static func isOptional(_ null: Null?, _ kind: Kind) -> Bool {
        null != nil && kind != .reference
    }
}

/// A field of a message's block, of a group's entries or of a composite.
public struct Field: Equatable, Sendable {
    /// The name, also in Swift.
    public var name: String
    /// The id in the schema; 0 in a composite.
    public var id: Int
    /// What it holds.
    public var kind: Kind
    /// The name of its type as the schema writes it.
    public var typeName: String
    /// Its null, if it may have no value.
    public var null: Null?
    /// Bytes from the start of the block, entry or composite.
    public var offset: Int
    /// The schema version that it first appears in.
    public var sinceVersion = 0
    /// What it means.
    public var description: String?
    /// The line that declares it.
    public var line: Int

    /// Whether the Swift property is optional.
    public var isOptional: Bool { Null.isOptional(null, kind) }

    /// The Swift type, optional or not.
    public var swiftType: String { kind.swiftName + (isOptional ? "?" : "") }

    /// The offset behind it.
    public var end: Int { offset + kind.size }
}

/// A name and its number in an enum, or its bit in a set.
public struct Choice: Equatable, Sendable {
    /// The name, also in Swift.
    public var name: String
    /// The value, or the bit counted from 0.
    public var value: Int
    /// The schema version that it first appears in.
    public var sinceVersion = 0
    /// What it means.
    public var description: String?
    /// The line that declares it.
    public var line: Int
}

/// An enum or a set.
public struct Choices: Equatable, Sendable {
    /// The name, also in Swift.
    public var name: String
    /// The integer on the wire.
    public var encoding: Primitive
    /// The values or bits, in the schema's order.
    public var choices: [Choice]
    /// What it means.
    public var description: String?
    /// The line that declares it.
    public var line: Int

    /// Whether a value or bit was appended after version 0.
    public var isExtended: Bool { choices.contains { $0.sinceVersion > 0 } }
}

/// A composite that becomes a Swift struct.
public struct Composite: Equatable, Sendable {
    /// The name in the schema.
    public var name: String
    /// The name in Swift.
    public var swiftName: String
    /// Its members in order.
    public var members: [Field]
    /// What it means.
    public var description: String?
    /// The line that declares it.
    public var line: Int

    /// Bytes on the wire.
    public var size: Int { members.last?.end ?? 0 }
}

/// A repeating group of a message.
public struct Group: Equatable, Sendable {
    /// The name, also in Swift.
    public var name: String
    /// The name of one entry's struct: the singular.
    public var entryName: String
    /// The id in the schema.
    public var id: Int
    /// The fields of an entry.
    public var fields: [Field]
    /// What it means.
    public var description: String?
    /// The line that declares it.
    public var line: Int

    /// Bytes of an entry.
    public var blockLength: Int { fields.last?.end ?? 0 }
}

/// The variable-length field that may end a message.
public struct DataField: Equatable, Sendable {
    /// The name, also in Swift.
    public var name: String
    /// The id in the schema.
    public var id: Int
    /// What it means.
    public var description: String?
    /// The line that declares it.
    public var line: Int
}

/// A message.
public struct Message: Equatable, Sendable {
    /// The name, also in Swift.
    public var name: String
    /// The template id.
    public var id: Int
    /// The schema version that it first appears in.
    public var sinceVersion = 0
    /// The fields of the block.
    public var fields: [Field] = []
    /// The groups after the block.
    public var groups: [Group] = []
    /// The data field after the groups.
    public var data: DataField?
    /// What it means.
    public var description: String?
    /// The line that declares it.
    public var line: Int

    /// Bytes of the block in the newest version.
    public var blockLength: Int { fields.last?.end ?? 0 }

    /// The versions in which its block has another length than before, ascending.
    public var blockVersions: [Int] {
        Set(fields.map { max($0.sinceVersion, sinceVersion) }).sorted()
    }

    /// Bytes of the block in `version`.
    public func blockLength(inVersion version: Int) -> Int {
        fields.last { $0.sinceVersion <= version }?.end ?? 0
    }
}

/// A whole schema.
public struct Schema: Equatable, Sendable {
    /// The file it was read from.
    public var file: String
    /// The schema's id.
    public var id: Int
    /// The schema's version.
    public var version: Int
    /// Enums, inline ones included, in the schema's order.
    public var enums: [Choices] = []
    /// Sets in the schema's order.
    public var sets: [Choices] = []
    /// Composites that become structs.
    public var composites: [Composite] = []
    /// Messages, ascending by template id.
    public var messages: [Message] = []
}
