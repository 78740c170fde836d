import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Pipeline
import TestKit
import TestWorlds
import Testing

@testable import Backtest

/// A comparison over a small world in which the loop trains.
private struct SmallComparison {
    var page: ComparePage

    static let shared: SmallComparison = { try! SmallComparison() }()

    init() throws {
        let scratch = TemporaryFolder()
        let timeline = try SmallWorld.log(
            SmallWorld(sessions: 420).facts, kind: .timeline, at: "\(scratch.path)/timeline")
        let feed = try TimelineFeed(timeline)
        let plain: BuiltStrategy = .loop(
            try SmallWorld.strategy(SmallWorld.settings + ["train=false"]))
        let taught: BuiltStrategy = .loop(
            try SmallWorld.strategy(SmallWorld.learning + ["gate=always"]))
        func run(_ strategy: BuiltStrategy, _ name: String) throws -> ComparedRun {
            try ComparedRun.rehearse(
                strategy, name: name, feed: feed, window: ReplayWindow(),
                trainer: StumpTrainer())
        }
        let facts = try CycleFacts(feed, plain)
        var sides = [
            ComparePage.Side(name: "plain", run: try run(plain, "plain")),
            ComparePage.Side(name: "taught <b>", run: try run(taught, "taught <b>")),
        ]
        for place in sides.indices {
            let report = sides[place].run.report
            sides[place].counterfactuals = [(.knownWhenTraded, report), (.slippage(0), report)]
            sides[place].control = ControlTest(
                observed: report.excessRatio, permuted: [0, 1, report.excessRatio])
            sides[place].measureCycles(facts, place == 0 ? plain : taught)
        }
        page = try ComparePage(
            sides, family: TrialBook().family(TrialPlan.commonFamily), isSimulated: false)
        page.movable = (3, 5)
        page.contests[0].seeds = try page.contests[0].comparison.tally(
            seeds: 5, draws: 300, lanes: 2)
        let fix = Ablation.Fix(name: "train", given: ["train=true"], taken: ["train=false"])
        page.ablation = try Ablation(
            sides[0].run.report, sides[1].run.report,
            [(fix, sides[1].run.report, sides[0].run.report)], draws: 500)
    }
}

@Suite("The page of a comparison")
struct ComparePageTests {
    private let page = SmallComparison.shared.page

    @Test("cycles follow one another, and hold every session and every closed trade once")
    func cycles() throws {
        let side = page.sides[1]
        let numbered = side.cycles.filter { $0.number != nil }
        #expect(numbered.count > 5)
        #expect(zip(numbered, numbered.dropFirst()).allSatisfy { $0.to < $1.from })
        #expect(zip(numbered, numbered.dropFirst()).allSatisfy { $0.number! < $1.number! })
        #expect(numbered.reduce(0) { $0 + $1.sessions } == side.run.report.daily.count)
        #expect(numbered.reduce(0) { $0 + $1.trades } == side.run.report.trades.count)
        #expect(
            numbered.reduce(0) { $0 + $1.promotions } == side.run.learning.promotions.count)
        #expect(numbered[0].outcomeRows == nil && numbered[1].outcomeRows ?? 0 > 0)
        #expect(page.sides[0].cycles.map(\.number) == [0])
    }

    @Test("the verdict under other seeds is counted, and stands in text and JSON")
    func seeds() throws {
        let comparison = page.contests[0].comparison
        let tally = try #require(page.contests[0].seeds)
        #expect(tally.seeds == 5 && tally.counts.reduce(0, +) == 5)
        let each = try (1...5).map { seed in
            try #require(
                PrimaryDifference(
                    try ExcessPairs(comparison.reference, comparison.challenger),
                    meanBlock: Comparison.meanBlock, draws: 300, seed: UInt64(seed)))
        }
        #expect(tally.low.lowerBound == each.map(\.interval.low).min())
        #expect(tally.high.upperBound == each.map(\.interval.high).max())
        #expect(tally.low.lowerBound < tally.low.upperBound, "seeds differ")
        #expect(page.text().contains("  with seeds 1 to 5 of the draws: "))
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(page.json().utf8)) as? [String: Any])
        let contests = try #require(json["comparisons"] as? [[String: Any]])
        #expect((contests[0]["seeds"] as? [String: Any])?["seeds"] as? Int == 5)
        #expect(try comparison.tally(seeds: 0) == nil)
    }

    @Test("the pooled cycle is all from the second training on")
    func pooled() throws {
        let side = page.sides[1]
        let pooled = try #require(side.cycles.last)
        let later = side.cycles.filter { $0.number.map { $0 >= 2 } ?? false }
        #expect(pooled.number == nil && pooled.from == later.first?.from)
        #expect(pooled.sessions == later.reduce(0) { $0 + $1.sessions })
        #expect(pooled.trades == later.reduce(0) { $0 + $1.trades })
        #expect(pooled.wins == later.reduce(0) { $0 + $1.wins })
        #expect(pooled.winRate != nil && pooled.trades < 30)
        #expect(pooled.winRateInterval == nil && pooled.sharpeInterval == nil, "too few trades")
        let report = ScarcityTests.run("long", trades: 90)
        let interval = try #require(
            CycleSums(report, 0..<report.daily.count, report.trades).intervals().winRate)
        let rate = try #require(report.whole.trades.winRate)
        #expect(interval.low < rate && rate < interval.high)
    }

    @Test("a target is met when the interval lies above it, and insufficient when little is known")
    func targets() throws {
        var cycle = try #require(page.sides[1].cycles.last)
        cycle.sessions = 252
        cycle.trades = 100
        cycle.winRateInterval = .init(low: 0.31, high: 0.5)
        cycle.sharpeInterval = .init(low: -0.1, high: 3)
        #expect(cycle.winRateTarget == .met && cycle.sharpeTarget == .notMet)
        cycle.winRateInterval?.low = 0.3
        #expect(cycle.winRateTarget == .notMet)
        cycle.trades = 99
        #expect(cycle.winRateTarget == .insufficient && cycle.sharpeTarget == .insufficient)
    }

    @Test("the verdict stands before every other figure, and what nobody can trade is marked")
    func text() throws {
        let text = page.text()
        let verdict = try #require(text.range(of: "taught <b> against plain: "))
        let secondary = try #require(text.range(of: "Secondary, without a verdict"))
        #expect(verdict.lowerBound < secondary.lowerBound)
        #expect(text.contains("NOT TRADABLE: filings known on their trade dates"))
        #expect(text.contains("  3 of 5 filings stand in a group"))
        #expect(text.contains("added alone to plain") && text.contains("taken alone from taught"))
        let words = text.split { $0 == " " || $0 == "\n" || $0 == "," }
        #expect(!words.contains { ["nan", "-nan", "inf", "-inf"].contains($0) })
        let word = try #require(page.contests.first).comparison.verdict.rawValue
        #expect(text.contains("against plain: \(word.uppercased())"))
    }

    @Test("the page asks for nothing, and keeps names as text")
    func html() {
        let html = page.html(ChartLibrary(script: "/* library */", style: ""))
        for part in ["://", "src=", "url(", "@import", "<link"] {
            #expect(!html.contains(part), "\(part)")
        }
        #expect(!html.contains("taught <b>") && html.contains("taught &lt;b&gt;"))
        #expect(html.contains("\"name\":\"taught \\u003cb\\u003e\""))
        #expect(html.components(separatedBy: "</script>").count == 4, "its own three scripts")
        var marked = page
        let bad = "<svg onload=alert(1)>\"'&"
        marked.sides[0].run.report.facts.flags = [bad]
        marked.sides[1].run.report.facts.notes = [bad]
        marked.sides[0].run.report.facts.hindsight = [NamedCount(bad, 3)]
        marked.family = TrialBook().family(bad)
        let text = marked.html(ChartLibrary(script: "", style: ""))
        #expect(!text.contains("<svg onload"))
        #expect(
            text.components(separatedBy: "&lt;svg onload=alert(1)&gt;&quot;&#39;&amp;").count > 4)
        #expect(!html.contains(">nan<") && !html.contains("NaN") && !html.contains(">inf<"))
        for title in [
            "How sure it is", "Each difference alone", "Shuffled tickers", "Retraining cycles",
        ] {
            #expect(html.contains("<h2>\(title)</h2>"), "\(title)")
        }
        #expect(page.html(ChartLibrary(script: "/* library */", style: "")) == html)
    }

    @Test("the verdict and its interval stand first; warnings are named before, and follow")
    func verdictFirst() throws {
        var page = page
        page.isSimulated = true
        page.sides[0].run.report.facts.flags = ["SIMULATED data"]
        let html = page.html(ChartLibrary(script: "", style: ""))
        let contest = try #require(page.contests.first)
        let places = try ["simulated data</a>", "class=\"verdict ", "id=\"warnings\"", "<nav"].map {
            try #require(html.range(of: $0), "\($0)").lowerBound
        }
        #expect(places == places.sorted())
        #expect(html.contains(">\(contest.comparison.verdict.rawValue)</p>"))
        if let primary = contest.comparison.primary {
            #expect(html.contains("<b>\(page.interval(primary))</b>"))
        }
        let report = ScarcityTests.run("long", trades: 120)
        var other = ScarcityTests.run("other <i>", trades: 120)
        for place in other.daily.indices where place % 2 == 0 {
            other.daily[place].value = other.daily[place].value + Money(dollars: Double(place % 7))
        }
        page.contests[0].comparison = try Comparison(report, other, draws: 300)
        let known = page.html(ChartLibrary(script: "", style: ""))
        let primary = try #require(page.contests[0].comparison.primary)
        #expect(known.contains("<b>\(page.interval(primary))</b>"))
        // The forest plot names each of its rows, with the figures.
        let plot = try #require(known.range(of: "all sessions: this decides</text>"))
        #expect(known[plot.upperBound...].hasPrefix("<text class=\"strong\""))
        #expect(known.contains("blocks of 5 sessions</text>"))
        #expect(!known.contains("other <i>") && known.contains("other &lt;i&gt; is better"))
    }

    @Test("the JSON reads back, with the runs from which all can be computed again")
    func json() throws {
        let read = try JSONSerialization.jsonObject(with: Data(page.json().utf8))
        let object = try #require(read as? [String: Any])
        let runs = try #require(object["runs"] as? [[String: Any]])
        #expect(runs.compactMap { $0["run"] as? String } == ["plain", "taught <b>"])
        let contests = try #require(object["comparisons"] as? [[String: Any]])
        let primary = try #require(contests.first?["primary"] as? [String: Any])
        let own = try #require(page.contests.first?.comparison.primary)
        #expect(agrees(primary["low"] as? Double, own.interval.low))
        let cycles = try #require(object["cycles"] as? [String: [Any]])
        #expect(cycles["taught <b>"]?.count == page.sides[1].cycles.count)
        #expect((object["ablation"] as? [Any])?.count == 2)
    }

    @Test("the fix that is the whole difference is worth the whole difference, both ways")
    func wholeFix() throws {
        let rows = try #require(page.ablation).rows
        let whole = try #require(page.contests.first?.comparison.primary)
        #expect(rows.map(\.isAdded) == [true, false])
        #expect(rows.allSatisfy { $0.primary?.difference == whole.difference })
        #expect(rows[0].adjusted == rows[1].adjusted)
    }

    @Test("all fixes together make the baseline the feedback loop, and each can stand alone")
    func fixes() throws {
        let fixes = Ablation.fixes(.baseline, .feedback)
        #expect(fixes.count > 5)
        #expect(Set(fixes.map(\.name)).count == fixes.count)
        func configuration(_ name: String, _ settings: [String]) throws -> LoopConfiguration {
            guard case .loop(let loop) = try StrategyFile.load(name, settings: settings) else {
                throw CancellationError()
            }
            return loop.configuration
        }
        #expect(try configuration("baseline", fixes.flatMap(\.given)) == .feedback)
        #expect(try configuration("feedback", fixes.flatMap(\.taken)) == .baseline)
        for fix in fixes {
            #expect(try configuration("baseline", fix.given) != .baseline)
            #expect(try configuration("feedback", fix.taken) != .feedback)
        }
        #expect(Ablation.fixes(.feedback, .feedback).isEmpty)
    }

    @Test("where models decide, a report's variants train models of their own")
    func taughtVariants() throws {
        let scratch = TemporaryFolder()
        let settings = SmallWorld.learning + ["gate=always"]
        let (folder, _) = try SmallWorld.data(
            SmallWorld(sessions: 420).facts, at: scratch.path, settings: settings,
            trainer: StumpTrainer())
        let run = try folder.openRun("feedback")
        let timeline = run.timeline
        let page = try ReportPage(run, origin: try RunOrigin.read(run.log))
        let curves = try VariantCurves.measure(page, of: run, trainer: StumpTrainer())
        let dear = try BacktestReport.rehearse(
            try SmallWorld.strategy(settings + ["slippage_bp=20"]), timeline: timeline,
            window: ReplayWindow(), trainer: StumpTrainer(), name: "dear")
        let blind = try BacktestReport.rehearse(
            try SmallWorld.strategy(settings + ["slippage_bp=20", "train=false"]),
            timeline: timeline, window: ReplayWindow(), name: "blind")
        #expect(curves.costs[3].totalReturn == dear.whole.returns.totalReturn)
        #expect(curves.costs[3].totalReturn != blind.whole.returns.totalReturn)
    }
}
