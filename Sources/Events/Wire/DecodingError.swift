/// Why bytes are not the message that they were taken for.
///
/// Checks run in the order of the cases; the first that fails is reported.
public enum DecodingError: Error, Equatable, Sendable {
    /// The bytes end at `count`, before something that needs them up to `needed`.
    case truncated(count: Int, needed: Int)
    /// The header names another schema.
    case schema(found: UInt16, expected: UInt16)
    /// The header names another message.
    case template(found: UInt16, expected: UInt16)
    /// The block is shorter than the header's version makes it.
    case blockTooShort(found: Int, needed: Int)
    /// A group's entries are shorter than the first version made them.
    case groupBlockTooShort(found: Int, needed: Int)
    /// Bytes follow the last part of the message.
    case trailingBytes(count: Int, end: Int)
}

extension DecodingError: CustomStringConvertible {
    /// What is wrong with the bytes, in one sentence.
    public var description: String {
        switch self {
        case .truncated(let count, let needed):
            "the message has \(count) bytes but needs at least \(needed)"
        case .schema(let found, let expected):
            "the header names schema \(found), not Recount's schema \(expected)"
        case .template(let found, let expected):
            "the header names template \(found), not template \(expected)"
        case .blockTooShort(let found, let needed):
            "the block has \(found) bytes but its version needs at least \(needed)"
        case .groupBlockTooShort(let found, let needed):
            "a group's entries have \(found) bytes but need at least \(needed)"
        case .trailingBytes(let count, let end):
            "the message has \(count) bytes but its parts end at \(end)"
        }
    }
}
