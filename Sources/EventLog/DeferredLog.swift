public import Events
import Foundation
import Synchronization

/// A log that is opened or made with its first append: an import that refuses its file leaves no
/// folder behind, and one that only rehearses writes nothing at all.
public final class DeferredLog: Log {
    /// What becomes of appends.
    public enum Mode: Sendable {
        /// They are made, in the log that this opens or makes.
        case open(@Sendable () throws -> EventLog)
        /// They are decided as ever, and forgotten.
        case rehearse
        /// They are decided as ever, and kept in a log of their own, in memory.
        case keep(MemoryLog)
    }

    private let existing: EventLog?
    private let mode: Mode
    private let opened: Mutex<EventLog?>

    /// A log over the one that is there, if one is.
    public init(existing: EventLog?, _ mode: Mode) {
        (self.existing, self.mode) = (existing, mode)
        opened = Mutex(nil)
    }

    /// Whether what is appended is forgotten.
    public var isRehearsal: Bool {
        if case .rehearse = mode { true } else { false }
    }

    private var present: EventLog? { opened.withLock { $0 } ?? existing }

    /// The log appends go to; nil while none was made.
    private func log() throws -> EventLog? {
        switch mode {
        case .rehearse, .keep: return existing
        case .open(let open):
            return try opened.withLock { log in
                if let log { return log }
                let made = try open()
                log = made
                return made
            }
        }
    }

    /// What the log says of itself; of one that is not made yet its kind alone.
    public var identity: LogIdentity {
        present?.identity ?? LogIdentity(kind: .data, logID: .zero, schemaVersion: 0)
    }

    /// How far the log goes.
    public func head() throws -> LogHead { try present?.head() ?? .empty }

    /// Lends the records from a position on, in order.
    public func read(
        from first: UInt64, through last: UInt64, check: RecordCheck,
        _ body: (borrowing Record) throws -> ReadControl
    ) throws {
        try present?.read(from: first, through: last, check: check, body)
    }

    /// Every commit from the one that begins at or after `first`.
    public func commits(from first: UInt64) throws -> [Commit] {
        try present?.commits(from: first) ?? []
    }

    /// Decides and appends; a rehearsal decides and forgets.
    @discardableResult
    public func append<Result>(
        now: Instant, _ body: (inout AppendBatch) throws -> Result
    ) throws -> Result {
        if case .open = mode, let log = try log() { return try log.append(now: now, body) }
        let head = try head()
        var batch = AppendBatch(
            head: head, now: max(now, head.recordedAt),
            committed: existing.map { .log($0) } ?? .arena(RecordArena()))
        let result = try body(&batch)
        if let refusal = batch.refusal(path: existing?.path ?? "a rehearsal") { throw refusal }
        if case .keep(let memory) = mode {
            try memory.append(now: batch.now) { (kept: inout AppendBatch) in
                var start = 0
                for end in batch.ends {
                    kept.append(encoded: batch.buffer.bytes.extracting(start..<end))
                    start = end
                }
            }
        }
        return result
    }

    /// Waits until the log is beyond a position or the seconds are over; returns the head.
    public func waitForHead(beyond position: UInt64, seconds: Double) throws -> LogHead {
        try present?.waitForHead(beyond: position, seconds: seconds) ?? .empty
    }
}
