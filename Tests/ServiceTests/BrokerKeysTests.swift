import AlpacaExchange
import Brokerage
import EventLog
import Events
import FeedbackLoop
import Foundation
import Logging
import Market
import Pipeline
import Synchronization
import TestKit
import TestWorlds
import Testing

@testable import Service

@Suite("The daemon's keys and modes")
struct BrokerKeysTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let settings =
        SmallWorld.settings + [
            "slippage_bp=0", "commission_bp=0", "stop_atr=1.2", "trailing_stop=0.05",
            "take_profit=0",
        ]

    /// A world, an exchange and a clock that both go by; `each` is told the time of each step.
    private func stage(
        _ world: FileWorld, offset: Int64 = 0,
        each: @escaping @Sendable (Instant) -> Void = { _ in }
    ) throws -> (stub: StubBroker, clock: ScriptedClock, start: Instant) {
        let start = try EventLog.open(at: world.data.log).head().recordedAt
        var exchange = Exchange(now: start, cash: Money(dollars: 50_000), rules: ExchangeRules())
        exchange.givenNumber = "PA1"
        let stub = StubBroker(exchange)
        let clock = ScriptedClock(start.adding(seconds: offset)) { now in
            let then = world.step(now)
            try? world.come(through: then.adding(seconds: -offset))
            stub.with { $0.exchange.advance(to: then.adding(seconds: -offset)) }
            each(then)
            return then
        }
        return (stub, clock, start)
    }

    private func configuration(_ world: FileWorld) throws -> Daemon.Configuration {
        var configuration = Daemon.Configuration(
            folder: world.data, strategy: .loop(try SmallWorld.strategy(settings)))
        (configuration.broker, configuration.account) = (BrokerTerms.paper, "PA1")
        return configuration
    }

    @Test(
        "a changed file of keys is taken without a start; where it is not good the old one goes on")
    func rotated() throws {
        let world = try FileWorld(seed: 23, sessions: 72, history: 60)
        let steps = Mutex(0)
        let (stub, clock, start) = try stage(world) { _ in steps.withLock { $0 += 1 } }
        let made = Mutex<[Int]>([])
        let version = { steps.withLock { $0 < 5 ? 1 : $0 < 10 ? 2 : 3 } }
        let source = BrokerSource(version: { _ in "\(version())" }) { run, folder, data, _, _ in
            made.withLock { $0.append(version()) }
            if version() == 2 { throw BrokerRefusal(description: "not good") }
            return try BrokerTask(StubPort(stub), run: run, in: folder, data: data)
        }
        let daemon = Daemon(
            try configuration(world), clock: clock, logger: logger, trainer: nil, broker: source)
        let end = start.adding(seconds: 12 * 86_400)
        try daemon.run { clock.now() < end }
        #expect(made.withLock { $0 } == [1, 2, 3])
        let standing = try #require(try DaemonStanding.read("live", in: world.data))
        #expect(standing.account?.account == "PA1" && standing.custody == [])
    }

    @Test(
        "a clock that is wrong from the start is found by the broker's, and no instant is run by it"
    )
    func clock() throws {
        let world = try FileWorld(seed: 24, sessions: 72, history: 60)
        let (stub, clock, start) = try stage(world, offset: 86_400)
        let source = BrokerSource { run, folder, data, _, _ in
            try BrokerTask(StubPort(stub), run: run, in: folder, data: data)
        }
        let turns = Mutex(0)
        let daemon = Daemon(
            try configuration(world), clock: clock, logger: logger, trainer: nil, broker: source)
        try daemon.run {
            turns.withLock {
                $0 += 1; return $0 < 12
            }
        }
        let standing = try #require(try DaemonStanding.read("live", in: world.data))
        let halts = standing.halts ?? []
        #expect(halts.contains { $0.contains("1440 min ahead of the broker's") }, "\(halts)")
        // What is run is the halt alone, by the broker's time.
        #expect(standing.instants == 1 && standing.instant == "\(start)", "\(standing)")
    }

    @Test("money is traded with by a service that was started for it alone; another is in custody")
    func allowed() throws {
        let world = try FileWorld(seed: 25, sessions: 76, history: 60)
        let (stub, clock, start) = try stage(world)
        func serve(allowsLive: Bool, to end: Instant) throws -> DaemonStanding {
            var configuration = try configuration(world)
            configuration.allowsLive = allowsLive
            let source = BrokerSource(credentials: { ["paper", "live"] }) {
                run, folder, data, terms, _ in
                // The live account is the other: what is asked first is what the phrase named.
                stub.with { $0.exchange.givenNumber = terms.isLive ? "9001" : "PA1" }
                return try BrokerTask(StubPort(stub), run: run, in: folder, data: data)
            }
            let daemon = Daemon(
                configuration, clock: clock, logger: logger, trainer: nil, broker: source)
            try daemon.run { clock.now() < end }
            return try #require(try DaemonStanding.read("live", in: world.data))
        }
        let before = try serve(allowsLive: true, to: start.adding(seconds: 86_400))
        #expect(before.account?.mode == "paper" && before.allowsLive == true)
        #expect(before.credentials == ["paper", "live"])
        let log = try EventLog.open(at: world.data.log, access: .write)
        let manifest = try #require(try world.data.openRun("live").manifest?.live)
        var standing = before
        standing.account?.second = clock.now().rawValue / 1_000_000_000
        let evidence = ModeChange.Evidence(
            history: try AccountHistory(manifest, log), standing: standing, isRunning: true,
            isOwner: true, halts: [])
        let equity = stub.with { $0.exchange.account.equity.dollars }
        var ledger = OperatorLedger()
        _ = try ModeChange(to: .live, phrase: "live 9001 \(equity)", adopts: true).record(
            evidence, run: "live", who: "ann", reason: "as planned", in: log, &ledger,
            now: clock.now())
        let refused = try serve(allowsLive: false, to: start.adding(seconds: 3 * 86_400))
        #expect(refused.custody?.count == 1, "\(refused.custody ?? [])")
        #expect(refused.custody?.first?.hasPrefix("liveNotAllowed") == true)
        #expect(refused.state == "stopped")
        let allowed = try serve(allowsLive: true, to: start.adding(seconds: 6 * 86_400))
        #expect(allowed.custody == [] && allowed.account?.mode == "live")
        #expect(allowed.account?.account == "9001")
    }
}
