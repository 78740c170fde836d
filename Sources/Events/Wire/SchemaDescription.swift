/// What table-driven code needs to know of a message.
public struct MessageDescription: Sendable {
    /// The name in the schema.
    public let name: String
    /// The template id.
    public let id: UInt16
    /// Bytes of the block in the newest version.
    public let blockLength: Int
    /// The block's fields in order.
    public let fields: [FieldDescription]
    /// The groups in order.
    public let groups: [GroupDescription]
    /// The name of the data field, if there is one.
    public let data: String?
    /// The version that it first appears in.
    public let sinceVersion: UInt16

    init(
        _ name: String, id: UInt16, blockLength: Int, fields: [FieldDescription],
        groups: [GroupDescription], data: String?, since: UInt16 = 0
    ) {
        self.name = name
        self.id = id
        self.blockLength = blockLength
        self.fields = fields
        self.groups = groups
        self.data = data
        self.sinceVersion = since
    }
}

/// A repeating group.
public struct GroupDescription: Sendable {
    /// The name in the schema.
    public let name: String
    /// Bytes of an entry.
    public let blockLength: Int
    /// An entry's fields in order.
    public let fields: [FieldDescription]

    init(_ name: String, blockLength: Int, fields: [FieldDescription]) {
        self.name = name
        self.blockLength = blockLength
        self.fields = fields
    }
}

/// A field of a block, of a group's entries or of a composite.
public struct FieldDescription: Sendable {
    /// The name in the schema.
    public let name: String
    /// Bytes from the start of the block, entry or composite.
    public let offset: Int
    /// What it holds.
    public let kind: FieldKind
    /// What says that it has no value; nil when it always has one.
    public let null: FieldNull?
    /// The version that it first appears in.
    public let sinceVersion: UInt16

    init(
        _ name: String, at offset: Int, _ kind: FieldKind, null: FieldNull? = nil,
        since: UInt16 = 0
    ) {
        self.name = name
        self.offset = offset
        self.kind = kind
        self.null = null
        self.sinceVersion = since
    }
}

/// How a field says that it has no value.
public enum FieldNull: Sendable {
    /// The integer with this bit pattern.
    case bits(UInt64)
    /// Any NaN.
    case notANumber
    /// All bytes zero.
    case zeros
}

/// What a field holds.
public indirect enum FieldKind: Sendable {
    case int8, int16, int32, int64, uint8, uint16, uint32, uint64, float, double
    case instant, day, money, quantity, reference, ticker, flags, digest, boolean
    /// Characters padded with zeros.
    case text(length: Int)
    /// One of these values, as a byte.
    case enumeration([ChoiceDescription])
    /// Any of these bits, in an integer of `size` bytes.
    case set([ChoiceDescription], size: Int)
    /// A composite of `size` bytes.
    case composite([FieldDescription], size: Int)

    /// Bytes on the wire.
    public var size: Int {
        switch self {
        case .int8, .uint8, .flags, .boolean, .enumeration: 1
        case .int16, .uint16: 2
        case .int32, .uint32, .float, .day: 4
        case .int64, .uint64, .double, .instant, .money, .quantity, .reference, .ticker: 8
        case .digest: 32
        case .text(let length): length
        case .set(_, let size), .composite(_, let size): size
        }
    }
}

/// A value of an enum, or a bit of a set.
public struct ChoiceDescription: Sendable {
    /// The value, or the bit counted from 0.
    public let value: UInt8
    /// The name in the schema.
    public let name: String
    /// The version that it first appears in.
    public let sinceVersion: UInt16

    init(_ value: UInt8, _ name: String, since: UInt16 = 0) {
        self.value = value
        self.name = name
        self.sinceVersion = since
    }
}
