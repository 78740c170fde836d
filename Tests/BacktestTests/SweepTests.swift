import Backtest
import EventLog
import Events
import FeedbackLoop
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("Sweeps")
struct SweepTests {
    private let scratch = TemporaryFolder()

    private func options(_ options: [String]) -> String {
        do {
            return try VariedSettings(options).combinations
                .map { $0.joined(separator: " ") }.joined(separator: "; ")
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "combinations are the product, the last option varying fastest",
        arguments: [
            (["a=1,2", "b=x"], "a=1 b=x; a=2 b=x"),
            (["a=1,2", "b=x,y"], "a=1 b=x; a=1 b=y; a=2 b=x; a=2 b=y"),
            (["a=1=2"], "a=1=2"),
            ([], "a sweep varies something: --vary KEY=VALUE,VALUE,VALUE"),
            (["a"], "--vary a: write --vary KEY=VALUE,VALUE,VALUE"),
            (["=1"], "--vary =1: write --vary KEY=VALUE,VALUE,VALUE"),
            (["a=1,,2"], "--vary a=1,,2: value 2 is empty"),
            (["a=1,2,1"], "--vary a=1,2,1: 1 is named twice"),
            (["a=1", "a=2"], "--vary a=2: a is varied already"),
        ])
    func combinations(given: [String], expected: String) {
        #expect(options(given) == expected)
    }

    @Test("a product that nobody could wait for is refused before it is made")
    func tooMany() {
        let long = (0..<400).map { "\($0)" }.joined(separator: ",")
        #expect(options(["a=\(long)", "b=\(long)"]).hasPrefix("the product of all values is over"))
    }

    private func variants(_ feed: TimelineFeed, lanes: Int) throws -> [SweptVariant] {
        let varied = try VariedSettings(["stop=0.02,0.1", "max_sessions=2,4,6,8,10"])
        let built = try varied.combinations.map {
            (
                settings: $0,
                built: try StrategyFile.load(
                    "disclosure-follow", settings: ["min_confidence=0"] + $0)
            )
        }
        return try Lanes.map(built, lanes: lanes) { _, variant in
            try SweptVariant.rehearse(
                variant.built, settings: variant.settings, feed: feed, window: ReplayWindow(),
                trainer: nil)
        }
    }

    private func timeline() throws -> EventLog {
        try SmallWorld.log(
            SmallWorld(sessions: 90).facts, kind: .timeline, at: "\(scratch.path)/timeline")
    }

    @Test("a variant has the seal and the figures of the run that a backtest records")
    func seals() throws {
        let timeline = try timeline()
        let swept = try variants(try TimelineFeed(timeline), lanes: 1)
        for variant in [swept[0], swept[7]] {
            guard
                case .follow(let strategy) = try StrategyFile.load(
                    "disclosure-follow", settings: ["min_confidence=0"] + variant.settings)
            else {
                Issue.record("another strategy")
                return
            }
            let path = "\(scratch.path)/\(variant.settings.joined())"
            let run = try Run.make(strategy, timeline: timeline, at: path)
            let report = try BacktestReport(
                run, run: MergedLog(try EventLog.open(at: path)), name: "run",
                strategy: "disclosure-follow",
                startCash: strategy.startCash)
            #expect(variant.result == TrialResult(report, seal: run.head.seal))
            #expect(variant.result.closedTrades > 3)
            #expect(
                abs(variant.totalReturn - (report.returns.reduce(1) { $0 * (1 + $1) } - 1)) < 1e-12)
        }
        #expect(
            Set(swept.map(\.result.seal)).count == swept.count, "each variant trades its own way")
    }

    @Test("the table does not depend on the number of threads, and names the best")
    func table() throws {
        let timeline = try timeline()
        let feed = try TimelineFeed(timeline)
        let sessions = try #require(try TimelineSessions(timeline, window: ReplayWindow()))
        let tables = try [1, 4].map { lanes in
            SweepTable(
                strategy: "disclosure-follow", keys: ["stop", "max_sessions"], sessions: sessions,
                variants: try variants(feed, lanes: lanes)
            ) { _ in nil }
        }
        #expect(tables[0].text() == tables[1].text() && tables[0].json() == tables[1].json())
        let best = try #require(tables[0].best)
        let ratios = tables[0].variants.compactMap(\.result.value)
        #expect(ratios.count == 10 && ratios[best] == ratios.max())
        #expect(tables[0].overfitting?.splits == 12_870)
        #expect(tables[0].text().contains("Probability of backtest overfitting: "))
        #expect(!tables[0].text().contains("Deflated"), "no trial has a ratio here")
    }
}
