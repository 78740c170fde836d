public import Events
import LMDB
import Synchronization

extension EventLog {
    /// Decides and appends under the writer's lock, durably: returns when it is on the disk.
    ///
    /// `body` sees the head that it appends to; what it throws undoes the batch. An empty batch
    /// commits nothing.
    @discardableResult
    public func append<Result>(
        now: Instant, _ body: (inout AppendBatch) throws -> Result
    ) throws -> Result {
        try appending.withLock { _ in
            let transaction = try environment.beginWrite()
            let head = try lastHead(transaction)
            var batch = AppendBatch(head: head, now: max(now, head.recordedAt))
            let result = try body(&batch)
            guard !batch.ends.isEmpty else { return result }
            var writer = RecordWriter(head: head, trees: trees)
            var start = 0
            for end in batch.ends {
                try writer.append(
                    batch.buffer.bytes.extracting(start..<end), to: transaction)
                start = end
            }
            try writer.commit(recordedAt: batch.now, to: transaction)
            try transaction.commit()
            return result
        }
    }

    private func lastHead(_ transaction: borrowing WriteTransaction) throws -> LogHead {
        var cursor = try transaction.cursor(trees.seals)
        guard try cursor.last() else { return .empty }
        guard let commit = Commit(first: cursor.integerKey, stored: cursor.bytes) else {
            throw LogError.brokenSeal(path: path, first: cursor.integerKey)
        }
        return commit.head
    }
}

/// The events of one commit in the making.
public struct AppendBatch: ~Copyable {
    /// The head that the batch is appended to.
    public let head: LogHead
    /// When the batch is recorded: the clock, or the commit before it if that is later.
    public let now: Instant
    var buffer = EventBuffer(capacity: 1 << 16)
    var ends: [Int] = []

    init(head: LogHead, now: Instant) {
        self.head = head
        self.now = now
    }

    /// Position that the next event gets.
    public var nextPosition: UInt64 { head.position + UInt64(ends.count) + 1 }

    /// Number of events so far.
    public var count: Int { ends.count }

    /// Bytes so far.
    public var byteCount: Int { buffer.count }

    /// Puts a message that is encoded already behind the others; returns its position.
    @discardableResult
    public mutating func append(encoded message: RawSpan) -> UInt64 {
        let position = nextPosition
        buffer.append(contentsOf: message)
        ends.append(buffer.count)
        return position
    }

    /// Puts an event behind the others; returns its position.
    @discardableResult
    public mutating func append(_ event: some EventMessage) -> UInt64 {
        let position = nextPosition
        event.encode(into: &buffer)
        ends.append(buffer.count)
        return position
    }
}
