import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline
import TestKit
import TestWorlds
import Testing

@testable import Backtest

/// The five criteria of the first replaced system, each with its figure.
@Suite("Success criteria")
struct CriteriaTests {
    /// A loop that trains, in a comparison that looks at everything, and its events.
    private struct Learned {
        let page: ComparePage
        var side: ComparePage.Side { page.sides[1] }
        var report: BacktestReport { side.run.report }

        static let shared: Learned = { try! Learned() }()

        init() throws {
            let scratch = TemporaryFolder()
            let timeline = try SmallWorld.log(
                SmallWorld(sessions: 420).facts, kind: .timeline, at: "\(scratch.path)/timeline")
            let feed = try TimelineFeed(timeline)
            let trainer = StumpTrainer()
            let built: [BuiltStrategy] = [
                .loop(try SmallWorld.strategy(SmallWorld.settings + ["train=false"])),
                .loop(
                    try SmallWorld.strategy(
                        SmallWorld.learning + ["gate=always", "label_return=net"])),
            ]
            var sides = try zip(["plain", "taught"], built).map { name, built in
                ComparePage.Side(
                    name: name,
                    run: try ComparedRun.rehearse(
                        built, name: name, feed: feed, window: ReplayWindow(), trainer: trainer,
                        keepsRows: true))
            }
            for place in sides.indices {
                try sides[place].judgePromotions(feed, built[place]) {
                    try trainer.load(try trainer.stored($0))
                }
            }
            page = try ComparePage(
                sides, family: TrialBook().family(TrialPlan.commonFamily), isSimulated: false)
        }
    }

    @Test("one table has all five, met, not met or insufficient, in report, comparison and page")
    func table() throws {
        let learned = Learned.shared
        let criteria = try #require(learned.report.criteria)
        #expect(
            criteria.all.map(\.key) == [
                "win_rate", "sharpe", "monthly_retraining", "regressions", "blend_weight",
            ])
        for text in [learned.report.text(), learned.page.text()] {
            for criterion in criteria.all {
                let line = try #require(
                    text.split(separator: "\n").first {
                        $0.contains(criterion.promise) && $0.contains(criterion.state.rawValue)
                    })
                #expect(line.hasSuffix(criterion.figure))
            }
        }
        let html = learned.page.html(ChartLibrary(script: "", style: ""))
        #expect(html.contains("<h2>Success criteria</h2>"))
        #expect(criteria.all.allSatisfy { html.contains(Markup.escaped($0.promise)) })
        #expect(learned.report.learningHTML.contains("Success criteria"))
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(learned.page.json().utf8))
                as? [String: Any])
        let all = try #require(json["criteria"] as? [String: Any])
        #expect((all["taught"] as? [[String: Any]])?.count == 5 && all["plain"] is NSNull)
        #expect(learned.page.sides[0].run.report.criteria == nil, "it never retrains")
    }

    @Test(
        "under 252 sessions or 100 trades after the second cycle nothing is said of rate and ratio")
    func thin() throws {
        let criteria = try #require(Learned.shared.report.criteria)
        #expect(criteria.all[0].state == .insufficient && criteria.all[1].state == .insufficient)
        #expect(criteria.all[1].figure.hasPrefix("n/a; "), "too few trades for a ratio")
        let wins = Learned.shared.report.learning.trainings[1]
        let first = Learned.shared.report.firstSession(onOrAfter: wins.at.day)
        let day = Learned.shared.report.daily[first].day
        let entered = Learned.shared.report.trades.filter { $0.entryDay >= day }
        let rate = Double(entered.count { $0.netReturn > 0.005 }) / Double(entered.count)
        #expect(criteria.all[0].figure.hasPrefix(Figures.percent(rate, 1)))
    }

    @Test("monthly jobs are counted as due, trained, and failed by reason")
    func monthly() throws {
        let jobs = Learned.shared.report.learning.monthly
        let figure = SuccessCriteria.monthly(jobs).figure
        #expect(jobs.due > 12 && jobs.trained > 5)
        #expect(jobs.due == jobs.trained + jobs.failed.reduce(0) { $0 + $1.count })
        #expect(figure.hasPrefix("\(jobs.due) due, \(jobs.trained) trained; failed: "))
        var some = LearningTally.Monthly()
        (some.due, some.trained) = (12, 10)
        some.failed = [NamedCount("tooFewRows", 2)]
        #expect(SuccessCriteria.monthly(some).state == .met, "both before the first success")
        some.failedLater = 1
        #expect(SuccessCriteria.monthly(some).state == .notMet)
        #expect(SuccessCriteria.monthly(some).figure.contains("tooFewRows 2, 1 of them behind"))
        some.due = 11
        #expect(SuccessCriteria.monthly(some).state == .insufficient)
    }

    @Test("promotions that later rows call regressions are counted")
    func regressions() throws {
        var report = Learned.shared.report
        let found = try #require(report.promotions)
        #expect(found.count == report.learning.promotions.count && found.count > 5)
        let promoted = try #require(found.first).promoted
        func after(_ rows: Int, _ new: Int, _ old: Int) -> PromotionAfter {
            PromotionAfter(promoted: promoted, rows: rows, correctNew: new, correctOld: old)
        }
        report.promotions = [after(99, 0, 99)]
        #expect(SuccessCriteria.promotions(report).state == .insufficient, "under 100 rows")
        report.promotions = [after(100, 50, 50), after(99, 0, 99)]
        #expect(SuccessCriteria.promotions(report).state == .met)
        report.promotions = [after(100, 49, 50), after(100, 60, 50)]
        let criterion = SuccessCriteria.promotions(report)
        #expect(criterion.state == .notMet && criterion.figure.hasSuffix(": 1 regressed"))
        #expect(report.text().contains("mature: 1 of 2 regressed"))
        #expect(report.json().contains("\"regressed_promotions\":1"))
        report.promotions = nil
        #expect(SuccessCriteria.promotions(report).state == .insufficient)
        #expect(report.json().contains("\"regressed_promotions\":null"))
    }

    @Test("a move of the weight is borne out when its arm is ahead in the next judgement")
    func weight() {
        func weights(_ pairs: [(moved: Int, lead: Double?)]) -> [LearningTally.Weight] {
            pairs.map {
                LearningTally.Weight(
                    at: Instant(rawValue: 0), tenths: 2, moved: $0.moved, lead: $0.lead)
            }
        }
        let ahead = weights(Array(repeating: (1, 0.1), count: 11))
        let good = SuccessCriteria.weight(ahead)
        #expect(good.state == .met)
        #expect(
            good.figure
                == "11 moves, 10 with a judgement behind them: 10 borne out by what both arms earned "
                + "then")
        #expect(SuccessCriteria.weight(Array(ahead.dropFirst())).state == .insufficient)
        let behind = weights(Array(repeating: (1, -0.1), count: 11))
        #expect(SuccessCriteria.weight(behind).state == .notMet)
        // What could not be judged is passed over: the next that was is looked at.
        let gaps = weights([(1, 0.1), (0, nil), (0, 0.2)])
        #expect(SuccessCriteria.weight(gaps).figure.hasPrefix("1 moves, 1 with a judgement"))
        #expect(SuccessCriteria.weight(gaps).figure.contains(": 1 borne out"))
    }

    @Test(
        "the chance of so many heads is that of a fair coin",
        arguments: [(0, 0, 1.0), (10, 10, 1.0 / 1024), (8, 10, 56.0 / 1024), (0, 7, 1.0)])
    func coin(heads: Int, tosses: Int, chance: Double) {
        #expect(agrees(SuccessCriteria.tail(heads, of: tosses), chance))
    }
}
