import EventLog
import Events
import FeedbackLoop
import Learning
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("What the loop says of a ticker when asked")
struct OpinionTests {
    private let folder = TemporaryFolder()
    private let world = SmallWorld(sessions: 420)

    private func timeline() throws -> EventLog {
        try SmallWorld.log(world.facts, kind: .timeline, at: "\(folder.path)/timeline")
    }

    @Test("asked at the end it says what the evaluations of the latest session said")
    func sameAsEvaluation() throws {
        let timeline = try timeline()
        let loop = try SmallWorld.strategy(SmallWorld.learning + ["gate=always"])
        let path = "\(folder.path)/run"
        _ = try Run.make(loop, timeline: timeline, at: path, trainer: StumpTrainer())
        var latest: [SignalGenerated] = []
        var suppressed: [SignalSuppressed] = []
        try EventLog.open(at: path).read { record in
            if let event = try? SignalGenerated(message: record.message) { latest.append(event) }
            if let event = try? SignalSuppressed(message: record.message) {
                suppressed.append(event)
            }
            return .proceed
        }
        latest = latest.filter { $0.day == world.days[419] }
        suppressed = suppressed.filter { $0.day == world.days[419] }
        #expect(latest.count + suppressed.count > 2, "\(latest.count) \(suppressed.count)")
        for event in latest {
            let opinion = try #require(
                try Run.opinion(
                    of: event.ticker, loop, timeline: timeline, trainer: StumpTrainer()))
            #expect(opinion.day == event.day && opinion.suppressed == nil)
            #expect(opinion.confidence == event.confidence && opinion.filings.kind == event.kind)
            #expect(
                opinion.features.map(\.bitPattern) == event.features.map { $0.value.bitPattern })
            guard case .model(let champion) = opinion.source else {
                Issue.record("\(event.ticker) is not answered by the champion")
                continue
            }
            #expect(champion.model == event.champion && opinion.regime == event.regime)
            #expect(opinion.probability.map { Float($0) } == event.machineProbability)
            #expect(opinion.side == event.machineSide)
        }
        for event in suppressed.prefix(3) {
            let opinion = try Run.opinion(
                of: event.ticker, loop, timeline: timeline, trainer: StumpTrainer())
            #expect(opinion?.suppressed == event.reason)
        }
    }

    @Test("asked of a finished run it says what a replay to the same end says")
    func sameAsReplay() throws {
        let run = try LearningRun(folder)
        for ticker in [Ticker("NONE")!] + SmallWorld.tickers.prefix(4) {
            let read = try Run.opinion(
                of: ticker, run.loop, run: run.merged, window: ReplayWindow(),
                trainer: run.trainer)
            let replayed = try Run.opinion(
                of: ticker, run.loop, timeline: run.timeline, trainer: run.trainer)
            #expect(read != nil && "\(read as Any)" == "\(replayed as Any)")
        }
    }

    @Test("without a champion momentum answers, without bars nobody, and filings need not exist")
    func withoutChampion() throws {
        let timeline = try timeline()
        let loop = try SmallWorld.strategy(SmallWorld.settings + ["train=false"])
        let opinion = try #require(
            try Run.opinion(of: Ticker("AAPL")!, loop, timeline: timeline))
        guard case .momentum(let momentum) = opinion.source else {
            Issue.record("momentum does not answer")
            return
        }
        #expect(opinion.probability == momentum.probability)
        #expect(opinion.confidence == momentum.confidence)
        #expect(opinion.side == MachineSide(momentum.probability, opinion.thresholds))
        let none = try #require(try Run.opinion(of: Ticker("NONE")!, loop, timeline: timeline))
        guard case .nobody = none.source else {
            Issue.record("somebody answers for a ticker without prices")
            return
        }
        #expect(none.side == .neutral && none.probability == nil && none.filings.buys == 0)
        #expect(none.suppressed == .tooFewPoliticians)
    }

    @Test("where a run's loop stands is what its events came to")
    func statistics() throws {
        let run = try LearningRun(folder)
        let statistics = try LoopStatistics(run.merged, run.loop, window: ReplayWindow())
        var (outcomes, wins, tenths) = (0, 0, run.configuration.startBlendTenths)
        var champion: Reference?
        try run.log.read { record in
            if let event = try? OutcomeRecorded(message: record.message) {
                outcomes += 1
                wins += event.netReturn > 0.005 ? 1 : 0
            }
            if let event = try? BlendWeightEvaluated(message: record.message) {
                tenths = Int(event.tenths)
            }
            if let event = try? ModelPromoted(message: record.message) { champion = event.model }
            return .proceed
        }
        #expect(outcomes > 50 && statistics.own.outcomes == outcomes)
        #expect(statistics.own.winRate == Double(wins) / Double(outcomes))
        #expect(statistics.recorded.outcomes == 0 && statistics.recorded.winRate == nil)
        #expect(statistics.standing.champion?.model == champion && champion != nil)
        #expect(statistics.standing.blendTenths == tenths)
        #expect(statistics.latestTraining != nil && statistics.latestFailure != nil)
    }
}
