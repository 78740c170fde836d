import AlpacaExchange
import Brokerage
import EventLog
import Events
import FeedbackLoop
import Foundation
import Market
import Service
import TestKit
import TestWorlds
import Testing

@testable import Pipeline

/// A live run whose broker is an exchange of its own, by one clock: the exchange prints the bars
/// that the world's files have.
final class BrokerMarket {
    let market: LiveMarket
    let stub: StubBroker
    let strategy: LoopStrategy
    private(set) var loop: (any LiveLoop)?
    private(set) var task: (any BrokerStepping)?
    var now: Instant
    private let rules: DayRules
    /// What a start is followed by.
    private(set) var starts = 0

    /// A run from a seed; `prepare` sets what the exchange does where brokers differ.
    init(
        seed: UInt64, sessions: Int = 130, rules: HaltRules? = nil, _ more: [String] = [],
        prepare: (inout ExchangeRules) -> Void = { _ in }
    ) throws {
        market = try LiveMarket(
            seed: seed, sessions: sessions, history: 50, isAsTraded: true)
        let settings = [
            "slippage_bp=0", "commission_bp=0", "stop_atr=1.2", "trailing_stop=0.05",
            "take_profit=0",
        ]
        strategy = try SmallWorld.strategy(SmallWorld.settings + settings + more)
        self.rules = DayRules(halts: rules)
        try LiveRuns.make(
            strategy, named: "live", in: market.data, data: market.log, prefix: 0xABCD_EF01,
            rules: self.rules, broker: "alpaca-paper")
        let first = try #require(try market.data.openRun("live").manifest?.live?.instant)
        now = first
        var exchangeRules = ExchangeRules()
        (exchangeRules.seed, exchangeRules.hasFees) = (seed, false)
        prepare(&exchangeRules)
        var exchange = Exchange(
            now: first, cash: strategy.startCash, rules: exchangeRules)
        for message in market.world.facts
        where try MessageHeader(message.span.bytes).templateID == SessionClosed.templateID {
            let event = try SessionClosed(message: message.span.bytes)
            for bar in event.bars {
                exchange.put(
                    Exchange.Bar(open: bar.open, high: bar.high, low: bar.low, close: bar.close),
                    "\(bar.ticker)", on: event.day)
            }
        }
        stub = StubBroker(exchange)
        try start()
    }

    var world: World { loop!.world }

    /// Starts the loop and the task anew, from the logs.
    func start() throws {
        (loop, task) = (nil, nil)
        starts += 1
        let opened = try LiveRuns.open(
            "live", in: market.data, data: market.log, rules: rules, trainer: nil)
        loop = opened
        task = try BrokerTask(StubPort(stub), run: "live", in: market.data, data: market.log)
    }

    /// Steps of the clock: minutes where the exchange matters, else half hours.
    private func next(_ now: Instant) -> Instant {
        let (day, minute) = NewYorkTime.local(now)
        let isSession = (try? ExchangeCalendar.xnys.isSession(day)) ?? false
        let isBusy = isSession && (9 * 60 + 24..<9 * 60 + 36).contains(minute)
        let isOpen = isSession && (9 * 60 - 10..<16 * 60 + 5).contains(minute)
        let then = now.adding(seconds: isBusy ? 60 : isOpen ? 600 : 2_400)
        let morning = NewYorkTime.instant(day, minute: 9 * 60 + 2)
        return now < morning ? min(then, morning) : then
    }

    /// Runs all that is due by an instant; a random part of the turns is followed by a start.
    func run(to instant: Instant, restarts: Double = 0) throws {
        while now < instant {
            now = min(instant, next(now))
            try turn(restarts: restarts)
        }
    }

    func turn(restarts: Double = 0) throws {
        let now = now
        stub.with { $0.exchange.advance(to: now) }
        try market.come(through: now)
        repeat {
            while case .due = try loop!.turn(at: now) {}
            if restarts > 0, Double.random(in: 0..<1, using: &market.generator) < restarts {
                try start()
                try loop!.missed(through: now)
                while case .due = try loop!.turn(at: now) {}
            }
        } while try task!.step(at: now, loop!)
    }

    /// To the end of the world.
    func finish(restarts: Double = 0) throws {
        let last = try #require(market.world.days.last)
        try run(to: Instant(last + 1, hour: 5, minute: 10), restarts: restarts)
    }

    func stop() { (loop, task) = (nil, nil) }
}
