import EventLog
import Events
import Learning
import Pipeline
import TestKit
import TestWorlds
import Testing

@testable import Backtest

/// A run that trains, promotes every model, and is reported on.
private struct TaughtRun {
    let page: ReportPage
    let run: OpenedRun
    private let scratch = TemporaryFolder()

    static let shared: TaughtRun = { try! TaughtRun() }()

    init() throws {
        let (folder, _) = try SmallWorld.data(
            SmallWorld(sessions: 420).facts, at: scratch.path,
            settings: SmallWorld.learning + ["gate=always"], trainer: StumpTrainer())
        run = try folder.openRun("feedback")
        page = try ReportPage(run, origin: try RunOrigin.read(run.log))
    }

    /// How many events of a type the run recorded.
    func count(_ template: UInt16) throws -> Int {
        var count = 0
        try run.merged.readOwn { _, message in
            if try MessageHeader(message).templateID == template { count += 1 }
            return .proceed
        }
        return count
    }
}

@Suite("The loop's section of a page")
struct LoopSectionTests {
    @Test("every training, comparison, promotion and evaluation of the run is in it once")
    func whole() throws {
        let taught = TaughtRun.shared
        let loop = taught.page.loop
        #expect(loop.requests == (try taught.count(TrainingRequested.templateID)))
        #expect(loop.trainings.count == (try taught.count(ModelTrained.templateID)))
        #expect(loop.decisions.count == (try taught.count(ModelCompared.templateID)))
        #expect(loop.reigns.count == (try taught.count(ModelPromoted.templateID)))
        #expect(loop.weights.count == (try taught.count(BlendWeightEvaluated.templateID)))
        #expect(loop.thresholds.count == (try taught.count(ThresholdsEvaluated.templateID)))
        #expect(loop.calibrations.count == (try taught.count(CalibrationFitted.templateID)))
        #expect(loop.reigns.count > 3 && loop.weights.count > 3)
        // One champion after the other, the last until the end.
        for (one, next) in zip(loop.reigns, loop.reigns.dropFirst()) {
            #expect(one.until == next.from)
        }
        #expect(loop.champion?.model == loop.reigns.last?.model)
        let html = taught.page.loopSection
        for title in ["Champions over time", "Decisions of the gate", "How much the model counts"] {
            #expect(html.contains(title), "\(title)")
        }
        #expect(taught.page.loopSentences.contains("promoted \(loop.reigns.count) and held"))
        #expect(!html.contains("nan") && !html.contains("inf%"))
    }

    @Test(
        "what was learnt before the window is counted, and in no chart; of one day the last holds")
    func window() throws {
        var page = TaughtRun.shared.page
        let all = page.loop.decisions.count
        page.report.daily = Array(page.report.daily.suffix(60))
        let first = try #require(page.report.daily.first?.day)
        let inside = page.loop.decisions.count { page.isCharted($0.at) }
        #expect(inside > 0 && inside < all)
        #expect(page.loop.decisions.filter { $0.at.day < first }.count == all - inside)
        #expect(page.loopSentences.contains("\(Figures.count(all)) comparisons promoted"))
        #expect(!page.loopSection.contains("nan"))
        var plot = Plot("steps", x: 0...10, y: 0...1)
        plot.steps([(0, 0.1), (0, 0.2), (5, 0.4)], until: 10, kind: "")
        let points = [(0, 0.2), (5, 0.2), (5, 0.4), (10, 0.4)].map {
            "\(plot.placeX($0.0)) \(plot.placeY($0.1))"
        }
        #expect(plot.svg.contains("M\(points.joined(separator: "L"))\""))
    }

    @Test("a strategy that trains nothing has no section of it")
    func untaught() throws {
        let market = try SmallMarket()
        _ = try market.run("plain", "disclosure-follow", [])
        let page = try market.page("plain")
        #expect(page.loop.requests == 0 && page.loopSection.isEmpty)
        #expect(!page.html(ChartLibrary(script: "", style: "")).contains("id=\"loop\""))
    }

    @Test("promotion, going back and retirement say who decided when")
    func reigns() throws {
        var loop = LoopHistory()
        func at(_ day: Int) -> Envelope {
            let instant = Instant(SmallFacts.weekday(day), hour: 3)
            return Envelope(knownAt: instant, recordedAt: instant, actor: .loop)
        }
        func promoted(_ model: UInt64, _ day: Int, who: String?) -> [UInt8] {
            ModelPromoted(
                envelope: at(day), model: .own(model), previous: .none, comparison: .none,
                artefact: .zero, follows: .none, cause: who == nil ? .gate : .person, who: who
            ).encoded()
        }
        let events: [[UInt8]] = [
            promoted(1, 0, who: nil), promoted(2, 3, who: "Ann <b>"),
            ModelRolledBack(
                envelope: at(5), model: .own(1), replaced: .own(2), follows: .own(12), who: "Bea"
            ).encoded(),
            ModelRetired(
                envelope: at(7), model: .own(1), successor: .none, ended: .own(13), reason: .person
            ).encoded(),
        ]
        for (place, event) in events.enumerated() {
            try loop.take(event.span.bytes, at: UInt64(11 + place))
        }
        #expect(loop.reigns.map(\.model) == [.own(1), .own(2), .own(1)])
        #expect(
            loop.reigns.map(\.cause) == ["the gate", "Ann <b>", "Bea, who went back to it"])
        #expect(loop.reigns.map { $0.until?.day } == [3, 5, 7].map { SmallFacts.weekday($0) })
        #expect(loop.champion == nil)
        var page = TaughtRun.shared.page
        page.loop = loop
        let html = page.loopSection
        #expect(html.contains("Ann &lt;b&gt;") && !html.contains("Ann <b>"))
    }
}
