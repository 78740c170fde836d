public import EventLog
public import Events
public import FeedbackLoop

/// What people asked for, as a data log has it, and the appending of more.
///
/// An act is a fact of the data log: known when it is recorded. Saying the same again adds nothing.
public struct OperatorLedger: Sendable {
    /// A promotion or a rollback.
    public struct Change: Hashable, Sendable {
        /// Its position in the data log.
        public let position: UInt64
        /// The artefact that is to be champion; nil for a rollback.
        public let artefact: Digest?
    }

    /// What became of an act.
    public struct Recorded: Hashable, Sendable {
        /// Its position in the data log.
        public let position: UInt64
        /// When it was recorded; nil when it stood there before.
        public let recordedAt: Instant?
        /// The request that waits for a second person in its place; nil where the act is recorded.
        public internal(set) var request: UInt64?

        /// Whether it was added.
        public var isNew: Bool { recordedAt != nil }
        /// The id of that request; nil where the act is recorded.
        public var approval: String? { request.map { "d\($0)" } }
    }

    /// Every promotion and rollback, in order.
    public private(set) var changes: [Change] = []
    /// What needs a second person, and what became of each request.
    public private(set) var approvals = ApprovalBook()
    /// Trades by their natural key.
    private var trades: [String: RecordedTrade] = [:]
    private var folded: UInt64 = 0
    /// `simulated` where the data log's facts are.
    private var flags: EventFlags = []

    /// Nothing read yet.
    public init() {}

    /// Reads a data log up to its head, so that an append has little left to read.
    public mutating func read(_ log: some Log) throws {
        let head = try log.head().position
        guard head > folded else { return }
        var next = self
        try log.read(from: folded + 1, through: head, check: .checksum) { record in
            try next.take(record)
            return .proceed
        }
        self = next
    }

    private mutating func take(_ record: borrowing Record) throws {
        folded = record.position
        if folded == 1 {
            flags = try Envelope(message: record.message).flags.intersection(.simulated)
        }
        let template = try MessageHeader(record.message).templateID
        try approvals.take(record.message, at: record.position)
        if template == TradeRecorded.templateID {
            let trade = try TradeRecorded(message: record.message)
            trades[OperatorLedger.key(trade)] = RecordedTrade(
                position: record.position, trade: trade)
            return
        }
        guard template == ModelPromoted.templateID || template == ModelRolledBack.templateID,
            try Envelope(message: record.message).actor == .person
        else { return }
        let artefact =
            template == ModelPromoted.templateID
            ? try ModelPromotedView(record.message).artefact : nil
        changes.append(Change(position: record.position, artefact: artefact))
    }

    private mutating func read(_ batch: inout AppendBatch) throws {
        guard batch.head.position > folded else { return }
        var next = self
        try batch.read(from: folded + 1) { record in
            try next.take(record)
            return .proceed
        }
        self = next
    }

    /// Tells of a trade that was made elsewhere, each once: by its id or, without one, by all that
    /// is said of it. Its envelope is set here.
    ///
    /// - Throws: `OperatorRefusal` when the id names another trade already.
    public mutating func tell(
        of trade: TradeRecorded, in log: some Log, now: Instant
    ) throws -> Recorded {
        try append(in: log, now: now) { ledger, batch in
            var trade = trade
            trade.envelope = ledger.envelope(batch, now)
            if let known = ledger.trades[OperatorLedger.key(trade)] {
                trade.envelope = known.trade.envelope
                guard trade == known.trade else {
                    throw OperatorRefusal(
                        description: "trade \(trade.tradeID ?? "") was recorded otherwise at "
                            + "r\(known.position) of the data log: \(OperatorLedger.words(known.trade)); "
                            + "a fact is not changed, give the other trade another --id")
                }
                return known.position
            }
            batch.append(trade)
            return nil
        }
    }

    /// Asks for a training now, with what is wanted in place of the strategy's rules; a service
    /// makes up for one (`caughtUp`).
    public mutating func retrain(
        _ job: JobKind, _ terms: TrainingTerms = TrainingTerms(), who: String,
        trigger: JobTrigger = .manual, in log: some Log, now: Instant
    ) throws -> Recorded {
        try append(in: log, now: now) { ledger, batch in
            batch.append(
                JobStarted(
                    envelope: ledger.envelope(batch, now),
                    scheduledAt: batch.acted(at: now), job: job,
                    attempt: 0, trigger: trigger, who: WireText.fitted(who, length: 48)
                ).asking(for: terms))
            return nil
        }
    }

    /// The latest promotion or rollback; none before the first.
    var latest: Reference { changes.last.map { .own($0.position) } ?? .none }

    /// The envelope of an act that is recorded with a batch.
    func envelope(
        _ batch: borrowing AppendBatch, _ now: Instant, causation: Reference = .none
    ) -> Envelope {
        Envelope(
            knownAt: batch.acted(at: now), recordedAt: batch.now, causation: causation,
            actor: .person, flags: flags)
    }

    /// Decides under the writer's lock, with every change before it read. It gives the position
    /// where what is wanted stands already; nil where it is appended.
    mutating func append(
        in log: some Log, now: Instant,
        _ decide: (OperatorLedger, inout AppendBatch) throws -> UInt64?
    ) throws -> Recorded {
        var ledger = self
        let recorded = try log.append(now: now) { (batch: inout AppendBatch) in
            try ledger.read(&batch)
            if let position = try decide(ledger, &batch) {
                return Recorded(position: position, recordedAt: nil)
            }
            return Recorded(position: batch.nextPosition - 1, recordedAt: batch.now)
        }
        self = ledger
        return recorded
    }
}

extension AppendBatch {
    /// When an act becomes known that somebody does at an instant: then, where the log was written
    /// last by a clock that is far ahead of it; else with the batch, so that acts keep their order.
    func acted(at now: Instant) -> Instant {
        now.adding(seconds: 60) < self.now ? now : self.now
    }
}

extension OperatorLedger {
    /// A trade that was told of.
    struct RecordedTrade: Sendable {
        let position: UInt64
        let trade: TradeRecorded
    }

    /// The natural key of a trade.
    static func key(_ trade: TradeRecorded) -> String {
        trade.tradeID.map { "id \($0)" } ?? words(trade)
    }

    /// What is said of a trade.
    static func words(_ trade: TradeRecorded) -> String {
        "\(trade.ticker) \(trade.direction) of \(trade.quantity.shares) shares, "
            + "\(trade.enteredAt.map { "\($0)" } ?? "entered nobody knows when") at "
            + "\(trade.entryPrice), \(trade.exitedAt.map { "\($0)" } ?? "left since") at "
            + "\(trade.exitPrice)"
    }
}

/// Why an act is not recorded: what happened and what to do.
public struct OperatorRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// All of it.
    public let description: String
}
