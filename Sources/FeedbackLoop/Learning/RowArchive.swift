import Events
import Learning

/// The rows whose labels are mature, as far back as a training may reach.
struct RowArchive: Sendable {
    /// What labels are measured by.
    let measure: LabelRules.Measure
    private(set) var mature = MatureRows()
    /// Trades that were made, by evaluation.
    private(set) var traded = Lookup<Reference, TradedOutcome>()
    /// The evaluations of those trades, in the order in which they came.
    private(set) var tradedSignals: [Reference] = []
    /// Why outcomes have no row, in the order in which they came.
    private(set) var unjoined: [UnusedRowReason] = []
    /// Rows that no training can reach any more.
    private(set) var forgotten = 0

    /// Sessions beyond what a training reaches that are kept.
    private static let spareSessions = 60

    init(_ measure: LabelRules.Measure) {
        self.measure = measure
    }

    /// What was kept of an archive.
    init(
        _ measure: LabelRules.Measure, mature: [TrainingRow],
        traded: [(signal: Reference, outcome: TradedOutcome)], unjoined: [UnusedRowReason],
        forgotten: Int
    ) {
        self.init(measure)
        self.mature += mature
        for trade in traded {
            self.traded[trade.signal] = trade.outcome
            tradedSignals.append(trade.signal)
        }
        (self.unjoined, self.forgotten) = (unjoined, forgotten)
    }

    mutating func add(_ rows: [TrainingRow]) { mature += rows }

    /// An outcome was recorded: joined to its evaluation by reference, or counted with the reason
    /// why it teaches nothing.
    mutating func add(_ outcome: OutcomeRecorded, _ reference: Reference, isEvaluated: Bool) {
        let obstacle = TradedOutcome.obstacle(
            to: outcome, isEvaluated: isEvaluated, isTaken: traded[outcome.signal] != nil,
            measure: measure)
        if let obstacle {
            unjoined.append(obstacle)
        } else {
            traded[outcome.signal] = TradedOutcome(outcome, reference, measure)
            tradedSignals.append(outcome.signal)
        }
    }

    /// Forgets, and counts, what lies before every training to come. What is left depends on the
    /// session alone, and not on when it was asked to forget before.
    mutating func prune(_ rules: TrainingRules, labelSessions: Int, session: Int) {
        // A window of so many days has at most so many sessions.
        let reach =
            max(rules.lookbackSessions, rules.outcomeWindowDays) + rules.holdoutSessions + 2
            * labelSessions
            + 2 * rules.embargoSessions + Self.spareSessions
        // In order of maturity, which is nearly that of decision: what is late waits for its turn.
        let reached =
            mature.rows.firstIndex { $0.session >= session - reach } ?? mature.rows.count
        mature.removeFirst(reached)
        forgotten += reached
    }
}
