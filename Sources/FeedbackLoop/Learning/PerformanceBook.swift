import Events
import Learning

/// What happened while the present champion was one, as far back as its record looks.
struct PerformanceBook: Sendable {
    /// A session's end, and its signals.
    struct Session: Sendable {
        let day: Day
        var value = 0.0
        var index: Double?
        var generated = 0
        var traded = 0
        var skipped = 0
    }

    /// A trade that was entered on this champion's word and is closed.
    struct Trade: Sendable {
        let exitDay: Day
        let netReturn: Double
        let confidence: Double
        let isWin: Bool
    }

    /// What the champion said of an evaluation.
    struct Prediction: Sendable {
        let model: Reference
        let probabilities: TreeEnsemble.Probabilities
    }

    /// The champion that the record is of.
    private(set) var champion = Reference.none
    /// The session whose record was evaluated last; nil before the first.
    private(set) var evaluatedOn: Day?
    private(set) var sessions: [Session] = []
    private(set) var trades: [Trade] = []
    private(set) var judged: [(day: Day, predicted: Prediction, label: OutcomeClass)] = []
    private var waiting = Awaited<Prediction>()

    /// A session closed under a champion, or without one; another champion begins a new record.
    mutating func close(
        _ day: Day, under champion: Reference, value: Double, index: Double?, keep: Day
    ) {
        if champion != self.champion {
            self.champion = champion
            (sessions, trades, judged) = ([], [], [])
        }
        guard champion != .none else { return }
        sessions.append(Session(day: day, value: value, index: index))
        sessions.removeAll { $0.day < keep }
        trades.removeAll { $0.exitDay < keep }
        judged.removeAll { $0.day < keep }
    }

    /// What the portfolio was worth before is another portfolio's: trades and labels stay.
    mutating func forgetSessions() { sessions = [] }

    mutating func expect(_ predicted: Prediction, _ signal: Reference) {
        waiting.add(predicted, for: signal)
    }

    /// Labels that became mature in the session of a day.
    mutating func mature(_ rows: [TrainingRow], on day: Day) {
        for (predicted, row) in waiting.take(rows) where predicted.model == champion {
            if let label = row.label { judged.append((day, predicted, label.outcome)) }
        }
    }

    mutating func close(_ trade: Trade, under model: Reference) {
        if model == champion, champion != .none { trades.append(trade) }
    }

    mutating func apply(_ event: ModelPerformanceEvaluated) { evaluatedOn = event.day }

    mutating func countGenerated() { count { $0.generated += 1 } }
    mutating func countTraded() { count { $0.traded += 1 } }
    mutating func countSkipped() { count { $0.skipped += 1 } }

    private mutating func count(_ change: (inout Session) -> Void) {
        guard let last = sessions.indices.last else { return }
        change(&sessions[last])
    }
}
