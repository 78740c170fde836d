public import Events
import Foundation

/// A log in memory, for tests and fast replays: the twin of `EventLog`, with the same seals.
public final class MemoryLog: Log, @unchecked Sendable {
    /// What the log says of itself.
    public let identity: LogIdentity

    // Guarded by `changed`: the arena and the commits; appenders hold `appending` as well.
    private let changed = NSCondition()
    private let appending = NSLock()
    private var arena = RecordArena()
    private var sealed: [Commit] = []

    /// An empty log.
    public init(identity: LogIdentity) {
        self.identity = identity
    }

    /// How far the log goes.
    public func head() -> LogHead {
        locked { sealed.last?.head ?? .empty }
    }

    /// Lends the records from a position on, in order; no checksum is compared.
    public func read(
        from first: UInt64 = 1, through last: UInt64 = .max, check: RecordCheck = .checksum,
        _ body: (borrowing Record) throws -> ReadControl
    ) throws {
        let arena = locked { self.arena }
        try arena.read(from: max(first, 1), through: last, body)
    }

    /// Every commit from the one that begins at or after `first`.
    public func commits(from first: UInt64 = 1) -> [Commit] {
        locked { sealed.filter { $0.first >= first } }
    }

    /// Decides and appends; what `body` throws undoes its batch, an empty batch is no commit.
    @discardableResult
    public func append<Result>(
        now: Instant, _ body: (inout AppendBatch) throws -> Result
    ) throws -> Result {
        guard identity.kind.isAppended else {
            throw LogError.sealed(path: "memory", kind: identity.kind)
        }
        appending.lock()
        defer { appending.unlock() }
        var (head, arena) = locked { (sealed.last?.head ?? .empty, self.arena) }
        var batch = AppendBatch(
            head: head, now: max(now, head.recordedAt), committed: .arena(arena))
        let result = try body(&batch)
        if let refusal = batch.refusal(path: "memory") { throw refusal }
        guard batch.count > 0 else { return result }
        var content = ContentHasher()
        var start = 0
        for end in batch.ends {
            let position = UInt64(arena.count) + 1
            arena.append(
                content.append(batch.buffer.bytes.extracting(start..<end), at: position))
            start = end
        }
        let commit = Commit(
            first: head.position + 1, count: UInt64(batch.count), recordedAt: batch.now,
            content: content.finish(), previous: head.seal)
        head = commit.head
        locked {
            self.arena = arena
            sealed.append(commit)
            changed.broadcast()
        }
        return result
    }

    /// Waits until the log is beyond a position or the seconds are over; returns the head.
    public func waitForHead(beyond position: UInt64, seconds: Double) -> LogHead {
        let deadline = Date(timeIntervalSinceNow: seconds)
        return locked {
            while (sealed.last?.head.position ?? 0) <= position, changed.wait(until: deadline) {}
            return sealed.last?.head ?? .empty
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        changed.lock()
        defer { changed.unlock() }
        return body()
    }
}
