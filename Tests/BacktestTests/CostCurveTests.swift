import EventLog
import Events
import FeedbackLoop
import Market
import Pipeline
import TestKit
import Testing

@testable import Backtest

@Suite("The same decisions at other costs, and what waiting costs")
struct CostCurveTests {
    /// Settings under which no decision hangs on a price that was paid: no stops, no interest.
    private static let even =
        SmallMarket.eager + [
            "stop_atr=0", "trailing_stop=0", "cash_rate=0", "regulatory_fees=us",
            "commission_per_share=0.01",
        ]

    private func read(_ market: SmallMarket, _ name: String) throws -> (
        report: BacktestReport, fills: RunFills, costs: Costs
    ) {
        let run = try market.data.openRun(name)
        let origin = try RunOrigin.read(run.log)
        var fills = RunFills()
        try run.merged.readOwn { reference, message in
            try fills.take(message, at: reference.position)
            return .proceed
        }
        return (
            try BacktestReport(run, origin: origin), fills, origin.strategy.strategy.rules.costs
        )
    }

    @Test("at the run's own slippage every session and trade is the run's own, to the last unit")
    func own() throws {
        for settings in [SmallMarket.eager, CostCurveTests.even] {
            let market = try SmallMarket()
            _ = try market.run("made", "feedback", settings)
            let (report, fills, costs) = try read(market, "made")
            let priced = CostCurve.report(
                report, fills, costs, slippage: costs.slippageBasisPoints)
            #expect(report.trades.count > 20)
            #expect(priced.daily == report.daily)
            #expect(priced.trades == report.trades)
        }
    }

    @Test("where costs decide nothing, it is what a replay at those costs comes to")
    func replayed() throws {
        let market = try SmallMarket()
        _ = try market.run("made", "feedback", CostCurveTests.even)
        let (report, fills, costs) = try read(market, "made")
        for points in [0.0, 7] {
            _ = try market.run(
                "at\(Int(points))", "feedback",
                CostCurveTests.even + ["slippage_bp=\(points)"])
            let again = try read(market, "at\(Int(points))").report
            let priced = CostCurve.report(report, fills, costs, slippage: points)
            // The share of value that an entry takes is cut to whole shares: nearly all are equal.
            let same = zip(priced.trades, again.trades).filter { $0.quantity == $1.quantity }
            #expect(priced.trades.count == again.trades.count)
            #expect(same.count > again.trades.count * 9 / 10)
            for (ours, theirs) in same {
                #expect(ours.entryDay == theirs.entryDay && ours.exitDay == theirs.exitDay)
                #expect(ours.profit == theirs.profit, "\(ours.ticker) \(ours.entryDay)")
                #expect(abs(ours.netReturn - theirs.netReturn) < 1e-12)
            }
        }
    }

    @Test("profit is 0 at the break-even cost, and there is none where it loses without any cost")
    func breakEven() throws {
        let market = try SmallMarket()
        _ = try market.run("made", "feedback", CostCurveTests.even)
        let (report, fills, costs) = try read(market, "made")
        let curve = CostCurve(report, fills, costs)
        let start = report.facts.startingValue.dollars
        func profit(_ slippage: Double) -> Double {
            let priced = CostCurve.report(report, fills, costs, slippage: slippage)
            return (priced.daily.last?.value.dollars ?? start) - start
        }
        if let even = curve.breakEven {
            #expect(even > 0 && abs(profit(even)) < 0.01)
            #expect(profit(even - 1) > 0 && profit(even + 1) < 0)
        } else {
            #expect(profit(0) <= 0)
        }
        // A run that buys dear from the start earns nothing at any slippage.
        var losing = report
        losing.facts.startingValue = report.daily.map(\.value).max()! + Money(dollars: 100_000)
        #expect(CostCurve(losing, fills, costs).breakEven == nil)
        #expect(curve.costs.map(\.value) == [0, 5, 10, 20])
        #expect(curve.costs.map(\.isOwn) == [false, true, false, false])
        let returns = curve.costs.compactMap(\.totalReturn)
        #expect(returns == returns.sorted(by: >) && returns.count == 4)
    }

    @Test("the first slippage at which nothing is left is named, whatever comes at absurd ones")
    func first() throws {
        // Above 0 up to 1, and again from 400 to 800.
        let found = CostCurve.zero { -($0 - 1) * ($0 - 400) * ($0 - 800) }
        #expect(abs(try #require(found) - 1) < 0.001)
        #expect(abs(try #require(CostCurve.zero { 0.3 - $0 / 100 }) - 30) < 0.001)
        #expect(CostCurve.zero { -1 - $0 } == nil, "nothing is left without any")
        #expect(CostCurve.zero { 1 / (1 + $0) } == nil, "something is left at all of them")
        #expect(CostCurve.zero { $0 == 0 ? 1 : nil } == nil)
    }

    @Test("what waiting costs is told of the same entries at every delay")
    func waiting() throws {
        let market = try SmallMarket()
        _ = try market.run("made", "feedback", CostCurveTests.even)
        let page = try market.page("made")
        #expect(page.delay.points.map(\.sessions) == [0, 1, 3])
        #expect(page.delay.entries > 20 && page.delay.entries <= page.entries.count)
        let text = page.text()
        #expect(text.hasPrefix(page.report.text()))
        #expect(text.contains("\nCosts: the same decisions at other slippage a side\n"))
        #expect(text.contains("bought 3 sessions later"))
        #expect(!text.contains("Decided anew"))
        #expect(page.json().contains("\"replayed\":null"))
    }
}
