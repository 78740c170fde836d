extension Envelope {
    /// Reads only the envelope of a message, whichever message it is.
    @inlinable
    public init(message: RawSpan) throws(DecodingError) {
        let header = try MessageHeader(message)
        guard Int(header.blockLength) >= 48 else {
            throw .blockTooShort(found: Int(header.blockLength), needed: 48)
        }
        guard message.byteCount >= MessageHeader.size + 48 else {
            throw .truncated(count: message.byteCount, needed: MessageHeader.size + 48)
        }
        self.init(message, at: MessageHeader.size)
    }
}
