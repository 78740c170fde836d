import Events
import LoopKit
import Testing

/// The champion's record, figured again from the fills and the prices that the test made.
@Suite("The champion's record")
struct PerformanceTests {
    private static let up = 0.1
    private static let path: @Sendable (Int) -> Double = { [100, 102, 99, 104][$0 % 4] }

    /// Three trades on the champion's confidence: AAA at .85 wins, BBB at .65 loses, CCC at .75
    /// wins; ZZZ is skipped. The champion changes no confidence.
    private static let scenario = Scenario(
        "timeout_days=1", "label_return=net", "agreement_factor=1", "ml_blend_weight=0.0",
        "adaptive_blend=false", "emit_threshold=0.6", "queue_threshold=0.65",
        "max_entries_per_day=3", "base_size=0.1", "max_trade=0.1", "max_position=0.1",
        "sizing=binary", base: Scenario.learning
    ).given(
        .champion, entry("AAA", { $0 < 4 ? 100 : 110 }, confidence: 85, win: 0.75),
        entry("BBB", { $0 < 4 ? 100 : 80 }, confidence: 65, win: 0.625),
        entry(
            "CCC", { [100, 100, 100, 103][min($0, 3)] + ($0 > 3 ? 1 : 0) }, confidence: 75,
            win: 0.875),
        entry("ZZZ", { _ in 50 }, confidence: 65, win: 0.625),
        .index { 300 + 3 * Double($0) })

    private static func entry(
        _ ticker: Ticker, _ price: @escaping @Sendable (Int) -> Double, confidence: Int, win: Float
    ) -> Fact {
        .all([
            .prices(ticker, price), .purchases(ticker, on: 1, confidence: confidence),
            .prediction(ticker, on: 1, win: win, loss: 1 - win),
        ])
    }

    private func near(_ value: Double?, _ expected: Double?) -> Bool {
        guard let expected else { return value == nil }
        return value.map { ($0 - expected).magnitude < 1e-9 } ?? false
    }

    /// Cash and shares after each of a run's sessions, valued at a price that the test knows.
    private func values(
        _ episode: Episode, _ scenario: Scenario, sessions: ClosedRange<Int>,
        prices: [(Ticker, (Int) -> Double)]
    ) -> [Double] {
        let fills = episode.all(OrderFilled.self)
        return sessions.map { session in
            let done = fills.filter { $0.filledOn <= scenario.day(session) }
            var value = done.reduce(100_000.0) { $0 + $1.cashChange.dollars }
            for (ticker, price) in prices {
                let shares = done.filter { $0.ticker == ticker }.reduce(0.0) {
                    $0 + ($1.side == .buy ? $1.quantity.shares : -$1.quantity.shares)
                }
                value += shares * price(session)
            }
            return value
        }
    }

    @Test("trades: win rate, mean return, and both ends of confidence")
    func trades() throws {
        let event = try Self.scenario.when(4).one(ModelPerformanceEvaluated.self)
        // Bought at 100 in session 2, sold at the open of session 4.
        let returns = [10.0, -20, 4]
        #expect(near(event.winRate, 2.0 / 3) && near(event.averageReturn, -2))
        #expect(event.highConfidenceWinRate == 1 && event.lowConfidenceWinRate == 0)
        let confidences = [0.85, 0.65, 0.75]
        let mean = (0.75, returns.reduce(0, +) / 3)
        var (cross, left, right) = (0.0, 0.0, 0.0)
        for (confidence, net) in zip(confidences, returns) {
            cross += (confidence - mean.0) * (net - mean.1)
            left += (confidence - mean.0) * (confidence - mean.0)
            right += (net - mean.1) * (net - mean.1)
        }
        #expect(near(event.confidenceCorrelation, cross / (left * right).squareRoot()))
        #expect(event.generated == 4 && event.traded == 3 && event.skipped == 1)
    }

    @Test("the portfolio beside the index, from the champion's first session on")
    func portfolio() throws {
        let last = 5
        let episode = try Self.scenario.when(0...last)
        let event = try #require(episode.all(ModelPerformanceEvaluated.self).last)
        let series = values(
            episode, Self.scenario, sessions: 1...last,
            prices: [
                ("AAA", { $0 < 4 ? 100 : 110 }), ("BBB", { $0 < 4 ? 100 : 80 }),
                ("CCC", { $0 < 3 ? 100 : $0 == 3 ? 103 : 104 }),
            ])
        check(event, series, levels: (1...last).map { 300 + 3 * Double($0) })
        #expect(event.day == Self.scenario.day(last) && event.windowDays == 90)
    }

    private func check(_ event: ModelPerformanceEvaluated, _ series: [Double], levels: [Double]) {
        let daily = zip(series, series.dropFirst()).map { $1 / $0 - 1 }
        let mean = daily.reduce(0, +) / Double(daily.count)
        let squares = daily.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        let falls = daily.map { min($0, 0) * min($0, 0) }.reduce(0, +)
        let deviation = (squares / Double(daily.count - 1)).squareRoot()
        let downside = (falls / Double(daily.count)).squareRoot()
        #expect(near(event.sharpe, mean / deviation * 252.0.squareRoot()))
        #expect(near(event.sortino, downside > 0 ? mean / downside * 252.0.squareRoot() : nil))
        let total = (series[series.count - 1] / series[0] - 1) * 100
        let baseline = (levels[levels.count - 1] / levels[0] - 1) * 100
        #expect(near(event.totalReturn, total) && near(event.baselineReturn, baseline))
        #expect(near(event.alpha, total - baseline))
        let falling = series.indices.map { (series[$0] / series[...$0].max()! - 1) * 100 }
        #expect(near(event.maximumDrawdown, falling.min()!))
    }

    @Test("the raw probabilities' Brier score and bins, once labels are mature")
    func brier() throws {
        let event = try Self.scenario.when(4).one(ModelPerformanceEvaluated.self)
        // AAA and CCC won, BBB lost, ZZZ came to nothing: squares over loss, breakeven and win.
        let squares =
            2 * 0.25 * 0.25 + 2 * 0.125 * 0.125 + 2 * 0.625 * 0.625
            + (0.375 * 0.375 + 1 + 0.625 * 0.625)
        #expect(near(event.brier, squares / 4))
        #expect(event.bins.map(\.lower) == [0.6, 0.7, 0.8])
        #expect(event.bins.map(\.rows) == [2, 1, 1])
        #expect(event.bins.map(\.observed) == [0, 1, 1])
        #expect(event.bins.map(\.predicted) == [0.625, 0.75, 0.875])
        let early = try Self.scenario.when(3).one(ModelPerformanceEvaluated.self)
        #expect(early.brier == nil && early.bins.isEmpty)
    }

    @Test("what does not exist is null: no trade, no variation, no loss, no index")
    func nulls() throws {
        let quiet = Scenario(base: Scenario.learning).given(.prices("ACME", 100), .champion)
        let first = try quiet.when(1).one(ModelPerformanceEvaluated.self)
        #expect(first.winRate == nil && first.averageReturn == nil)
        #expect(first.highConfidenceWinRate == nil && first.lowConfidenceWinRate == nil)
        #expect(first.confidenceCorrelation == nil && first.sharpe == nil && first.sortino == nil)
        #expect(first.baselineReturn == nil && first.alpha == nil && first.brier == nil)
        #expect(first.totalReturn == 0 && first.maximumDrawdown == 0)
        #expect(first.generated == 0 && first.traded == 0 && first.skipped == 0)
        let later = try quiet.when(5).one(ModelPerformanceEvaluated.self)
        #expect(later.sharpe == nil && later.sortino == nil && later.totalReturn == 0)
    }

    @Test("confidence of exactly .8 is high, of exactly .7 not low")
    func ends() throws {
        for (confidence, high, low) in [(80, 1.0, nil as Double?), (75, nil, nil), (65, nil, 1)] {
            let event = try Scenario(
                "timeout_days=1", "agreement_factor=1", "ml_blend_weight=0.0",
                "adaptive_blend=false", "emit_threshold=0.6", "queue_threshold=0.65",
                base: Scenario.learning
            ).given(
                .champion,
                Self.entry("AAA", { $0 < 4 ? 100 : 110 }, confidence: confidence, win: 0.75)
            ).when(4).one(ModelPerformanceEvaluated.self)
            #expect(event.highConfidenceWinRate == high && event.lowConfidenceWinRate == low)
        }
        let seventy = try Scenario(
            "timeout_days=1", "agreement_factor=1", "ml_blend_weight=0.0", "adaptive_blend=false",
            "emit_threshold=0.6", "queue_threshold=0.65", base: Scenario.learning
        ).given(
            .champion, Self.entry("AAA", { $0 < 4 ? 100 : 110 }, confidence: 70, win: 0.75)
        ).when(4).one(ModelPerformanceEvaluated.self)
        #expect(seventy.winRate == 1 && seventy.lowConfidenceWinRate == nil)
    }

    @Test("a trade that the champion had no say in is not in its record")
    func others() throws {
        let event = try Scenario("timeout_days=1", base: Scenario.learning).given(
            .champion, .prices("ACME") { $0 < 4 ? 100 : 110 },
            .purchases("ACME", on: 1, confidence: 75)
        ).when(4).one(ModelPerformanceEvaluated.self)
        #expect(event.winRate == nil && event.traded == 1)
    }

    @Test("ninety days back and no further, and another champion begins anew")
    func window() throws {
        let held = Scenario(
            "base_size=0.5", "max_trade=0.5", "max_position=0.5", "sizing=binary",
            "timeout_days=3650", base: Scenario.learning
        ).given(
            .champion, .prices("ACME", Self.path), .purchases("ACME", on: 1, confidence: 85),
            .index { 300 + Double($0) })
        let last = 70
        let first = try #require((0...last).first { held.day(last) - held.day($0) <= 90 })
        #expect(first > 2)
        let episode = try held.when(0...last)
        let event = try #require(episode.all(ModelPerformanceEvaluated.self).last)
        let series = values(
            episode, held, sessions: first...last, prices: [("ACME", Self.path)])
        check(event, series, levels: (first...last).map { 300 + Double($0) })
        let replaced = held.given(.model("ours", on: 60), .promotion(of: "ours", on: 60))
        let anew = try replaced.when(61).one(ModelPerformanceEvaluated.self)
        #expect(anew.totalReturn == 0 && anew.model != event.model)
    }

    @Test("without a champion nothing is said")
    func none() throws {
        try Scenario(base: Scenario.learning).given(.prices("ACME", 100)).when(0...3).thenNo(
            ModelPerformanceEvaluated.self)
        try Scenario(base: Scenario.learning).given(
            .prices("ACME", 100), .champion, .rollback(on: 2)
        ).when(2...4).thenNo(ModelPerformanceEvaluated.self)
    }
}
