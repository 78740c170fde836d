import Events
import Learning

/// The rows whose labels are mature, as far back as a training may reach.
struct RowArchive: Sendable {
    /// In order of maturity.
    private(set) var ripe: [TrainingRow] = []
    /// Trades that were made, by evaluation.
    private(set) var traded = Lookup<Reference, TradedOutcome>()
    /// Rows that no training can reach any more.
    private(set) var forgotten = 0

    /// Sessions beyond what a training reaches that are kept.
    private static let spareSessions = 60

    mutating func add(_ rows: [TrainingRow]) { ripe += rows }

    mutating func add(_ outcome: OutcomeRecorded, _ reference: Reference) {
        guard outcome.signal != .none, let entryDay = outcome.entryDay else { return }
        let sign: Double = outcome.direction == .short ? -1 : 1
        traded[outcome.signal] = TradedOutcome(
            outcome: reference, longReturn: sign * outcome.netReturn,
            dollars: outcome.returnDollars.dollars, entryDay: entryDay)
    }

    /// Forgets, and counts, what lies before every training to come.
    mutating func prune(_ rules: TrainingRules, ripening: Int, session: Int) {
        let reach =
            rules.lookbackSessions + rules.holdoutSessions + 2 * ripening
            + 2 * rules.embargoSessions + Self.spareSessions
        // In order of maturity, which is nearly that of decision: what is late waits for its turn.
        let reached = ripe.firstIndex { $0.session >= session - reach } ?? ripe.count
        ripe.removeFirst(reached)
        forgotten += reached
    }
}
