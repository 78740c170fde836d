import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline
import TestKit
import TestWorlds
import Testing

@testable import Backtest

/// Signal filtering counts what the champion said, and not what the heuristic held.
@Suite("What the champion said")
struct ChampionCountsTests {
    /// Two strategies that differ in thresholds alone, over one world in which the loop trains.
    private struct Two {
        let runs: [ComparedRun]
        /// Of each run: sides of the champion's own predictions, by year, counted from the events.
        let sides: [[Int: [MachineSide: Int]]]

        static let shared: Two = { try! Two() }()

        init() throws {
            let scratch = TemporaryFolder()
            let timeline = try SmallWorld.log(
                SmallWorld(sessions: 420).facts, kind: .timeline, at: "\(scratch.path)/timeline")
            let feed = try TimelineFeed(timeline)
            var (runs, sides): ([ComparedRun], [[Int: [MachineSide: Int]]]) = ([], [])
            for (buy, sell) in [("0.6", "0.4"), ("0.52", "0.48")] {
                let loop = try SmallWorld.strategy(
                    SmallWorld.learning + [
                        "gate=always", "adaptive_thresholds=false", "buy_threshold=\(buy)",
                        "sell_threshold=\(sell)",
                    ])
                runs.append(
                    try ComparedRun.rehearse(
                        .loop(loop), name: "buy \(buy)", feed: feed, window: ReplayWindow(),
                        trainer: StumpTrainer()))
                var counted: [Int: [MachineSide: Int]] = [:]
                _ = try Run.rehearse(
                    loop, feed: feed, window: ReplayWindow(), trainer: StumpTrainer()
                ) { message in
                    let judged: (Day, MachineSide?)
                    switch try MessageHeader(message).templateID {
                    case SignalGenerated.templateID:
                        let event = try SignalGenerated(message: message)
                        judged = (
                            event.day, event.predictions.first { $0.role == .champion }?.side
                        )
                    case SignalSuppressed.templateID:
                        let event = try SignalSuppressed(message: message)
                        judged = (
                            event.day, event.predictions.first { $0.role == .champion }?.side
                        )
                    default: return
                    }
                    guard let side = judged.1 else { return }
                    counted[judged.0.civil.year, default: [:]][side, default: 0] += 1
                }
                sides.append(counted)
            }
            (self.runs, self.sides) = (runs, sides)
        }
    }

    private var counts: [SignalCounts] { Two.shared.runs.map(\.report.signals) }

    @Test("two strategies that differ in thresholds alone have different counts")
    func thresholds() {
        let (wide, narrow) = (counts[0].champion.whole, counts[1].champion.whole)
        #expect(wide.judged > 100 && wide.judged == narrow.judged)
        #expect(wide.neutrals > narrow.neutrals, "between the thresholds there is less room")
        #expect(wide.buys + wide.sells < narrow.buys + narrow.sells)
        func holds(_ counts: SignalCounts) -> Int? {
            counts.suppressed.first { $0.name == "hold" }?.count
        }
        #expect(holds(counts[0]) != nil && holds(counts[0]) == holds(counts[1]))
    }

    @Test("each evaluation is counted once, in its year, as its own champion's prediction says")
    func everyEvaluation() {
        for (counts, sides) in zip(counts, Two.shared.sides) {
            let years = counts.champion.years
            #expect(years.filter { $0.sides.judged > 0 }.map(\.year) == sides.keys.sorted())
            for year in years {
                #expect(year.sides.buys == sides[year.year]?[.buy] ?? 0)
                #expect(year.sides.sells == sides[year.year]?[.sell] ?? 0)
                #expect(year.sides.neutrals == sides[year.year]?[.neutral] ?? 0)
            }
            let whole = counts.champion.whole
            #expect(whole.judged == years.reduce(0) { $0 + $1.sides.judged })
            let all =
                counts.classes.reduce(0) { $0 + $1.count }
                + counts.suppressed.reduce(0) { $0 + $1.count }
            #expect(whole.judged + whole.unjudged == all && whole.unjudged > 0)
        }
    }

    @Test("a comparison shows both sides' counts with shares over time, in text, page and JSON")
    func shown() throws {
        let page = try ComparePage(
            Two.shared.runs.map { ComparePage.Side(name: $0.report.facts.run, run: $0) },
            family: TrialBook().family(TrialPlan.commonFamily), isSimulated: false)
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(page.json().utf8)) as? [String: Any])
        let signals = try #require(json["signals"] as? [String: [String: Any]])
        for (run, counts) in zip(Two.shared.runs, counts) {
            let name = run.report.facts.run
            let champion = try #require(signals[name]?["champion"] as? [String: Any])
            let whole = counts.champion.whole
            #expect(champion["neutral"] as? Int == whole.neutrals)
            #expect(champion["neutral_share"] as? Double == whole.share(whole.neutrals))
            #expect((champion["years"] as? [Any])?.count == counts.champion.years.count)
            #expect(signals[name]?["heuristic_holds"] as? Int ?? 0 > 0)
            #expect(page.text().contains("\(name)'s champion"))
            #expect(run.report.text().contains("The champion said"))
            #expect(run.report.json().contains("\"champion\":{\"judged\":\(whole.judged),"))
            let cell = ">\(Figures.percent(whole.share(whole.neutrals), 1))</td>"
            #expect(page.html(ChartLibrary(script: "", style: "")).contains(cell), "\(cell)")
        }
        #expect(
            page.html(ChartLibrary(script: "", style: "")).contains(
                "<h2>What the champions said</h2>"))
        #expect(page.text().contains("of which held by the heuristic"))
        #expect(!page.text().contains("of which neutral"))
    }
}
