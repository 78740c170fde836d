import AlpacaExchange
import Audit
import Brokerage
import EventLog
import Events
import Foundation
import Learning
import Logging
import Market
import Pipeline
import Synchronization
import TestKit
import TestWorlds
import Testing

@testable import Service

/// Trainings of a service: how long they may take, when they may be begun, and what comes of a
/// trainer that keeps failing.
@Suite("Trainings of a service")
struct TrainingTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let settings =
        SmallWorld.learning + [
            "slippage_bp=0", "commission_bp=0", "stop_atr=1.2", "trailing_stop=0.05",
            "take_profit=0",
        ]

    /// A trainer whose clock goes on by a minute with each of its rounds.
    private struct SlowTrainer: Trainer {
        let clock: ScriptedClock
        let stump = StumpTrainer()
        var library: String { stump.library }
        var architecture: String { stump.architecture }
        func train(
            _ rows: TrainingMatrix, earlyStopping: TrainingMatrix,
            _ parameters: TrainingParameters, proceed: (_ round: Int) -> Bool
        ) throws(TrainerError) -> TrainedModel {
            for round in 0..<20 {
                clock.set.withLock { $0 -= 60 }
                guard proceed(round) else { throw TrainerError(.cancelled, "cancelled") }
            }
            return try stump.train(
                rows, earlyStopping: earlyStopping, parameters, proceed: proceed)
        }
        func stored(_ artefact: Digest) throws(TrainerError) -> [UInt8] {
            try stump.stored(artefact)
        }
        func load(_ artefact: [UInt8]) throws(TrainerError) -> TreeEnsemble {
            try stump.load(artefact)
        }
    }

    /// A world that can learn, and its clock.
    private final class LearningWorld {
        let files: FileWorld
        let start: Instant

        init(_ seed: UInt64) throws {
            files = try FileWorld(seed: seed, sessions: 320, history: 230)
            start = try EventLog.open(at: files.data.log).head().recordedAt
        }

        func clock(from instant: Instant, also: @escaping @Sendable (Instant) -> Void = { _ in })
            -> ScriptedClock
        {
            let files = files
            return ScriptedClock(instant) { now in
                let then = min(files.step(now), now.adding(seconds: 1_800))
                try? files.come(through: then)
                also(then)
                return then
            }
        }

        /// Events of a type in the run's own log.
        func own<Event: EventMessage>(_: Event.Type) throws -> [Event] {
            var found: [Event] = []
            try files.data.openRun("live").log.read { record in
                guard try MessageHeader(record.message).templateID == Event.templateID else {
                    return .proceed
                }
                found.append(try Event(message: record.message))
                return .proceed
            }
            return found
        }
    }

    private func run(
        _ world: LearningWorld, _ clock: ScriptedClock, _ trainer: any Trainer,
        through end: Instant, broker stub: StubBroker? = nil
    ) throws {
        var configuration = Daemon.Configuration(
            folder: world.files.data, strategy: .loop(try SmallWorld.strategy(settings)),
            warmFrom: EventLog.isLog(try world.files.data.run("live"))
                ? nil : Day(year: 2020, month: 3, day: 2),
            settings: try ServiceSettings.load(world.files.data))
        var source: BrokerSource?
        if let stub {
            configuration.broker = "alpaca-paper"
            source = BrokerSource { run, folder, data, _, adopts in
                try BrokerTask(StubPort(stub), run: run, in: folder, data: data, adopts: adopts)
            }
        }
        let daemon = Daemon(
            configuration, clock: clock, logger: logger, trainer: trainer, prefix: { 0xBEEF },
            broker: source)
        try daemon.run { clock.now() < end }
    }

    @Test("with a broker none is begun in market hours: it fails, and is run once behind them")
    func hours() throws {
        let world = try LearningWorld(24)
        var rules = ExchangeRules()
        rules.hasFees = false
        let stub = StubBroker(
            Exchange(now: world.start, cash: Money(dollars: 100_000), rules: rules))
        let trainer = StumpTrainer()
        func clock(_ from: Instant) -> ScriptedClock {
            world.clock(from: from) { then in stub.with { $0.exchange.advance(to: then) } }
        }
        // Until a Saturday; the training of Sunday is due while nobody is there.
        let saturday = world.start.day.mondayOfWeek + 12
        try run(
            world, clock(world.start), trainer, through: Instant(saturday, hour: 12), broker: stub)
        let before = try world.own(ModelTrained.self).count
        let monday = saturday + 2
        try #require(try ExchangeCalendar.xnys.isSession(monday))
        let noon = NewYorkTime.instant(monday, minute: 11 * 60)
        try world.files.come(through: noon)
        stub.with { $0.exchange.advance(to: noon) }
        try run(
            world, clock(noon), trainer, through: NewYorkTime.instant(monday, minute: 15 * 60),
            broker: stub)
        func failed() throws -> [TrainingFailed] {
            try world.own(TrainingFailed.self).filter { $0.reason == .cancelled }
        }
        func made() throws -> [JobStarted] {
            try world.own(JobStarted.self).filter { $0.trigger == .caughtUp }
        }
        #expect(try failed().count == 1)
        #expect(try made().isEmpty)
        #expect(try world.own(ModelTrained.self).count == before)
        // After a start it is still to be made up for, once.
        let later = NewYorkTime.instant(monday, minute: 15 * 60)
        try run(
            world, clock(later), trainer, through: Instant(monday + 1, hour: 12), broker: stub)
        let started = try #require(try made().first)
        #expect(try made().count == 1)
        #expect(try failed().count == 1)
        #expect(started.job == .training && started.who == "recountd")
        #expect(
            started.envelope.knownAt >= NewYorkTime.instant(monday, minute: 16 * 60 + 30))
        #expect(try world.own(ModelTrained.self).count == before + 1)
        // Decided again, by a start and from its logs, it is what it was.
        let then = Instant(monday + 1, hour: 12)
        try run(world, clock(then), trainer, through: then.adding(seconds: 7_200), broker: stub)
        #expect(try made().count == 1)
        let standing = try #require(try DaemonStanding.read("live", in: world.files.data))
        #expect((standing.custody ?? []).isEmpty)
        let again = try Reproduction.check(try world.files.data.openRun("live"), trainer: trainer)
        #expect(again.isReproduced, "\(again.finding ?? "") at \(again.position ?? 0)")
    }

    @Test("one that takes longer than ten minutes fails, and is not made up for")
    func longest() throws {
        let world = try LearningWorld(25)
        let clock = world.clock(from: world.start)
        let end = Instant(world.start.day.mondayOfWeek + 14, hour: 12)
        let slow = SlowTrainer(clock: clock)
        try run(world, clock, slow, through: end)
        let failed = try world.own(TrainingFailed.self).filter { $0.reason == .cancelled }
        #expect(!failed.isEmpty)
        for event in failed {
            #expect(String(decoding: event.text, as: UTF8.self) == "not done within 10 minutes")
        }
        #expect(try world.own(ModelTrained.self).isEmpty)
        #expect(try world.own(JobStarted.self).allSatisfy { $0.trigger == .scheduled })
        // By a quick trainer it is decided again as it was.
        try run(
            world, world.clock(from: clock.now()), slow.stump,
            through: clock.now().adding(seconds: 7_200))
        let standing = try #require(try DaemonStanding.read("live", in: world.files.data))
        #expect((standing.custody ?? []).isEmpty)
    }

    @Test("one under way an hour before the open ends there; without a broker it goes on")
    func underWay() {
        let day = Day(year: 2026, month: 11, day: 25)!
        let now = Mutex(NewYorkTime.instant(day, minute: 8 * 60 + 25))
        let clock = ScriptedClock(now.withLock { $0 }) { _ in
            NewYorkTime.instant(day, minute: 8 * 60 + 30)
        }
        let limits = ServiceTrainingLimits(clock, hasBroker: true, failures: FailureCount())
        let other = ServiceTrainingLimits(clock, hasBroker: false, failures: FailureCount())
        #expect(limits.objection() == nil && limits.interruption() == nil)
        #expect(other.objection() == nil)
        clock.wait(1) { false }
        #expect(limits.interruption() == ServiceTrainingLimits.postponed)
        #expect(limits.objection() == ServiceTrainingLimits.postponed)
        #expect(other.objection() == nil && other.interruption() == nil)
        let after = NewYorkTime.instant(day, minute: 16 * 60 + 30)
        #expect(!ServiceTrainingLimits.isMarket(at: after))
        #expect(ServiceTrainingLimits.isMarket(at: after.adding(seconds: -60)))
        #expect(!ServiceTrainingLimits.isMarket(at: NewYorkTime.instant(day + 1, minute: 720)))
    }

    @Test("a trainer that fails five times in an hour halts entries until a person ends it")
    func failing() throws {
        let world = try LearningWorld(26)
        let first = world.clock(from: world.start)
        let noon = Instant(world.start.day.mondayOfWeek + 8, hour: 12)
        try run(world, first, StumpTrainer(), through: noon)
        func halts() throws -> [String] {
            try #require(try DaemonStanding.read("live", in: world.files.data)).halts ?? []
        }
        #expect(try halts().isEmpty)
        // A trainer that has what was made before, and makes no more.
        var ledger = OperatorLedger()
        let log = try EventLog.open(at: world.files.data.log, access: .write)
        for minute in 1...5 {
            _ = try ledger.retrain(
                .training, who: "ann", in: log,
                now: first.now().adding(seconds: Int64(minute) * 60))
        }
        let then = first.now().adding(seconds: 360)
        try run(
            world, world.clock(from: then), StumpTrainer(failing: 0..<1_000),
            through: then.adding(seconds: 7_200))
        let failed = try world.own(TrainingFailed.self).filter { $0.reason == .memory }
        #expect(failed.count == 5)
        let standing = try halts()
        #expect(standing.contains { $0.contains("trainer") }, "\(standing)")
    }
}
