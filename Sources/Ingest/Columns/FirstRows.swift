import EventLog
import Events

/// A log in memory that keeps the first commit with facts and then ends the import: what a file
/// is taken for is told by its first rows, however many follow.
final class FirstRows: Log {
    /// Thrown when there is enough.
    struct Enough: Error {}

    private let log: MemoryLog

    init() {
        log = MemoryLog(
            identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: EventSchema.version))
    }

    /// Imports into it, until there is enough.
    func fill(_ body: (FirstRows) throws -> Void) throws {
        do { try body(self) } catch is Enough {}
    }

    var identity: LogIdentity { log.identity }

    func head() -> LogHead { log.head() }

    func read(
        from first: UInt64, through last: UInt64, check: RecordCheck,
        _ body: (borrowing Record) throws -> ReadControl
    ) throws {
        try log.read(from: first, through: last, check: check, body)
    }

    func commits(from first: UInt64) -> [Commit] { log.commits(from: first) }

    func append<Result>(
        now: Instant, _ body: (inout AppendBatch) throws -> Result
    ) throws -> Result {
        let result = try log.append(now: now, body)
        var hasFact = false
        try log.read { record in
            let template = try MessageHeader(record.message).templateID
            hasFact =
                template != DisclosureRejected.templateID
                && template != PricesRejected.templateID
            return hasFact ? .stop : .proceed
        }
        if hasFact { throw Enough() }
        return result
    }

    func waitForHead(beyond position: UInt64, seconds: Double) -> LogHead {
        log.waitForHead(beyond: position, seconds: seconds)
    }
}
