import AlpacaExchange
import Audit
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

@Suite("The daemon with a broker")
struct BrokerDaemonTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let settings =
        SmallWorld.settings + [
            "slippage_bp=0", "commission_bp=0", "stop_atr=1.2", "trailing_stop=0.05",
            "take_profit=0",
        ]

    /// Steps of the clock: what comes next in the inbox, and minutes where the exchange matters.
    private static func step(_ now: Instant, _ world: FileWorld) -> Instant {
        let (day, minute) = NewYorkTime.local(now)
        let isBusy = (9 * 60 + 24..<9 * 60 + 36).contains(minute)
        let isOpen = (9 * 60 - 10..<16 * 60 + 5).contains(minute)
        let then = min(world.step(now), now.adding(seconds: isBusy ? 60 : isOpen ? 900 : 3_600))
        let morning = NewYorkTime.instant(day, minute: 9 * 60 + 2)
        return now < morning ? min(then, morning) : then
    }

    @Test("through the inbox and an exchange, stopped at random, it trades what a backtest trades")
    func weeks() throws {
        let world = try FileWorld(seed: 21, sessions: 100, history: 60)
        let strategy = try SmallWorld.strategy(settings)
        let start = try EventLog.open(at: world.data.log).head().recordedAt
        var rules = ExchangeRules()
        rules.hasFees = false
        var exchange = Exchange(now: start, cash: strategy.startCash, rules: rules)
        for message in SmallWorld(seed: 21, sessions: 100).facts
        where try MessageHeader(message.span.bytes).templateID == SessionClosed.templateID {
            let event = try SessionClosed(message: message.span.bytes)
            for bar in event.bars {
                exchange.put(
                    Exchange.Bar(open: bar.open, high: bar.high, low: bar.low, close: bar.close),
                    "\(bar.ticker)", on: event.day)
            }
        }
        let stub = StubBroker(exchange)
        let end = Instant(world.last + 1, hour: 5, minute: 10)
        let stopped = Mutex(false)
        let clock = ScriptedClock(start) { now in
            let then = BrokerDaemonTests.step(now, world)
            try? world.come(through: then)
            stub.with { $0.exchange.advance(to: then) }
            if world.chance(0.01) { stopped.withLock { $0 = true } }
            return then
        }
        var starts = 0
        repeat {
            starts += 1
            stopped.withLock { $0 = false }
            var configuration = Daemon.Configuration(
                folder: world.data, strategy: .loop(strategy),
                settings: try ServiceSettings.load(world.data, flags: ["halt_over_cap_percent=0"]))
            configuration.broker = "alpaca-paper"
            let daemon = Daemon(
                configuration, clock: clock, logger: logger, trainer: nil, prefix: { 0xBEEF },
                broker: BrokerSource { run, folder, data, _, adopts in
                    try BrokerTask(
                        StubPort(stub), run: run, in: folder, data: data, adopts: adopts)
                })
            try daemon.run { !stopped.withLock { $0 } && clock.now() < end }
        } while clock.now() < end
        #expect(starts > 5)
        let standing = try #require(try DaemonStanding.read("live", in: world.data))
        #expect(standing.halts == [], "\(standing.halts ?? [])")

        let live = try world.data.openRun("live")
        let log = try EventLog.open(at: world.data.log)
        let derived = try Timeline.ensure(world.data, log: log)
        _ = try Run.make(
            strategy, timeline: try EventLog.open(at: derived.path),
            at: try world.data.run("backtest"),
            window: ReplayWindow(from: live.manifest?.firstDay))
        let traded = try trades(live)
        // What may differ: a holding without bars, which no broker closes, and a level that the
        // tick rounded down to just below the price that touched it, sold later or not at all.
        let modelled = try trades(try world.data.openRun("backtest"))
        let rounded = try touchedWithinTick(try world.data.openRun("backtest"))
        for what in Set(modelled).subtracting(traded).sorted() {
            #expect(
                what.hasSuffix("closeOut") || rounded.contains { what.hasPrefix($0) }, "\(what)")
        }
        for what in Set(traded).subtracting(modelled).sorted() {
            let ticker = what.split(separator: " ")[1]
            #expect(rounded.contains { $0.hasSuffix(" \(ticker)") }, "\(what)")
        }
        #expect(traded.count > 15, "\(traded.count)")
        let again = try Reproduction.check(live, trainer: nil)
        #expect(again.isReproduced, "\(again.finding ?? "") at \(again.position ?? 0)")
    }

    /// Date and ticker of the exits whose level a price touched by less than a cent.
    private func touchedWithinTick(_ run: OpenedRun) throws -> [String] {
        var found: [String] = []
        try run.merged.readOwn { _, message in
            guard try MessageHeader(message).templateID == ExitTriggered.templateID else {
                return .proceed
            }
            let exit = try ExitTriggered(message: message)
            if let level = exit.level, let observed = exit.observed, level - observed < 0.01 {
                found.append("\(exit.day) \(exit.ticker)")
            }
            return .proceed
        }
        return found
    }

    private func trades(_ run: OpenedRun) throws -> [String] {
        var found: [String] = []
        try run.merged.readOwn { _, message in
            guard try MessageHeader(message).templateID == OrderFilled.templateID else {
                return .proceed
            }
            let fill = try OrderFilled(message: message)
            found.append(
                "\(fill.filledOn) \(fill.ticker) \(fill.side) \(fill.quantity.shares) \(fill.leg)")
            return .proceed
        }
        return found.sorted()
    }

    @Test("a run with a broker does not start where nothing sends its orders")
    func nobody() throws {
        let world = try FileWorld(seed: 22, sessions: 70, history: 60)
        let clock = ScriptedClock(.epoch) { $0 }
        var configuration = Daemon.Configuration(
            folder: world.data, strategy: .loop(try SmallWorld.strategy(settings)))
        configuration.broker = "alpaca-paper"
        #expect(throws: ServiceError.noBroker("live", "alpaca-paper")) {
            try Daemon(configuration, clock: clock, logger: logger, trainer: nil).run { false }
        }
        // One order protects a holding: a strategy with a take-profit is refused before all else.
        var other = Daemon.Configuration(
            folder: world.data, run: "other",
            strategy: .loop(try SmallWorld.strategy(settings.dropLast() + ["take_profit=0.1"])))
        other.broker = "alpaca-paper"
        #expect(throws: LiveRunError.self) {
            try Daemon(other, clock: clock, logger: logger, trainer: nil).run { false }
        }
    }
}
