import AlpacaExchange
import Audit
import Brokerage
import EventLog
import Events
import FeedbackLoop
import Market
import Service
import TestKit
import TestWorlds
import Testing

@testable import Pipeline

/// What is looked at just before an order is sent, and what is refused for a while.
@Suite("Sales and entries at the broker")
struct BrokerSaleTests {
    /// A run at 11:00 of a session, and one of its holdings with more than three shares.
    private func holding(
        _ seed: UInt64, _ more: [String] = [], prepare: (inout ExchangeRules) -> Void = { _ in }
    ) throws -> (BrokerMarket, Holding) {
        let broker = try BrokerMarket(seed: seed, more, prepare: prepare)
        try broker.runUntil(11 * 60) { world in
            world.portfolio.holdings.count { $0.quantity.shares > 3 } > 1
        }
        let held = try #require(
            broker.world.portfolio.holdings.first { $0.quantity.shares > 3 })
        return (broker, held)
    }

    private func stop(_ broker: BrokerMarket, _ holding: Holding) -> BrokerTicket? {
        broker.world.broker?.tickets(of: holding.id).first
    }

    /// Ends a holding's stop at the broker, unasked.
    private func endStop(_ broker: BrokerMarket, _ holding: Holding) throws {
        let id = try #require(stop(broker, holding)?.id)
        broker.stub.with { state in
            guard let order = state.exchange.order(clientID: id) else { return }
            try? state.exchange.cancel(order.shown.id)
        }
    }

    private func isReproduced(_ broker: BrokerMarket) throws -> Bool {
        broker.stop()
        defer { try? broker.start() }
        return try Reproduction.check(try broker.market.data.openRun("live"), trainer: nil)
            .isReproduced
    }

    @Test("a sell is for at most what the broker holds, read just before it")
    func atMost() throws {
        let (broker, held) = try holding(71)
        let half = Quantity(shares: Int64(held.quantity.shares / 2))
        let before = broker.stub.with { $0.exchange.orders.count }
        broker.stub.with { $0.exchange.setPosition("\(held.ticker)", half) }
        try endStop(broker, held)
        try broker.minutes(3)
        let placed = try #require(stop(broker, held))
        #expect(placed.isAccepted && placed.quantity == half)
        let sent = broker.stub.with { $0.exchange.orders.dropFirst(before).map(\.shown) }
            .filter { $0.symbol == "\(held.ticker)" }
        #expect(sent.map(\.quantity) == [half], "what the log has was never asked for")
        let shown = broker.world.broker?.shown(of: held.ticker)
        #expect(shown == half)
        // No difference yet, and one once it has stood in two looks.
        #expect(broker.world.halts.differing.isEmpty)
        try broker.minutes(15)
        #expect(broker.world.halts.differing == [held.ticker])
        #expect(stop(broker, held)?.quantity == half, "its stop stays")
        // After a start too no more is sold.
        try broker.start()
        #expect(broker.world.broker?.shown(of: held.ticker) == half)
        #expect(try isReproduced(broker))
    }

    @Test("a position that the broker shows late keeps no stop away, nor a look that fails")
    func late() throws {
        let (broker, held) = try holding(71)
        broker.stub.with { $0.exchange.setPosition("\(held.ticker)", .zero) }
        try endStop(broker, held)
        try broker.run(to: broker.now.adding(seconds: 10))
        #expect(stop(broker, held)?.isAccepted == false)
        broker.stub.with { $0.exchange.setPosition("\(held.ticker)", held.quantity) }
        try broker.run(to: broker.now.adding(seconds: 10))
        #expect(stop(broker, held)?.isAccepted == true)
        #expect(stop(broker, held)?.quantity == held.quantity)
        // No answer about positions: the stop is sent after half a minute.
        try endStop(broker, held)
        broker.stub.with { state in
            for _ in 0..<60 { state.faults.next(.positions, .timeOut(isDone: false)) }
        }
        try broker.run(to: broker.now.adding(seconds: 20))
        #expect(stop(broker, held)?.isAccepted == false)
        for _ in 0..<4 { try broker.run(to: broker.now.adding(seconds: 10)) }
        #expect(stop(broker, held)?.isAccepted == true)
    }

    @Test("a stop refused as a wash trade waits for the other side's end, and is placed then")
    func washTrade() throws {
        let (broker, held) = try holding(73)
        try endStop(broker, held)
        var other = StubPort(broker.stub)
        let foreign = try other.submit(
            OrderRequest(
                id: ClientOrderID(
                    prefix: 1, day: broker.now.day, ticker: held.ticker, leg: .entry, attempt: 0),
                symbol: held.ticker, side: .buy, quantity: Quantity(shares: 1),
                pricing: .limit(Price(cents: 1)), timeInForce: .day))
        try broker.minutes(6)
        func refused() throws -> Int {
            try broker.own(StopEnded.self).count { $0.refusal == .washTrade }
        }
        #expect(try refused() == 1 && stop(broker, held) == nil, "it is held back")
        #expect(broker.world.halts.standing.map(\.cause) == [.unprotected])
        try other.cancel(foreign.id)
        try broker.minutes(2)
        #expect(try refused() == 1)
        #expect(stop(broker, held)?.isAccepted == true)
        #expect(try isReproduced(broker))
    }

    @Test("a sale refused on the day of the purchase waits for the next date, asked for once")
    func sameDay() throws {
        let broker = try BrokerMarket(seed: 56) {
            $0.sameDaySale = Refusal(
                status: 403, code: 40_310_000, message: "no sale on the same day as the purchase")
        }
        try broker.runUntil(9 * 60 + 29) { $0.portfolio.pendingEntries > 1 }
        // The price is through the stop: what it would have sold is sold at once, and refused.
        let refusal = Refusal(
            status: 422, code: 42_210_000, message: "stop price must be less than current price")
        broker.stub.with { $0.faults.next(.submit, .refuse(refusal, isDone: false)) }
        try broker.run(to: NewYorkTime.instant(broker.now.day, minute: 15 * 60))
        let through = try #require(
            try broker.own(StopEnded.self).first { $0.refusal == .throughPrice })
        let held = try #require(
            broker.world.portfolio.holdings.first { $0.id == through.order })
        func refused() throws -> Int {
            try broker.own(OrderRejected.self).count { $0.reason == .sameDaySale }
        }
        #expect(try refused() == 1 && stop(broker, held) == nil)
        #expect(broker.world.halts.standing.map(\.cause) == [.unprotected])
        let next = try ExchangeCalendar.xnys.session(after: broker.now.day)
        try broker.run(to: NewYorkTime.instant(next, minute: 10 * 60))
        #expect(!broker.world.portfolio.holdings.contains { $0.id == held.id }, "sold")
        #expect(try refused() == 1)
        #expect(broker.stub.with { $0.exchange.cash } == broker.world.portfolio.cash)
        #expect(try isReproduced(broker))
    }

    @Test("an entry of a share that cannot be traded is cancelled before it is sent")
    func untradable() throws {
        let broker = try BrokerMarket(seed: 75)
        func tradable(_ isTradable: Bool) {
            broker.stub.with { state in
                for ticker in SmallWorld.tickers {
                    state.exchange.setTradable("\(ticker)", isTradable)
                }
            }
        }
        tradable(false)
        var days = 0
        while try broker.own(OrderCancelled.self).isEmpty, days < 30 {
            days += 1
            try broker.run(to: Instant(broker.now.day + 1, hour: 12))
        }
        let cancelled = try broker.own(OrderCancelled.self)
        #expect(!cancelled.isEmpty && cancelled.allSatisfy { $0.reason == .untradable })
        #expect(broker.world.portfolio.orders.isEmpty)
        #expect(broker.stub.with { $0.count(.submit) } == 0)
        tradable(true)
        try broker.runUntil(11 * 60) { !$0.portfolio.holdings.isEmpty }
        #expect(try isReproduced(broker))
    }

    @Test("a halt that the run has not read yet keeps an entry from being sent")
    func haltedUnread() throws {
        let broker = try BrokerMarket(seed: 76)
        // What is asked just before has no answer: the entries wait.
        broker.stub.with { state in
            for _ in 0..<5_000 { state.faults.next(.asset, .timeOut(isDone: false)) }
        }
        try broker.runUntil(7 * 60) { $0.portfolio.pendingEntries > 1 }
        #expect(broker.stub.with { $0.count(.submit) } == 0)
        let waiting = broker.world.portfolio.orders.map(\.id)
        _ = try OperatorLedger.halt(
            .person, who: "ann", reason: "news", in: broker.market.log, now: broker.now)
        broker.stub.with { $0.faults = FaultPlan() }
        #expect(!broker.world.halts.isHalted)
        #expect(try broker.step())
        #expect(broker.stub.with { $0.count(.submit) } == 0)
        try broker.minutes(1)
        let cancelled = try broker.own(OrderCancelled.self).filter { $0.reason == .halted }
        #expect(Set(cancelled.map(\.order)).isSuperset(of: waiting))
        #expect(broker.stub.with { $0.count(.submit) } == 0)
    }

    @Test("a stop that a dividend lowered stays on the ex-date")
    func dividend() throws {
        let (broker, held) = try holding(77, ["trailing_stop=0", "stop_atr=6"]) {
            $0.lowersStopsByDividends = true
        }
        let exDay = try ExchangeCalendar.xnys.session(after: broker.now.day)
        let ticker = held.ticker
        let action = CorporateActionAnnounced(
            envelope: Envelope(knownAt: broker.now, recordedAt: broker.now, actor: .importer),
            amount: 0.5, exDay: exDay, ticker: ticker, kind: .dividend, source: .zero)
        try broker.market.log.append(now: broker.now) { (batch: inout AppendBatch) in
            _ = batch.append(action)
        }
        broker.stub.with {
            $0.exchange.dividend("\(ticker)", Money(dollars: 0.5), ex: exDay, paid: exDay + 14)
        }
        let before = try #require(stop(broker, held))
        try broker.run(to: NewYorkTime.instant(exDay, minute: 15 * 60))
        let after = try #require(stop(broker, held))
        #expect(after.id == before.id, "neither cancelled nor replaced")
        let id = before.id
        let level = broker.stub.with { $0.exchange.order(clientID: id)?.shown.pricing.stopPrice }
        #expect((try #require(before.level) - (level?.dollars ?? 0) - 0.5).magnitude < 0.011)
        // Paid weeks later it is cash, and nothing differs meanwhile.
        try broker.run(to: Instant(exDay + 16, hour: 18))
        #expect(!broker.world.halts.isHalted, "\(broker.world.halts.standing)")
        #expect(broker.stub.with { $0.exchange.cash } == broker.world.portfolio.cash)
        #expect(try isReproduced(broker))
    }

    @Test("bars that are adjusted close no session with a broker; beside those as traded they wait")
    func adjusted() throws {
        let broker = try BrokerMarket(seed: 78)
        try broker.runUntil(12 * 60) { $0.portfolio.holdings.count > 1 }
        let day = broker.now.day
        let next = try ExchangeCalendar.xnys.session(after: day)
        let last = try ExchangeCalendar.xnys.session(after: next)
        try broker.market.adjust(on: day, beside: 7)
        try broker.market.adjust(on: next)
        try broker.run(to: Instant(next, hour: 12))
        #expect(broker.loop?.day == day && broker.world.day == day)
        for holding in broker.world.portfolio.holdings {
            let close = broker.world.prices.latestBar(holding.slot).close
            #expect(close < 2 * holding.entryPrice, "the bars as traded")
        }
        try broker.run(to: Instant(next + 1, hour: 4))
        let turn = try broker.loop!.upcoming(by: broker.now)
        guard case .waiting(let standing) = turn else {
            Issue.record("\(turn)")
            return
        }
        #expect(standing.adjusted > 0 && standing.tickers == 0)
        #expect(standing.text(DayRules()).contains("adjusted"))
        try broker.run(to: Instant(last, hour: 12))
        #expect(broker.world.day == day && broker.loop?.day == next, "it is missed")
        try broker.run(to: Instant(last + 1, hour: 12))
        #expect(broker.world.day == last && !broker.world.halts.isHalted)
        #expect(try isReproduced(broker))
    }

    @Test("a replacement that is refused before the open is asked for once more at 09:31")
    func refusedBeforeOpen() throws {
        let broker = try BrokerMarket(seed: 79) { $0.refusesReplaceBeforeOpen = true }
        func replaced() throws -> [ReplaceRequested] { try broker.own(ReplaceRequested.self) }
        let last = try #require(broker.market.world.days.last)
        while try replaced().isEmpty, broker.now.day < last {
            try broker.run(to: NewYorkTime.instant(broker.now.day + 1, minute: 9 * 60 + 24))
        }
        let early = try replaced()
        #expect(!early.isEmpty)
        try broker.minutes(12)
        let refused = try broker.own(StopEnded.self).filter { $0.refusal == .state }
        #expect(refused.count == early.count, "each is refused once before the open")
        let later = try replaced().dropFirst(early.count)
        #expect(!later.isEmpty)
        for event in later {
            let stop = broker.world.broker?.tickets(of: event.order).first
            #expect(stop == nil || stop?.id == event.clientOrderID && stop?.isAccepted == true)
        }
        #expect(try isReproduced(broker))
    }
}
