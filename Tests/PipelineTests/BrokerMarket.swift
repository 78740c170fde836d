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
    /// The account that is traded with; after a change of mode the other.
    private(set) var stub: StubBroker
    /// The account of the other mode.
    var other: StubBroker?
    private let adopts: Bool
    private var terms: BrokerTerms?
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
        account: String? = nil, adopts: Bool = false, held: [(Ticker, Int64)] = [],
        prepare: (inout ExchangeRules) -> Void = { _ in }
    ) throws {
        self.adopts = adopts
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
            rules: self.rules, broker: "alpaca-paper", account: account)
        let first = try #require(try market.data.openRun("live").manifest?.live?.instant)
        now = first
        var exchangeRules = ExchangeRules()
        (exchangeRules.seed, exchangeRules.hasFees) = (seed, false)
        prepare(&exchangeRules)
        stub = StubBroker(
            try BrokerMarket.exchange(
                market, now: first, cash: strategy.startCash, exchangeRules, "paper", held))
        try start()
    }

    /// An exchange that prints the world's bars, with an account on it.
    static func exchange(
        _ market: LiveMarket, now: Instant, cash: Money, _ rules: ExchangeRules, _ account: String,
        _ held: [(Ticker, Int64)] = []
    ) throws -> Exchange {
        var exchange = Exchange(now: now, cash: cash, rules: rules)
        exchange.givenNumber = account == "paper" ? nil : account
        for message in market.world.facts
        where try MessageHeader(message.span.bytes).templateID == SessionClosed.templateID {
            let event = try SessionClosed(message: message.span.bytes)
            for bar in event.bars {
                exchange.put(
                    Exchange.Bar(open: bar.open, high: bar.high, low: bar.low, close: bar.close),
                    "\(bar.ticker)", on: event.day)
            }
        }
        for (ticker, shares) in held {
            exchange.setPosition(
                "\(ticker)", Quantity(shares: shares), cost: Money(dollars: 10 * Double(shares)))
        }
        return exchange
    }

    /// What the data log says of the account.
    func history() throws -> AccountHistory {
        let live = try #require(try market.data.openRun("live").manifest?.live)
        return try AccountHistory(live, market.log)
    }

    var world: World { loop!.world }

    /// Starts the loop and the task anew, from the logs.
    func start() throws {
        (loop, task) = (nil, nil)
        starts += 1
        let opened = try LiveRuns.open(
            "live", in: market.data, data: market.log, rules: rules, trainer: nil)
        loop = opened
        try connect()
    }

    /// Makes the task, of the account that is traded with now.
    func connect() throws {
        let wanted = try history().terms
        if let before = terms, let wanted, before.isLive != wanted.isLive, let next = other {
            (stub, other) = (next, stub)
            stub.with { $0.exchange.advance(to: now) }
        }
        terms = wanted
        task = try BrokerTask(
            StubPort(stub), run: "live", in: market.data, data: market.log, adopts: adopts)
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
        if try history().terms != terms { try connect() }
        repeat {
            while case .due = try loop!.turn(at: now) {}
            if restarts > 0, Double.random(in: 0..<1, using: &market.generator) < restarts {
                try start()
                try loop!.missed(through: now)
                while case .due = try loop!.turn(at: now) {}
            }
        } while try task!.step(at: now, loop!)
    }

    /// The task's next step alone: what the data log has since the loop's latest turn it has not
    /// read.
    func step() throws -> Bool { try task!.step(at: now, loop!) }

    /// What people were told.
    func takeNotices() -> [String] { task?.takeNotices() ?? [] }

    /// Minutes of the clock, one after the other.
    func minutes(_ count: Int) throws {
        for _ in 0..<count { try run(to: now.adding(seconds: 60)) }
    }

    /// To the end of the world.
    func finish(restarts: Double = 0) throws {
        let last = try #require(market.world.days.last)
        try run(to: Instant(last + 1, hour: 5, minute: 10), restarts: restarts)
    }

    /// Runs until something holds at a minute of a session in New York; fails at the world's end.
    func runUntil(_ minute: Int, _ holds: (World) -> Bool) throws {
        let last = try #require(market.world.days.last)
        var day = now.day
        while day < last {
            day = day + 1
            guard (try? ExchangeCalendar.xnys.isSession(day)) ?? false else { continue }
            try run(to: NewYorkTime.instant(day, minute: minute))
            if holds(world) { return }
        }
        Issue.record("it never comes to that")
    }

    /// Events of a kind in the run's own log.
    func own<Event: EventMessage>(_: Event.Type) throws -> [Event] {
        var found: [Event] = []
        try market.data.openRun("live").log.read { record in
            guard try MessageHeader(record.message).templateID == Event.templateID else {
                return .proceed
            }
            found.append(try Event(message: record.message))
            return .proceed
        }
        return found
    }

    func stop() { (loop, task) = (nil, nil) }

    /// Nobody is there until an instant; then it starts as a service does: the broker first.
    func away(until then: Instant) throws {
        stop()
        now = then
        stub.with { $0.exchange.advance(to: then) }
        try market.come(through: then)
        try start()
        while try step() {}
        try loop!.refresh()
        try loop!.missed(through: then)
        try turn()
    }

    /// Facts of a kind in the data log.
    func facts<Event: EventMessage>(_: Event.Type) throws -> [Event] {
        var found: [Event] = []
        try market.log.read { record in
            guard try MessageHeader(record.message).templateID == Event.templateID else {
                return .proceed
            }
            found.append(try Event(message: record.message))
            return .proceed
        }
        return found
    }
}

extension BrokerMarket {
    /// A corporate action becomes known now.
    func announce(
        _ ticker: Ticker, _ kind: CorporateActionKind, on exDay: Day, ratio: Double? = nil,
        amount: Double? = nil, newTicker: Ticker? = nil
    ) throws {
        let action = CorporateActionAnnounced(
            envelope: Envelope(knownAt: now, recordedAt: now, actor: .importer), ratio: ratio,
            amount: amount, exDay: exDay, ticker: ticker, newTicker: newTicker, kind: kind,
            source: .zero)
        try market.log.append(now: now) { (batch: inout AppendBatch) in _ = batch.append(action) }
    }

    /// A share splits at the exchange and in the log, with its prices from the ex-date on.
    func split(_ ticker: Ticker, into shares: Int64, on exDay: Day) throws {
        try announce(ticker, .split, on: exDay, ratio: Double(shares))
        stub.with { $0.exchange.split("\(ticker)", new: shares, old: 1, on: exDay) }
        for day in market.world.days where day >= exDay {
            try market.multiply(ticker, on: day, by: 1 / Double(shares))
        }
        try print(ticker, as: "\(ticker)", from: exDay, at: 1 / Double(shares))
    }

    /// A share is called otherwise at the exchange and in the log from a date on.
    func rename(_ ticker: Ticker, to symbol: Ticker, on day: Day) throws {
        try announce(ticker, .symbolChange, on: day, newTicker: symbol)
        stub.with { $0.exchange.rename("\(ticker)", to: "\(symbol)", on: day) }
        try market.rename(ticker, to: symbol, from: day)
    }

    /// The exchange's bars of a share from a date on, at so much of the world's prices.
    private func print(_ ticker: Ticker, as symbol: String, from day: Day, at factor: Double) throws
    {
        for message in market.world.facts
        where try MessageHeader(message.span.bytes).templateID == SessionClosed.templateID {
            let event = try SessionClosed(message: message.span.bytes)
            guard event.day >= day, let bar = event.bars.first(where: { $0.ticker == ticker })
            else { continue }
            stub.with {
                $0.exchange.put(
                    Exchange.Bar(
                        open: bar.open * factor, high: bar.high * factor, low: bar.low * factor,
                        close: bar.close * factor), symbol, on: event.day)
            }
        }
    }
}
