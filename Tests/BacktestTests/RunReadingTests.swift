import EventLog
import Events
import FeedbackLoop
import Pipeline
import Testing

@testable import Backtest

@Suite("Runs read again")
struct RunReadingTests {
    @Test(
        "a run read again gives the report that it gave when it was made",
        arguments: [
            ("feedback", SmallMarket.eager), ("baseline", []),
            ("disclosure-follow", ["trade_dollars=2000", "min_confidence=0.6"]),
            ("disclosure-follow", ["fill=same_close", "min_confidence=0.6"]),
        ], [false, true])
    func equal(strategy: (name: String, settings: [String]), isWindowed: Bool) throws {
        let market = try SmallMarket()
        let window =
            isWindowed
            ? ReplayWindow(
                from: Day(year: 2020, month: 3, day: 3), to: Day(year: 2020, month: 8, day: 14))
            : ReplayWindow()
        let made = try market.run("made", strategy.name, strategy.settings, window: window)
        let log = try EventLog.open(at: try market.data.run("made"))
        let origin = try RunOrigin.read(log)
        let written = try BacktestReport(
            made, run: MergedLog(log, over: try market.timeline), name: "made",
            strategy: origin.strategy.strategy.name,
            startCash: origin.strategy.strategy.startCash)
        #expect(written.trades.count > 3)
        let page = try market.page("made")
        #expect(page.report.json() == written.json())
    }

    @Test("a rehearsal records what the run recorded, and writes nothing")
    func rehearsal() throws {
        let market = try SmallMarket()
        let made = try market.run("made")
        let log = try EventLog.open(at: try market.data.run("made"))
        let origin = try RunOrigin.read(log)
        var recorded: [[UInt8]] = []
        try log.read { record in
            recorded.append(record.message.withUnsafeBytes { Array($0) })
            return .proceed
        }
        var rehearsed: [[UInt8]] = []
        let result = try Run.rehearse(
            origin.strategy.strategy, timeline: try market.timeline, window: origin.window
        ) { rehearsed.append($0.withUnsafeBytes { Array($0) }) }
        #expect(rehearsed == recorded)
        #expect(result.marks == made.marks)
        #expect(market.data.runNames == ["made"])
    }

    @Test("a variant differs from the run in its one setting, and its own value is the run itself")
    func variants() throws {
        let market = try SmallMarket()
        _ = try market.run("made")
        let page = try market.page("made")
        let curves = try VariantCurves.measure(
            page, of: try market.data.openRun("made"), trainer: nil)
        #expect(curves.costs.map(\.value) == [0, 5, 10, 20], "its own 5 among them")
        #expect(curves.costs.map(\.isOwn) == [false, true, false, false])
        #expect(curves.delays.map(\.value) == [0, 1, 3])
        _ = try market.run("dear", "feedback", SmallMarket.eager + ["slippage_bp=20"])
        let dear = Variant(20, isOwn: false, try market.page("dear").report)
        #expect(curves.costs[3].totalReturn == dear.totalReturn)
        #expect(curves.costs[3].trades == dear.trades)
        #expect(curves.costs[1].totalReturn == page.report.whole.returns.totalReturn)
        #expect(curves.costs[1].totalReturn != dear.totalReturn)
    }
}
