public import Events
public import Learning
import Market

/// The rows of a run, read back from its events and its timeline as far as one likes.
///
/// It is fed in the order of the log: each session, then what was recorded after it. What it gives
/// is what a training job of that moment takes: the same labels, the same cut.
public struct TrainingHistory: Sendable {
    /// The settings of the run.
    public let configuration: LoopConfiguration
    /// Rows whose labels are not mature.
    public private(set) var immature: ImmatureRows

    private var archive: RowArchive
    private var evaluated = PositionSet()

    /// Nothing read yet.
    public init(_ configuration: LoopConfiguration) {
        self.configuration = configuration
        archive = RowArchive(configuration.labelReturn)
        immature = ImmatureRows(
            rules: configuration.labelRules, rangeSessions: configuration.atrSessions)
    }

    /// Rows whose labels are mature, or that have none, in order of maturity, as far as they are
    /// not forgotten.
    public var mature: [TrainingRow] { archive.mature.rows }

    /// The outcome that was joined to an evaluation.
    public func traded(_ signal: Reference) -> TradedOutcome? { archive.traded[signal] }

    /// An index closed.
    public mutating func close(_ event: borrowing IndexClosedView) {
        immature.close(event)
    }

    /// A corporate action became known.
    public mutating func announce(_ event: borrowing CorporateActionAnnouncedView) {
        immature.announce(event)
    }

    /// A session closed.
    public mutating func close(_ event: borrowing SessionClosedView) {
        archive.add(immature.close(event))
    }

    /// An evaluation was recorded after the latest session.
    public mutating func add(_ row: TrainingRow) {
        evaluated.insert(row.signal.position)
        immature.add(row)
    }

    /// An outcome was recorded.
    public mutating func add(_ outcome: OutcomeRecorded, _ reference: Reference) {
        let signal = outcome.signal
        archive.add(
            outcome, reference,
            isEvaluated: !signal.isTimeline && evaluated.contains(signal.position))
    }

    /// The set that a training of the schedule takes now; rows that none can reach any more are
    /// forgotten.
    public mutating func trainingSet(useOutcomes: Bool) -> TrainingSet {
        trainingSet(TrainingTerms(), useOutcomes ? .feedbackRetraining : .training)
    }

    /// The set that a request takes that was recorded now.
    public mutating func trainingSet(_ request: TrainingRequested) -> TrainingSet {
        trainingSet(TrainingTerms(request), request.job)
    }

    private mutating func trainingSet(_ terms: TrainingTerms, _ job: JobKind) -> TrainingSet {
        OutcomeToTrainingSet.cut(
            &archive, immature.labels, configuration, session: immature.session, terms, job)
    }

    /// All that a history is taken up from again, beside the rows that are not mature.
    public struct Kept: Sendable {
        /// Rows whose labels are mature, or that have none, in order of maturity.
        public var mature: [TrainingRow]
        /// Trades that were made, by evaluation, in the order in which they came.
        public var traded: [(signal: Reference, outcome: TradedOutcome)]
        /// Why outcomes have no row, in the order in which they came.
        public var unjoined: [UnusedRowReason]
        /// Rows that no training can reach any more.
        public var forgotten: Int
        /// Evaluations that were read: a bit for each position of their log.
        public var evaluated: [UInt64]

        /// What was kept, from its parts.
        public init(
            mature: [TrainingRow], traded: [(signal: Reference, outcome: TradedOutcome)],
            unjoined: [UnusedRowReason], forgotten: Int, evaluated: [UInt64]
        ) {
            (self.mature, self.traded, self.unjoined) = (mature, traded, unjoined)
            (self.forgotten, self.evaluated) = (forgotten, evaluated)
        }
    }

    /// What the history is taken up from again.
    public var kept: Kept {
        Kept(
            mature: archive.mature.rows,
            traded: archive.tradedSignals.compactMap { signal in
                archive.traded[signal].map { (signal, $0) }
            }, unjoined: archive.unjoined, forgotten: archive.forgotten,
            evaluated: evaluated.words)
    }

    /// A history that goes on from what was kept.
    public init(_ configuration: LoopConfiguration, immature: ImmatureRows, kept: Kept) {
        self.configuration = configuration
        self.immature = immature
        archive = RowArchive(
            configuration.labelReturn, mature: kept.mature, traded: kept.traded,
            unjoined: kept.unjoined, forgotten: kept.forgotten)
        evaluated = PositionSet(words: kept.evaluated)
    }
}
