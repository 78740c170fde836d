import Audit
import EventLog
import Events
import FeedbackLoop
import Learning
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("Trades made elsewhere")
struct RecordedTradeTests {
    private let folder = TemporaryFolder()
    private let world = SmallWorld(sessions: 420)

    private func run(
        _ name: String, _ acts: [any EventMessage], settings: [String] = SmallWorld.learning
    ) throws -> (result: Run.Result, run: EventLog, timeline: EventLog, loop: LoopStrategy) {
        let timeline = try SmallWorld.log(
            try world.facts(with: acts), kind: .timeline, at: "\(folder.path)/\(name)-timeline")
        let loop = try SmallWorld.strategy(settings)
        let path = "\(folder.path)/\(name)"
        let result = try Run.make(loop, timeline: timeline, at: path, trainer: StumpTrainer())
        return (result, try EventLog.open(at: path), timeline, loop)
    }

    private func noon(_ session: Int) -> Instant { Instant(world.days[session] + 1, hour: 12) }

    private func outcomes(_ log: EventLog) throws -> [OutcomeRecorded] {
        var found: [OutcomeRecorded] = []
        try log.read { record in
            if let event = try? OutcomeRecorded(message: record.message), event.source == .recorded
            {
                found.append(event)
            }
            return .proceed
        }
        return found
    }

    /// The index from the last close before a day, for it has no opens here, to that of another.
    private func indexReturn(_ from: Day, _ to: Day) throws -> Double {
        var levels: [(day: Day, close: Double)] = []
        for fact in world.facts
        where try MessageHeader(fact.span.bytes).templateID == IndexClosed.templateID {
            let event = try IndexClosedView(fact.span.bytes)
            levels.append((event.day, event.close))
        }
        let entry = try #require(levels.last { $0.day < from }?.close)
        let exit = try #require(levels.last { $0.day <= to }?.close)
        return exit / entry - 1
    }

    @Test(
        "long and short, won and lost: the outcome is the trade's own, the label the long side's",
        arguments: [
            (Direction.long, 0.1, OutcomeClass.win, OutcomeClass.win),
            (.long, -0.1, .loss, .loss), (.short, -0.1, .win, .loss), (.short, 0.1, .loss, .win),
        ])
    func directions(
        direction: Direction, gain: Double, outcome: OutcomeClass, label: OutcomeClass
    ) throws {
        let trade = SmallWorld.trade(
            "AAPL", direction, gain: gain, entered: noon(150), exited: noon(160),
            recorded: noon(170))
        let acted = try run("acted", [trade])
        let event = try #require(try outcomes(acted.run).first)
        #expect(event.outcome == outcome && event.label == label)
        #expect(event.untrainable == nil && event.envelope.knownAt == noon(170))
        #expect(event.direction == direction && event.entryOrder.isTimeline)
        let net = direction == .short ? -gain : gain
        #expect(abs(event.netReturn - net) < 1e-12)
        #expect(abs(event.returnDollars.dollars - net * 1_000) < 1e-6)
        // The features are those of the latest evaluation that was known at the entry.
        var latest: (Reference, [Float])?
        try acted.run.read { record in
            let at = try Envelope(message: record.message).knownAt
            guard at <= noon(150) else { return .stop }
            if let signal = try? SignalGenerated(message: record.message),
                signal.ticker == trade.ticker
            {
                latest = (.own(record.position), signal.features.map(\.value))
            }
            if let signal = try? SignalSuppressed(message: record.message),
                signal.ticker == trade.ticker
            {
                latest = (.own(record.position), signal.features.map(\.value))
            }
            return .proceed
        }
        let known = try #require(latest)
        #expect(event.signal == known.0)
        #expect(event.features.map { $0.value.bitPattern } == known.1.map(\.bitPattern))
        var taught: [TrainingSet.Used] = []
        try TrainingReplay.each(
            of: MergedLog(acted.run, over: acted.timeline), acted.loop.configuration
        ) { recomputed in
            if let model = recomputed.training?.model {
                #expect(model.trainingSet == recomputed.digest)
            }
            taught += recomputed.set.part.filter {
                $0.source == .outcome && $0.row.signal == event.signal
            }
        }
        // Labels are measured by the index, of the long side.
        let index = try #require(event.indexReturn)
        let level = try indexReturn(noon(150).day, noon(160).day)
        #expect(abs(index - level) < 1e-12)
        let long = (direction == .short ? -net : net) - index
        let used = try #require(taught.first)
        #expect(abs(used.netReturn - long) < 1e-12)
        #expect(used.outcome == (long > 0.005 ? .win : long < -0.005 ? .loss : .breakeven))
        let audit = try Causality.check(
            run: acted.run, timeline: acted.timeline, configuration: acted.loop.configuration)
        #expect(audit.isSound, "\(audit.findings)")
    }

    @Test("without an entry time, without features, or told after another: counted with the reason")
    func untrainable() throws {
        let acts = [
            SmallWorld.trade(
                "AAPL", .long, gain: 0.1, entered: nil, exited: noon(160), recorded: noon(170)),
            SmallWorld.trade(
                "ZZZ", .long, gain: 0.1, entered: noon(150), exited: nil, recorded: noon(171)),
            SmallWorld.trade(
                "AAPL", .long, gain: 0.1, entered: Instant(world.days[0], hour: 3),
                exited: noon(160), recorded: noon(172)),
            SmallWorld.trade(
                "MSFT", .long, gain: 0.1, entered: noon(150), exited: noon(160), recorded: noon(173)
            ),
            SmallWorld.trade(
                "MSFT", .long, gain: 0.2, entered: noon(150), exited: noon(160), recorded: noon(174)
            ),
        ]
        let acted = try run("acted", acts)
        let events = try outcomes(acted.run)
        #expect(
            events.map(\.untrainable)
                == [.noEntryTime, .noFeatures, .noFeatures, nil, .duplicate])
        #expect(events.map { $0.features.isEmpty } == [true, true, true, false, false])
        let end = try TrainingReplay.set(
            of: MergedLog(acted.run, over: acted.timeline), acted.loop.configuration,
            asOf: .end, job: .feedbackRetraining)
        func unused(_ reason: UnusedRowReason) -> Int {
            end.set.unused.first { $0.reason == reason }?.count ?? 0
        }
        #expect(unused(.noEntryTime) == 1 && unused(.noFeatures) >= 2 && unused(.duplicate) >= 1)
    }

    @Test("the portfolio, its trades and the shadow arms are what they were without them")
    func apart() throws {
        let settings = SmallWorld.settings + ["train=false"]
        let trades = (0..<40).map {
            SmallWorld.trade(
                "AAPL", $0 % 2 == 0 ? .long : .short, gain: 0.5, entered: noon(100 + $0),
                exited: noon(150 + $0), recorded: noon(200 + $0))
        }
        let quiet = try run("quiet", [], settings: settings)
        let acted = try run("acted", trades, settings: settings)
        #expect(quiet.result.marks == acted.result.marks)
        #expect(try outcomes(acted.run).count == 40)
        let again = try RunReading.result(
            of: MergedLog(acted.run, over: acted.timeline), strategy: acted.loop,
            window: ReplayWindow())
        #expect(again.marks == quiet.result.marks)
        func own(_ log: EventLog) throws -> Int {
            var count = 0
            try log.read { record in
                if let event = try? OutcomeRecorded(message: record.message), event.source == .loop
                {
                    count += 1
                }
                return .proceed
            }
            return count
        }
        #expect(try own(quiet.run) == own(acted.run))
    }

    @Test("a trade held longer than the simulator holds waits until it was closed")
    func longHeld() throws {
        let trade = SmallWorld.trade(
            "AAPL", .long, gain: 0.4, entered: noon(200), exited: noon(290), recorded: noon(291))
        let acted = try run(
            "acted", [trade], settings: SmallWorld.learning + ["outcome_window_days=400"])
        let event = try #require(try outcomes(acted.run).first)
        var seen = 0
        try TrainingReplay.each(
            of: MergedLog(acted.run, over: acted.timeline), acted.loop.configuration
        ) { recomputed in
            for used in recomputed.set.part where used.row.signal == event.signal {
                guard used.source == .outcome else { continue }
                seen += 1
                let first = try #require(recomputed.set.holdout.first)
                #expect(world.days[290] < first.row.decidedOn)
            }
        }
        #expect(seen > 0)
        let audit = try Causality.check(
            run: acted.run, timeline: acted.timeline, configuration: acted.loop.configuration)
        #expect(audit.isSound && audit.trainingSets > 5, "\(audit.findings.prefix(3))")
    }
}
