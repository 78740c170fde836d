import Audit
import EventLog
import Events
import FeedbackLoop
import Learning
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("What a person does is a fact that every replay reads at its instant")
struct OperatorTests {
    private let folder = TemporaryFolder()
    private let world = SmallWorld(sessions: 420)

    /// A run over the world with acts in it.
    private func run(
        _ name: String, _ acts: [any EventMessage], settings: [String] = [],
        trainer: any Trainer = StumpTrainer()
    ) throws -> (run: EventLog, timeline: EventLog, loop: LoopStrategy) {
        let timeline = try SmallWorld.log(
            try world.facts(with: acts), kind: .timeline, at: "\(folder.path)/\(name)-timeline")
        let loop = try SmallWorld.strategy(SmallWorld.learning + settings)
        let path = "\(folder.path)/\(name)"
        _ = try Run.make(loop, timeline: timeline, at: path, trainer: trainer)
        return (try EventLog.open(at: path), timeline, loop)
    }

    /// The instant after so many sessions, at noon.
    private func noon(_ session: Int) -> Instant { Instant(world.days[session] + 1, hour: 12) }

    private func events<Event: EventMessage>(_ log: EventLog, _ type: Event.Type) throws
        -> [(position: UInt64, event: Event)]
    {
        var found: [(UInt64, Event)] = []
        try log.read { record in
            if try MessageHeader(record.message).templateID == Event.templateID {
                found.append((record.position, try Event(message: record.message)))
            }
            return .proceed
        }
        return found
    }

    @Test("a promotion makes the model champion from its instant on, with who and why")
    func promotes() throws {
        let quiet = try run("quiet", [])
        let trained = try events(quiet.run, ModelTrained.self)
        let old = try #require(trained.first { $0.event.envelope.knownAt < noon(300) })
        let acted = try run("acted", [SmallWorld.promotion(old.event.artefact, at: noon(300))])
        let promotions = try events(acted.run, ModelPromoted.self)
        let promotion = try #require(promotions.first { $0.event.cause == .person })
        #expect(promotion.event.envelope.knownAt == noon(300))
        #expect(promotion.event.model == .own(old.position) && promotion.event.who == "ann")
        #expect(String(decoding: promotion.event.text, as: UTF8.self) == "it looks right")
        #expect(
            promotion.event.comparison == .none && promotion.event.envelope.causation.isTimeline)
        var (before, after, champion) = (0, 0, Reference.none)
        try acted.run.read { record in
            if let event = try? ModelPromoted(message: record.message) { champion = event.model }
            guard let signal = try? SignalGenerated(message: record.message) else {
                return .proceed
            }
            #expect(signal.champion == champion, "r\(record.position)")
            if signal.champion == .own(old.position) { after += 1 } else { before += 1 }
            return .proceed
        }
        #expect(before > 100 && after > 10, "\(before) \(after)")
        let seen = try events(quiet.run, SignalGenerated.self)
        let again = try events(acted.run, SignalGenerated.self)
        for (left, right) in zip(seen, again) where left.event.envelope.knownAt < noon(300) {
            #expect(left.event.encoded() == right.event.encoded(), "nothing before it is changed")
        }
        let audit = try Causality.check(
            run: acted.run, timeline: acted.timeline, configuration: acted.loop.configuration)
        #expect(audit.isSound, "\(audit.findings)")
    }

    @Test("a model that the run has not trained by then is refused, with the reason")
    func unknownModel() throws {
        let quiet = try run("quiet", [])
        let trained = try events(quiet.run, ModelTrained.self)
        let late = try #require(trained.last?.event)
        let acts = [
            SmallWorld.promotion(Digest(w0: 1, w1: 2, w2: 3, w3: 4), at: noon(200)),
            SmallWorld.promotion(late.artefact, at: noon(201)),
        ]
        let acted = try run("acted", acts)
        let failed = try events(acted.run, JobFailed.self).filter { $0.event.start.isTimeline }
        #expect(failed.count == 2)
        for (_, event) in failed {
            #expect(String(decoding: event.text, as: UTF8.self).contains("had trained by then"))
        }
        #expect(try events(acted.run, ModelPromoted.self).allSatisfy { $0.event.cause == .gate })
    }

    @Test("a lost artefact is refused, and the champion stays")
    func lostArtefact() throws {
        let settings = ["gate=always"]
        let quiet = try run("quiet", [], settings: settings)
        let old = try #require(try events(quiet.run, ModelTrained.self).first)
        let acts: [any EventMessage] = [
            SmallWorld.promotion(old.event.artefact, at: noon(400)),
            SmallWorld.rollback(at: noon(401)),
        ]
        let acted = try run(
            "acted", acts, settings: settings, trainer: StumpTrainer(losing: true))
        let failed = try events(acted.run, JobFailed.self).filter { $0.event.start.isTimeline }
        #expect(failed.count == 2)
        for (_, event) in failed {
            #expect(String(decoding: event.text, as: UTF8.self).contains("no stump"))
        }
        #expect(try events(acted.run, ModelRolledBack.self).isEmpty)
        let promotions = try events(acted.run, ModelPromoted.self)
        let expected = try events(quiet.run, ModelPromoted.self).count
        #expect(promotions.count == expected)
        #expect(promotions.allSatisfy { $0.event.cause == .everyModel })
    }

    @Test("a rollback goes back one champion, and from the first to none")
    func rollsBack() throws {
        let quiet = try run("quiet", [])
        let trained = try events(quiet.run, ModelTrained.self)
            .filter { $0.event.envelope.knownAt < noon(300) }.map(\.event.artefact)
        let artefacts = (trained[0], trained[trained.count - 1])
        #expect(artefacts.0 != artefacts.1)
        let acts: [any EventMessage] = [
            SmallWorld.rollback(at: noon(150)),
            SmallWorld.promotion(artefacts.0, at: noon(300)),
            SmallWorld.promotion(artefacts.1, at: noon(310)),
            SmallWorld.rollback(at: noon(320)), SmallWorld.rollback(at: noon(330)),
            SmallWorld.rollback(at: noon(340)),
        ]
        let acted = try run("acted", acts, settings: ["gate=both"])
        #expect(try events(acted.run, ModelPromoted.self).allSatisfy { $0.event.cause == .person })
        // Of equal artefacts the model that was trained last is meant.
        let models = try events(acted.run, ModelTrained.self)
        let first = try #require(
            models.last {
                $0.event.artefact == artefacts.0 && $0.event.envelope.knownAt < noon(300)
            })
        let second = try #require(
            models.last {
                $0.event.artefact == artefacts.1 && $0.event.envelope.knownAt < noon(310)
            })
        let rollbacks = try events(acted.run, ModelRolledBack.self).map(\.event)
        #expect(rollbacks.map(\.model) == [.own(first.position), .none])
        #expect(rollbacks.map(\.replaced) == [.own(second.position), .own(first.position)])
        #expect(rollbacks.allSatisfy { $0.who == "bob" && !$0.text.isEmpty })
        let refused = try events(acted.run, JobFailed.self).filter { $0.event.start.isTimeline }
        #expect(refused.count == 2, "there was no champion before the first and after the last")
        let history = try ChampionHistory(MergedLog(acted.run))
        #expect(history.champion == nil && history.before == nil)
        for (_, signal) in try events(acted.run, SignalGenerated.self) {
            let known = signal.envelope.knownAt
            let expected: Reference =
                known < noon(300) || known > noon(330)
                ? .none
                : .own(known < noon(310) || known > noon(320) ? first.position : second.position)
            #expect(signal.champion == expected, "\(known)")
        }
        let report = try Reproduction.check(
            acted.loop, run: acted.run, timeline: acted.timeline, window: ReplayWindow(),
            trainer: StumpTrainer())
        #expect(report.position == nil, "\(report.finding ?? "")")
    }

    @Test("what people will do later changes nothing before: scrambled, the past is the same")
    func prefixInvariance() throws {
        let quiet = try run("quiet", [])
        let artefact = try #require(try events(quiet.run, ModelTrained.self).first).event.artefact
        let trade = SmallWorld.trade(
            "AAPL", .short, gain: -0.1, entered: noon(240), exited: noon(250), recorded: noon(302))
        let acted = try run(
            "acted",
            [
                trade, SmallWorld.request(.training, at: noon(303)),
                SmallWorld.promotion(artefact, at: noon(306)), SmallWorld.rollback(at: noon(320)),
            ])
        let recorded = try RecordedRun(acted.run)
        let tape = try FactTape(acted.timeline)
        for cut in [301, 302, 304, 310, 330].map({ noon($0).adding(seconds: -1) }) {
            let finding = try PrefixInvariance.check(
                recorded: recorded, tape: tape, cut: cut, trainer: StumpTrainer()
            ) { _ in acted.loop }
            #expect(finding.position == nil && finding.compared > 1_000, "\(cut)")
        }
    }

    @Test("a training is run when a person asks for it, though no job is due")
    func retrains() throws {
        let end = Instant(world.days[419] + 400, hour: 12)
        let acts: [any EventMessage] = [
            SmallWorld.request(.training, at: noon(300)),
            SmallWorld.request(.feedbackRetraining, at: end),
        ]
        let acted = try run("acted", acts)
        let started = try events(acted.run, JobStarted.self).filter { $0.event.trigger == .manual }
        #expect(started.map(\.event.envelope.knownAt) == [noon(300), end])
        #expect(started.allSatisfy { $0.event.who == "cyd" })
        #expect(started.allSatisfy { $0.event.envelope.causation.isTimeline })
        let asked = try events(acted.run, TrainingRequested.self).filter {
            $0.event.trigger == .manual
        }
        #expect(asked.map(\.event.useOutcomes) == [false, true])
        let jobs = try events(acted.run, JobStarted.self).filter {
            $0.event.envelope.knownAt > noon(419) && $0.event.trigger == .scheduled
        }
        #expect(jobs.allSatisfy { $0.event.scheduledAt < Instant(world.days[419] + 14) })
        let quiet = try run("untaught", acts, settings: ["train=false"])
        let failed = try events(quiet.run, JobFailed.self)
        let only = try events(quiet.run, JobStarted.self).filter { $0.event.trigger == .manual }
        #expect(failed.count == 2 && only.count == 2)
    }
}
