import EventLog
public import Events
import FeedbackLoop
import Market
public import Pipeline

/// What the null of a cycle needs of a timeline: all bars and the index, read once.
public struct CycleFacts: Sendable {
    private let facts: TimelineFacts
    private let rules: MarketRules
    private let rangeSessions: Int

    /// Reads a feed; costs and the average true range are those of `strategy`.
    public init(_ feed: TimelineFeed, _ strategy: BuiltStrategy) throws {
        var facts = TimelineFacts()
        try feed.each { number, message in
            try facts.take(message, at: UInt64(number) + 1)
            return .proceed
        }
        self.init(facts, strategy)
    }

    private init(_ facts: TimelineFacts, _ strategy: BuiltStrategy) {
        self.facts = facts
        rules = strategy.strategy.rules
        rangeSessions = Int(
            VariantCurves.setting("atr_sessions", strategy.strategy.canonicalText) ?? 20)
    }

    /// The same facts under another strategy's rules.
    func with(_ strategy: BuiltStrategy) -> CycleFacts { CycleFacts(facts, strategy) }

    /// The ticker of a text, in any case.
    ///
    /// - Throws: `BenchmarkError.unknownTicker`.
    public func ticker(_ text: String) throws(BenchmarkError) -> Ticker {
        try facts.prices.known(text)
    }

    /// What a run is held against under its strategy's rules.
    func yardsticks(
        _ report: BacktestReport, _ strategy: any Strategy, benchmark: Ticker?,
        follows: (UInt64) -> Bool
    ) throws(BenchmarkError) -> [Yardstick] {
        try Yardstick.all(
            report, facts, strategy.rules, configuration: strategy.canonicalText,
            benchmark: benchmark, follows: follows)
    }

    /// What trades by a report's rules up to its last session.
    func simulator(_ report: BacktestReport) -> TradeSimulator {
        let last = report.daily.last.flatMap { facts.prices.session(of: $0.day) }
        return TradeSimulator(
            prices: facts.prices, index: facts.index, rules: rules, rangeSessions: rangeSessions,
            lastSession: last ?? max(facts.prices.days.count - 1, 0))
    }
}
