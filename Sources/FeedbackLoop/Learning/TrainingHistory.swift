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
    private var evaluated = Lookup<Reference, Bool>()

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

    /// A session closed.
    public mutating func close(_ event: borrowing SessionClosedView) {
        archive.add(immature.close(event))
    }

    /// An evaluation was recorded after the latest session.
    public mutating func add(_ row: TrainingRow) {
        evaluated[row.signal] = true
        immature.add(row)
    }

    /// An outcome was recorded.
    public mutating func add(_ outcome: OutcomeRecorded, _ reference: Reference) {
        archive.add(outcome, reference, isEvaluated: evaluated[outcome.signal] != nil)
    }

    /// The set that a training takes now; rows that none can reach any more are forgotten.
    public mutating func trainingSet(useOutcomes: Bool) -> TrainingSet {
        OutcomeToTrainingSet.cut(
            &archive, immature.labels, configuration, session: immature.session,
            useOutcomes: useOutcomes)
    }
}
