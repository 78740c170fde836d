import Backtest
import Events

/// Inputs of the metric and report tests.
enum Fixtures {
    /// Daily returns of a portfolio and an index from a linear congruential generator, 300 long;
    /// the goldens' Python makes the same numbers.
    static let mixed: (returns: [Double], index: [Double]) = {
        var state: UInt64 = 20_260_221
        func next() -> Double {
            state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
            return (Double(state) - 1_073_741_824) / 1_073_741_824
        }
        var returns: [Double] = []
        var index: [Double] = []
        for _ in 0..<300 {
            returns.append(next() * 0.02 + 0.0004)
            index.append(next() * 0.015)
        }
        return (returns, index)
    }()

    /// Fifty losses.
    static let down = (0..<50).map { -0.001 * Double(1 + $0 % 3) }

    static func day(_ text: String) -> Day { Day(text)! }

    /// Sessions on consecutive days with the given values in dollars, half invested.
    static func daily(_ values: [Double], index: [Double?], from first: String) -> [DailyRecord] {
        values.indices.map { position in
            DailyRecord(
                day: day(first) + position, value: Money(dollars: values[position]),
                cash: Money(dollars: values[position] / 2), exposure: 0.5,
                indexReturn: index[position], openPositions: 1, turnover: Money(dollars: 100))
        }
    }

    static func trade(
        _ ticker: String, _ netReturn: Double, on exit: String, _ reason: String = "stop"
    ) -> ClosedTrade {
        ClosedTrade(
            ticker: Ticker(ticker)!, entryDay: day(exit) - 2, exitDay: day(exit), entryPrice: 10,
            exitPrice: 10 * (1 + netReturn), quantity: Quantity(shares: 10),
            netReturn: netReturn, profit: Money(dollars: 100 * netReturn),
            excessReturn: netReturn - 0.01, favorableExcursion: 0.02, adverseExcursion: -0.03,
            reason: reason, holdingDays: 2, holdingSessions: 2)
    }

    static let facts = RunFacts(
        run: "fixture", strategy: "feedback", startingValue: Money(dollars: 1000),
        indexName: "SPY", flags: ["trades the close it decided on"],
        hindsight: [NamedCount("sector", 1234), NamedCount("party", 0)],
        notes: ["the rule min_confidence is unreachable"])

    /// Four sessions over a year's end, three trades, one stale open position.
    static let small = BacktestReport(
        facts: facts,
        daily: daily(
            [1010, 990, 1005, 1030], index: [0.01, -0.01, nil, 0.02], from: "2019-12-30"),
        trades: [
            trade("AAPL", 0.10, on: "2019-12-31", "take_profit"),
            trade("MSFT", -0.05, on: "2020-01-01"),
            trade("XOM", -0.002, on: "2020-01-02"),
        ],
        open: [
            OpenPosition(
                ticker: Ticker("GE")!, entryDay: day("2020-01-01"), entryPrice: 10,
                lastPrice: 12.5, quantity: Quantity(shares: 10), markedReturn: 0.25,
                markedProfit: Money(dollars: 25), noPrice: true)
        ],
        signals: SignalCounts(
            classes: [NamedCount("strong_buy", 3), NamedCount("hold", 12_345)],
            suppressed: [NamedCount("below_emit", 7)], skipped: [NamedCount("cap", 2)]))
}

/// Whether two figures agree to 1e-9 of the larger of 1 and the golden.
func agrees(_ value: Double?, _ golden: Double) -> Bool {
    guard let value else { return false }
    return (value - golden).magnitude <= 1e-9 * max(1, golden.magnitude)
}
