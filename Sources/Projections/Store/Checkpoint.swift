public import EventLog
public import Events

/// How far a read model goes, and over which log; stored with its rows in one transaction.
public struct Checkpoint: Hashable, Sendable {
    /// How far the view was read.
    public var position: MergedPosition
    /// The log's own id.
    public var logID: Digest
    /// Seal of the commit that holds the last event read; zero before the first.
    public var logSeal: Digest
    /// The same of the timeline.
    public var timelineSeal: Digest
    /// The digest over all rows.
    public var digest: StateDigest

    /// Before the first event of a log.
    public init(logID: Digest) {
        position = .start
        self.logID = logID
        (logSeal, timelineSeal) = (.zero, .zero)
        digest = StateDigest()
    }
}

/// What `recount status` tells of one read model.
public struct ReadModelStatus: Hashable, Sendable {
    /// The projection.
    public var projection: String
    /// Its version.
    public var version: Int
    /// How far it goes.
    public var checkpoint: Checkpoint
    /// When it was written last, by the clock.
    public var updatedAt: String
    /// Events folded a second when it was last busy.
    public var eventsPerSecond: Double?
    /// Why it stopped, nil while all is well.
    public var error: String?
    /// Whether a process projects into it now.
    public var isRunning: Bool
    /// Bytes on disk.
    public var size: Int
}
