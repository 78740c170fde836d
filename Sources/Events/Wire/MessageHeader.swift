/// The eight bytes that every message begins with.
@frozen
public struct MessageHeader: Equatable, Sendable {
    /// Bytes that a header takes.
    public static let size = 8

    /// Bytes of the block that follows the header.
    public var blockLength: UInt16
    /// Which message it is.
    public var templateID: UInt16
    /// Which schema it belongs to.
    public var schemaID: UInt16
    /// The version of the schema that it was written with.
    public var version: UInt16

    /// Takes the four numbers.
    @inlinable
    public init(blockLength: UInt16, templateID: UInt16, schemaID: UInt16, version: UInt16) {
        self.blockLength = blockLength
        self.templateID = templateID
        self.schemaID = schemaID
        self.version = version
    }

    /// Reads the header of a message; all that it checks is that eight bytes are there.
    @inlinable
    public init(_ message: RawSpan) throws(DecodingError) {
        guard message.byteCount >= Self.size else {
            throw .truncated(count: message.byteCount, needed: Self.size)
        }
        self.blockLength = message.bits(UInt16.self, at: 0)
        self.templateID = message.bits(UInt16.self, at: 2)
        self.schemaID = message.bits(UInt16.self, at: 4)
        self.version = message.bits(UInt16.self, at: 6)
    }

    /// The end of the block in `message`, after checking that schema, template and length are
    /// what a reader needs.
    ///
    /// - Parameter needed: bytes that the block has in this header's version, or in the newest
    ///   version that the reader knows.
    @inlinable
    func blockEnd(
        in message: RawSpan, templateID expected: UInt16, schemaID: UInt16, needed: Int
    ) throws(DecodingError) -> Int {
        guard self.schemaID == schemaID else {
            throw .schema(found: self.schemaID, expected: schemaID)
        }
        guard templateID == expected else {
            throw .template(found: templateID, expected: expected)
        }
        guard Int(blockLength) >= needed else {
            throw .blockTooShort(found: Int(blockLength), needed: needed)
        }
        let end = Self.size + Int(blockLength)
        guard end <= message.byteCount else {
            throw .truncated(count: message.byteCount, needed: end)
        }
        return end
    }
}

/// Where a repeating group's entries lie in a message.
@frozen
@usableFromInline
struct GroupExtent {
    /// Bytes of a group's own header: blockLength and numInGroup.
    @usableFromInline static let headerSize = 4

    /// Offset of the first entry.
    @usableFromInline let start: Int
    /// Bytes from one entry to the next.
    @usableFromInline let stride: Int
    /// Number of entries.
    @usableFromInline let count: Int

    /// Reads the group header at `end`, checks that all entries fit, and moves `end` behind them.
    @inlinable
    init(_ message: RawSpan, end: inout Int, needed: Int) throws(DecodingError) {
        let start = end + 4
        guard start <= message.byteCount else {
            throw .truncated(count: message.byteCount, needed: start)
        }
        let stride = Int(message.bits(UInt16.self, at: end))
        let count = Int(message.bits(UInt16.self, at: end + 2))
        guard count == 0 || stride >= needed else {
            throw .groupBlockTooShort(found: stride, needed: needed)
        }
        end = start + stride * count
        guard end <= message.byteCount else {
            throw .truncated(count: message.byteCount, needed: end)
        }
        self.start = start
        self.stride = stride
        self.count = count
    }
}

extension RawSpan {
    /// The range of the data field whose length stands at `end`; moves `end` behind it.
    @inlinable
    func dataExtent(end: inout Int) throws(DecodingError) -> Range<Int> {
        let start = end + 4
        guard start <= byteCount else { throw .truncated(count: byteCount, needed: start) }
        end = start + Int(bits(UInt32.self, at: start - 4))
        guard end <= byteCount else { throw .truncated(count: byteCount, needed: end) }
        return start..<end
    }

    /// Demands that the message ends where its parts do.
    @inlinable
    func checkEnd(_ end: Int) throws(DecodingError) {
        guard end == byteCount else { throw .trailingBytes(count: byteCount, end: end) }
    }
}
