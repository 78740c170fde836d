/// An owned event, one struct for each message of the schema.
public protocol EventMessage: Equatable, Sendable {
    /// The number that the header names the message by; never reused.
    static var templateID: UInt16 { get }
    /// The name in the schema.
    static var messageName: String { get }
    /// Bytes of the fixed block in the newest version of the schema.
    static var blockLength: UInt16 { get }

    /// When, why and by whom the event was recorded.
    var envelope: Envelope { get set }

    /// Appends header, block, groups and data to `buffer`.
    ///
    /// The header names the oldest version of the schema that holds the values: later fields
    /// without a value are left off, so that a schema that grows changes no byte of what it could
    /// say before.
    ///
    /// - Precondition: every value fits its field: no `unrecognised` enum value, no number that
    ///   is the field's null, texts that fit, at most 65,534 entries in a group.
    func encode(into buffer: inout EventBuffer)

    /// Copies a message out of its bytes, header included.
    init(message: RawSpan) throws(DecodingError)

    /// Hands the event, which stands at `position`, to a fold.
    func apply<Fold: EventFold>(
        to fold: inout Fold, at position: UInt64, _ context: borrowing Fold.Context)
}

extension EventMessage {
    /// Nothing: no fold knows a message of another schema.
    public func apply<Fold: EventFold>(
        to fold: inout Fold, at position: UInt64, _ context: borrowing Fold.Context
    ) {}

    /// Copies a message out of an array of its bytes, header included.
    public init(bytes: [UInt8]) throws(DecodingError) {
        let span = bytes.span
        try self.init(message: span.bytes)
    }

    /// The message's bytes, header included.
    public func encoded() -> [UInt8] {
        var buffer = EventBuffer()
        encode(into: &buffer)
        return buffer.copyBytes()
    }
}
