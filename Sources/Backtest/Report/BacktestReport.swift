import Events
public import Learning
public import Pipeline

/// Everything that a report on a run shows, as values.
public struct BacktestReport: Sendable {
    /// What the run is.
    public var facts: RunFacts
    /// One record a session.
    public var daily: [DailyRecord]
    /// Closed positions in order of closing.
    public var trades: [ClosedTrade]
    /// Positions still held.
    public var open: [OpenPosition]
    /// What became of evaluations and signals.
    public var signals: SignalCounts
    /// What its events say of its learning.
    var learning = LearningTally()
    /// What its promotions came to on rows that are mature since; nil unless it was looked at.
    public var promotions: [PromotionAfter]?
    /// How old the outcomes were that its trainings fitted; nil unless it was looked at.
    public var ages: [OutcomeAge]?

    /// A report on these values.
    public init(
        facts: RunFacts, daily: [DailyRecord], trades: [ClosedTrade], open: [OpenPosition],
        signals: SignalCounts
    ) {
        self.facts = facts
        self.daily = daily
        self.trades = trades
        self.open = open
        self.signals = signals
    }

    /// Simple returns a session, the first against the starting value.
    public var returns: [Double] {
        BacktestReport.returns(daily, from: facts.startingValue)
    }

    static func returns(_ daily: [DailyRecord], from start: Money) -> [Double] {
        var previous = start
        return daily.map { record in
            let change =
                previous == .zero ? 0 : record.value.dollars / previous.dollars - 1
            previous = record.value
            return change
        }
    }

    /// One part of the window: all of it, or a half.
    struct Part {
        var returns: ReturnMetrics
        var index: IndexMetrics
        var trades: TradeMetrics
        var meanExposure: Double?
        var annualTurnover: Double?
        /// Why it has no ratios; nil when it has.
        var scarcity: Scarcity?
    }

    /// The figures of the sessions in `range`.
    func part(_ range: Range<Int>) -> Part {
        let slice = Array(daily[range])
        let before = range.lowerBound > 0 ? daily[range.lowerBound - 1] : nil
        let returns = BacktestReport.returns(slice, from: before?.value ?? facts.startingValue)
        let exposures = ([before?.exposure ?? 0] + slice.map(\.exposure)).prefix(slice.count)
        let within = trades.filter { trade in
            guard let first = slice.first, let last = slice.last else { return false }
            return trade.exitDay >= first.day && trade.exitDay <= last.day
        }
        let count = Double(slice.count)
        let meanExposure = slice.isEmpty ? nil : slice.reduce(0) { $0 + $1.exposure } / count
        let traded = slice.reduce(0) { $0 + $1.turnover.dollars }
        let meanValue = slice.isEmpty ? 0 : slice.reduce(0) { $0 + $1.value.dollars } / count
        let scarcity = Scarcity(trades: within.count, returns: returns)
        let metrics = ReturnMetrics(returns)
        let index = IndexMetrics(
            returns: returns, index: slice.map(\.indexReturn), exposuresBefore: Array(exposures))
        var trades = TradeMetrics(within)
        if scarcity != nil { trades.profitFactor = nil }
        return Part(
            returns: scarcity == nil ? metrics : metrics.withoutRatios(),
            index: scarcity == nil ? index : index.withoutRatios(),
            trades: trades, meanExposure: meanExposure,
            annualTurnover: meanValue > 0 ? traded / meanValue / count * 252 : nil,
            scarcity: scarcity)
    }

    /// Why the window has no ratio, no interval and no deflated Sharpe ratio; nil when it has.
    public var scarcity: Scarcity? { Scarcity(trades: trades.count, returns: returns) }

    /// The whole window.
    var whole: Part { part(0..<daily.count) }

    /// Both halves of the window, by sessions.
    var halves: (first: Part, second: Part) {
        let middle = daily.count / 2
        return (part(0..<middle), part(middle..<daily.count))
    }

    /// Returns by year and month, ascending; `total` compounds the year.
    var calendar: [(year: Int, months: [Double?], total: Double)] {
        var years: [(year: Int, months: [Double?], total: Double)] = []
        for (record, change) in zip(daily, returns) {
            let (year, month, _) = record.day.civil
            if years.last?.year != year {
                years.append((year, Array(repeating: nil, count: 12), 0))
            }
            let last = years.count - 1
            let known = years[last].months[month - 1] ?? 0
            years[last].months[month - 1] = (1 + known) * (1 + change) - 1
            years[last].total = (1 + years[last].total) * (1 + change) - 1
        }
        return years
    }

    /// Closed trades by reason of exit, the most frequent first.
    var exits: [(reason: String, trades: TradeMetrics)] {
        var names: [String] = []
        for trade in trades where !names.contains(trade.reason) { names.append(trade.reason) }
        let groups = names.sorted().map { name in
            (reason: name, trades: TradeMetrics(trades.filter { $0.reason == name }))
        }
        return groups.sorted { $0.trades.count > $1.trades.count }
    }

    /// Closed profit by ticker, the best first.
    var holdings: [(ticker: Ticker, profit: Money, trades: Int)] {
        var sums: [(ticker: Ticker, profit: Money, trades: Int)] = []
        // Sorted without all else that a trade holds.
        let profits = trades.map { (ticker: $0.ticker, profit: $0.profit) }
        for trade in profits.sorted(by: { $0.ticker < $1.ticker }) {
            if sums.last?.ticker == trade.ticker {
                sums[sums.count - 1].profit += trade.profit
                sums[sums.count - 1].trades += 1
            } else {
                sums.append((trade.ticker, trade.profit, 1))
            }
        }
        return sums.sorted {
            $0.profit == $1.profit ? $0.ticker < $1.ticker : $0.profit > $1.profit
        }
    }
}
