public import Events

/// The seals that a log would have, without the log: for replays that are not kept.
public struct SealChain: ~Copyable {
    /// Head as of the last commit.
    public private(set) var head = LogHead.empty
    private var next: UInt64 = 1
    private var content = ContentHasher()

    /// The chain of an empty log.
    public init() {}

    /// Takes a message behind the others.
    public mutating func append(_ message: RawSpan) {
        _ = content.append(message, at: next)
        next += 1
    }

    /// Ends a commit; one without events is nothing.
    public mutating func commit(recordedAt: Instant) {
        guard next > head.position + 1 else { return }
        precondition(recordedAt >= head.recordedAt, "commits are recorded in order of time")
        let first = head.position + 1
        head =
            Commit(
                first: first, count: next - first, recordedAt: recordedAt,
                content: content.finish(), previous: head.seal
            ).head
    }
}
