import Events
import Learning
import Pipeline

/// The five things by which the first replaced system would have called itself a success, each met,
/// not met or insufficient, with its figure.
struct SuccessCriteria: Sendable {
    /// One of them.
    struct Criterion: Sendable {
        /// What was promised.
        var promise: String
        /// What the run says of it.
        var state: RetrainingCycle.Target
        /// The figure it hangs on.
        var figure: String
        /// Its name in JSON.
        var key: String
    }

    /// In the order in which they were promised.
    let all: [Criterion]

    /// Fewest monthly jobs, and fewest moves of the weight, of which anything is said.
    static let fewestJobs = 12
    static let fewestMoves = 10

    /// The criteria of a run; nil for one that never retrained by itself.
    init?(_ report: BacktestReport) {
        guard report.learning.monthly.due > 0 else { return nil }
        let later = LaterCycles(report)
        all = [
            SuccessCriteria.winRate(later), SuccessCriteria.sharpe(later),
            SuccessCriteria.monthly(report.learning.monthly),
            SuccessCriteria.promotions(report), SuccessCriteria.weight(report.learning.weights),
        ]
    }

    /// The sessions from the second successful training with outcomes on.
    private struct LaterCycles {
        var sessions = 0
        var trades = 0
        var wins = 0
        var sharpe: Double?
        var intervals: (sharpe: Interval?, winRate: Interval?) = (nil, nil)
        var scarcity: Scarcity?

        init(_ report: BacktestReport) {
            let second = report.learning.trainings.dropFirst(RetrainingCycle.pooledFrom - 1).first
            let start = second.map { report.firstSession(onOrAfter: $0.at.day) }
            guard let start, start < report.daily.count else { return }
            let range = start..<report.daily.count
            let first = report.daily[start].day
            let entered = report.trades.filter { $0.entryDay >= first }
            (sessions, trades) = (range.count, entered.count)
            wins = entered.count { $0.outcome == .win }
            scarcity = Scarcity(trades: trades, returns: Array(report.returns[range]))
            guard scarcity == nil else { return }
            sharpe = report.part(range).returns.sharpe
            intervals = CycleSums(report, range, entered).intervals()
        }

        func target(_ interval: Interval?, above aim: Double) -> RetrainingCycle.Target {
            guard sessions >= Verdict.fewestSessions, trades >= Verdict.fewestTrades, let interval
            else { return .insufficient }
            return interval.low > aim ? .met : .notMet
        }

        /// What there is to judge by.
        var extent: String {
            "\(Figures.count(trades)) trades in \(Figures.count(sessions)) sessions from the second "
                + "cycle on"
        }
    }

    private static func winRate(_ later: LaterCycles) -> Criterion {
        let rate = later.trades > 0 ? Double(later.wins) / Double(later.trades) : nil
        let interval = later.intervals.winRate
        let range = interval.map {
            ", 95 % \(Figures.percent($0.low, 0)) to \(Figures.percent($0.high, 0))"
        }
        return Criterion(
            promise: "win rate (net above .5 %) over 30 %",
            state: later.target(interval, above: RetrainingCycle.winRateAim),
            figure: "\(Figures.percent(rate, 1))\(range ?? ""); \(later.extent)", key: "win_rate")
    }

    private static func sharpe(_ later: LaterCycles) -> Criterion {
        let interval = later.intervals.sharpe
        let range = interval.map {
            ", 95 % \(Figures.number($0.low)) to \(Figures.number($0.high))"
        }
        return Criterion(
            promise: "Sharpe ratio over 0",
            state: later.target(interval, above: RetrainingCycle.sharpeAim),
            figure: "\(Figures.number(later.sharpe))\(range ?? ""); \(later.extent)", key: "sharpe")
    }

    /// Met when every job behind the first success trained: the first months have too little.
    static func monthly(_ jobs: LearningTally.Monthly) -> Criterion {
        let failed = jobs.failed.map { "\($0.name) \(Figures.count($0.count))" }
        let reasons = failed.isEmpty ? "none failed" : "failed: " + failed.joined(separator: ", ")
        let isMet = jobs.trained > 0 && jobs.failedLater == 0
        return Criterion(
            promise: "the monthly retraining runs with outcomes",
            state: jobs.due < fewestJobs ? .insufficient : isMet ? .met : .notMet,
            figure: "\(Figures.count(jobs.due)) due, \(Figures.count(jobs.trained)) trained; "
                + "\(reasons), \(Figures.count(jobs.failedLater)) of them behind the first success",
            key: "monthly_retraining")
    }

    static func promotions(_ report: BacktestReport) -> Criterion {
        let promise = "the gate prevents regressions"
        let none: [PromotionAfter]? = report.learning.promotions.isEmpty ? [] : nil
        guard let promotions = report.promotions ?? none else {
            return Criterion(
                promise: promise, state: .insufficient,
                figure:
                    "\(Figures.count(report.learning.promotions.count)) promotions; what became "
                    + "of them was not looked at",
                key: "regressions")
        }
        let judged = promotions.count { $0.isJudged }
        let regressed = promotions.count { $0.isRegression }
        return Criterion(
            promise: promise,
            state: judged == 0 ? .insufficient : regressed == 0 ? .met : .notMet,
            figure: "\(Figures.count(promotions.count)) promotions, \(Figures.count(judged)) with "
                + "\(GateRule.enoughRows) rows mature since: \(Figures.count(regressed)) regressed",
            key: "regressions")
    }

    /// A move is borne out when the arm that it went towards is ahead in the next judgement, which
    /// is of other entries; met when that is more often than a coin would be, one-sided at 5 %.
    static func weight(_ weights: [LearningTally.Weight]) -> Criterion {
        var (moves, followed, borneOut) = (0, 0, 0)
        for (place, weight) in weights.enumerated() where weight.moved != 0 {
            moves += 1
            guard let next = weights[(place + 1)...].first(where: { $0.lead != nil })?.lead else {
                continue
            }
            followed += 1
            if (weight.moved > 0) == (next > 0), next != 0 { borneOut += 1 }
        }
        let isMet = tail(borneOut, of: followed) <= 0.05
        return Criterion(
            promise: "the weight adjusts itself to what was measured",
            state: followed < fewestMoves ? .insufficient : isMet ? .met : .notMet,
            figure: "\(Figures.count(moves)) moves, \(Figures.count(followed)) with a judgement "
                + "behind them: \(Figures.count(borneOut)) borne out by what both arms earned then",
            key: "blend_weight")
    }

    /// The chance of at least so many heads in some tosses of a coin.
    static func tail(_ heads: Int, of tosses: Int) -> Double {
        var (chance, sum) = (1.0, 0.0)
        for _ in 0..<tosses { chance /= 2 }
        // C(n, k) / 2^n, one after the other.
        for count in 0...tosses {
            if count >= heads { sum += chance }
            chance = chance * Double(tosses - count) / Double(count + 1)
        }
        return min(sum, 1)
    }
}
