public import Events

/// An append-only, gapless, sealed sequence of events: on disk (`EventLog`) or in memory
/// (`MemoryLog`). Given the same batches at the same instants both have the same seals.
public protocol Log: Sendable {
    /// What the log says of itself.
    var identity: LogIdentity { get }

    /// How far the log goes; all of it is durable, where the log is.
    func head() throws -> LogHead

    /// Lends the records from `first` to `last` in order, until the log ends or `body` says stop.
    func read(
        from first: UInt64, through last: UInt64, check: RecordCheck,
        _ body: (borrowing Record) throws -> ReadControl
    ) throws

    /// Every commit from the one that begins at or after `first`.
    func commits(from first: UInt64) throws -> [Commit]

    /// Decides and appends; what `body` throws undoes its batch, an empty batch is no commit.
    @discardableResult
    func append<Result>(
        now: Instant, _ body: (inout AppendBatch) throws -> Result
    ) throws -> Result

    /// Waits until the log is beyond a position or the seconds are over; returns the head.
    func waitForHead(beyond position: UInt64, seconds: Double) throws -> LogHead
}

extension EventLog: Log {
    /// Every commit.
    public func commits() throws -> [Commit] { try commits(from: 1) }
}
