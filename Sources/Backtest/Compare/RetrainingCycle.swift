import Events
import Learning
import Pipeline

/// A run between two successful trainings with outcomes: what the loop earned after its k-th.
struct RetrainingCycle: Sendable {
    /// 0 before the first training, k from the k-th on; nil of all from `pooledFrom` on.
    var number: Int?
    /// First session.
    var from: Day
    /// Last session.
    var to: Day
    /// Sessions.
    var sessions: Int
    /// Outcome rows of its training; nil before the first, and of several cycles.
    var outcomeRows: Int?
    /// Promotions in it.
    var promotions: Int
    /// The blend weight at its end, tenths; nil when it was never evaluated.
    var weightTenths: Int?
    /// Closed trades that were entered in it.
    var trades: Int
    /// Of those, wins: a net return above .5 %.
    var wins: Int
    /// 95 % interval of the win rate, by blocks of sessions.
    var winRateInterval: Interval?
    /// Annualised Sharpe ratio of its sessions; nil without dispersion, and where its trades or
    /// returns are too few (`Scarcity`).
    var sharpe: Double?
    /// 95 % interval of it, by blocks of sessions.
    var sharpeInterval: Interval?
    /// The lowest fall below the highest value within it.
    var drawdown: Double?
    /// Its entries beside random ones under the same exits; nil when none can be simulated.
    var null: NullBand?

    /// Cycles that are also taken together: those after two trainings.
    static let pooledFrom = 2

    /// Wins over closed trades.
    var winRate: Double? { trades > 0 ? Double(wins) / Double(trades) : nil }

    /// What a figure says of a target.
    enum Target: String, Sendable {
        /// Its interval lies above the target.
        case met
        /// It does not.
        case notMet = "not met"
        /// Under 252 sessions or 100 closed trades.
        case insufficient
    }

    /// Of a win rate over 30 %.
    var winRateTarget: Target { target(winRateInterval, above: RetrainingCycle.winRateAim) }
    /// Of a Sharpe ratio over 0.
    var sharpeTarget: Target { target(sharpeInterval, above: RetrainingCycle.sharpeAim) }

    /// The win rate that was promised.
    static let winRateAim = 0.3
    /// The Sharpe ratio that was promised.
    static let sharpeAim = 0.0
    /// What the replaced system started from: win rate, Sharpe ratio, drawdown.
    static let start = (winRate: 0.0741, sharpe: -2.02, drawdown: -0.35)

    private func target(_ interval: Interval?, above aim: Double) -> Target {
        guard sessions >= Verdict.fewestSessions, trades >= Verdict.fewestTrades, let interval
        else { return .insufficient }
        return interval.low > aim ? .met : .notMet
    }
}

extension RetrainingCycle {
    /// The cycles of a run in order, then all from the second on together.
    static func table(_ run: ComparedRun, _ facts: CycleFacts) -> [RetrainingCycle] {
        let daily = run.report.daily
        guard !daily.isEmpty else { return [] }
        var starts = [0]
        var rows: [Int?] = [nil]
        for training in run.learning.trainings {
            // A training in the night before a session's open is in force from that session on.
            let place = run.report.firstSession(onOrAfter: training.at.day)
            starts.append(place)
            rows.append(training.outcomeRows)
        }
        var cycles: [RetrainingCycle] = []
        for (number, start) in starts.enumerated() {
            let end = number + 1 < starts.count ? starts[number + 1] : daily.count
            guard start < end else { continue }
            var cycle = RetrainingCycle(run, start..<end, facts)
            cycle.number = number
            cycle.outcomeRows = rows[number]
            cycles.append(cycle)
        }
        if starts.count > pooledFrom, starts[pooledFrom] < daily.count {
            cycles.append(RetrainingCycle(run, starts[pooledFrom]..<daily.count, facts))
        }
        return cycles
    }

    private init(_ run: ComparedRun, _ range: Range<Int>, _ facts: CycleFacts) {
        let report = run.report
        let part = report.part(range)
        from = report.daily[range.lowerBound].day
        to = report.daily[range.upperBound - 1].day
        sessions = range.count
        let (first, last) = (from, to)
        let entered = report.trades.filter { $0.entryDay >= first && $0.entryDay <= last }
        trades = entered.count
        wins = entered.count { $0.outcome == .win }
        promotions = run.learning.promotions.count {
            RetrainingCycle.lies($0.at, in: range, of: report)
        }
        weightTenths =
            run.learning.weights.last {
                RetrainingCycle.session($0.at, of: report) < range.upperBound
            }?.tenths
        let scarcity = Scarcity(trades: trades, returns: Array(report.returns[range]))
        sharpe = scarcity == nil ? part.returns.sharpe : nil
        drawdown = part.returns.maximumDrawdown
        let sums = CycleSums(report, range, entered)
        if scarcity == nil { (sharpeInterval, winRateInterval) = sums.intervals() }
        let entries = run.entries.entries.filter { $0.day >= first && $0.day <= last }
        null = entries.isEmpty ? nil : NullBand(entries, facts.simulator(report))
    }

    private static func session(_ instant: Instant, of report: BacktestReport) -> Int {
        report.firstSession(onOrAfter: instant.day)
    }

    private static func lies(_ instant: Instant, in range: Range<Int>, of report: BacktestReport)
        -> Bool
    {
        range.contains(session(instant, of: report))
    }
}
