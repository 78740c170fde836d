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

/// What can happen between a run and its broker, a switch of the exchange and a test each.
@Suite("Cases of a broker")
struct BrokerCaseTests {
    private func cash(_ broker: BrokerMarket) -> (Money, Money) {
        (broker.stub.with { $0.exchange.cash }, broker.world.portfolio.cash)
    }

    @Test("a halt at 08:00 cancels every entry that is at the broker, and none is filled")
    func haltedBefore() throws {
        let broker = try BrokerMarket(seed: 51)
        try broker.runUntil(7 * 60) { $0.portfolio.pendingEntries > 2 }
        let waiting = broker.world.portfolio.orders.filter { $0.request.leg == .entry }
        let there = broker.stub.with { $0.exchange.openOrders.count { $0.shown.side == .buy } }
        #expect(there == waiting.count)
        let held = broker.world.portfolio.holdings.count
        _ = try OperatorLedger.halt(
            .person, who: "ann", reason: "news", in: broker.market.log,
            now: broker.now.adding(seconds: 3_600))
        try broker.run(to: broker.now.adding(seconds: 2 * 3_600))
        #expect(broker.world.portfolio.pendingEntries == 0)
        let cancelled = try broker.own(OrderCancelled.self).filter { $0.reason == .halted }
        #expect(Set(cancelled.map(\.order)) == Set(waiting.map(\.id)))
        try broker.run(to: NewYorkTime.instant(broker.now.day, minute: 10 * 60))
        #expect(broker.world.portfolio.holdings.count <= held)
        #expect(broker.stub.with { $0.exchange.openOrders.allSatisfy { $0.shown.side == .sell } })
    }

    @Test("a fill that wins against the cancelling of a halt is booked, and protected")
    func haltedLate() throws {
        let broker = try BrokerMarket(seed: 52) { $0.cancelDelay = 600 }
        try broker.runUntil(9 * 60 + 29) { $0.portfolio.pendingEntries > 2 }
        let waiting = broker.world.portfolio.orders.filter { $0.request.leg == .entry }
        _ = try OperatorLedger.halt(
            .person, who: "ann", reason: "news", in: broker.market.log, now: broker.now)
        try broker.run(to: NewYorkTime.instant(broker.now.day, minute: 10 * 60))
        for order in waiting {
            let holding = try #require(
                broker.world.portfolio.holdings.first { $0.id == order.id })
            let stop = broker.world.broker?.tickets(of: holding.id).first
            #expect(stop?.isAccepted == true && stop?.quantity == holding.quantity)
        }
        let (shown, booked) = cash(broker)
        #expect(shown == booked && broker.world.halts.standing.map(\.cause) == [.person])
    }

    @Test("a position that vanishes is a difference in two looks, and halts until a person ends it")
    func vanished() throws {
        let broker = try BrokerMarket(seed: 53)
        try broker.runUntil(11 * 60) { $0.portfolio.holdings.count > 2 }
        let ticker = try #require(broker.world.portfolio.holdings.first?.ticker)
        broker.stub.with { $0.exchange.setPosition("\(ticker)", .zero) }
        try broker.run(to: broker.now.adding(seconds: 2_400))
        #expect(broker.world.halts.standing.map(\.cause) == [.reconciliation])
        let text = try #require(broker.world.halts.standing.first?.text)
        #expect(text.contains("\(ticker): ") && text.hasSuffix("0.0 by the broker"), "\(text)")
        // Nothing is corrected in silence, and a start does not end it.
        #expect(broker.world.portfolio.holdings.contains { $0.ticker == ticker })
        try broker.start()
        #expect(broker.world.halts.standing.map(\.cause) == [.reconciliation])
    }

    @Test("an order of another is left alone")
    func foreign() throws {
        let broker = try BrokerMarket(seed: 54)
        try broker.runUntil(11 * 60) { $0.portfolio.holdings.count > 2 }
        let day = broker.now.day
        var other = StubPort(broker.stub)
        let ticker = try #require(
            SmallWorld.tickers.first { ticker in
                broker.world.portfolio.holdingIndex(ticker) == nil
                    && !broker.world.portfolio.hasOrder(ticker)
            })
        _ = try other.submit(
            OrderRequest(
                id: ClientOrderID(prefix: 1, day: day, ticker: ticker, leg: .entry, attempt: 0),
                symbol: ticker, side: .buy, quantity: Quantity(shares: 1),
                pricing: .limit(Price(cents: 1)), timeInForce: .day))
        try broker.run(to: broker.now.adding(seconds: 2_400))
        #expect(!broker.world.halts.isHalted, "a foreign order is left alone")
    }

    @Test("deposits, fees and interest move the log's cash as they moved the account's")
    func moved() throws {
        let broker = try BrokerMarket(seed: 55) { $0.hasFees = true }
        try broker.runUntil(11 * 60) { $0.portfolio.holdings.count > 2 }
        broker.stub.with { $0.exchange.transfer(Money(dollars: 2_500)) }
        try broker.run(to: Instant(broker.now.day + 40, hour: 18))
        let (shown, booked) = cash(broker)
        #expect(shown == booked)
        #expect(!broker.world.halts.isHalted, "\(broker.world.halts.standing)")
        var kinds: Set<CashKind> = []
        try broker.market.log.read { record in
            if try MessageHeader(record.message).templateID == CashMoved.templateID {
                kinds.insert(try CashMoved(message: record.message).kind)
            }
            return .proceed
        }
        #expect(kinds.isSuperset(of: [.opening, .deposit, .fee]), "\(kinds)")
    }

    @Test("a stop that is refused because the price is through it is a sale at once")
    func through() throws {
        let broker = try BrokerMarket(seed: 56)
        try broker.runUntil(9 * 60 + 29) { $0.portfolio.pendingEntries > 1 }
        let refusal = Refusal(
            status: 422, code: 42_210_000, message: "stop price must be less than current price")
        broker.stub.with { $0.faults.next(.submit, .refuse(refusal, isDone: false)) }
        try broker.run(to: NewYorkTime.instant(broker.now.day, minute: 10 * 60 + 20))
        let ended = try broker.own(StopEnded.self).filter { $0.refusal == .throughPrice }
        #expect(ended.count == 1)
        let holding = try #require(ended.first?.order)
        #expect(!broker.world.portfolio.holdings.contains { $0.id == holding })
        let sold = try broker.own(OrderSubmitted.self).last { $0.holding == holding }
        #expect(sold?.timing == .immediate && sold?.leg == .exit)
        let (shown, booked) = cash(broker)
        #expect(shown == booked)
    }

    @Test("a stop that the broker ends is placed again, as the next attempt")
    func expired() throws {
        let broker = try BrokerMarket(seed: 57, ["trailing_stop=0", "stop_atr=6"]) {
            $0.expiresAfterDays = 4
        }
        try broker.runUntil(11 * 60) { $0.portfolio.holdings.count > 2 }
        try broker.run(to: Instant(broker.now.day + 14, hour: 18))
        let expired = try broker.own(StopEnded.self).filter { $0.reason == .expired }
        #expect(expired.count > 2)
        for holding in broker.world.portfolio.holdings {
            let stop = broker.world.broker?.tickets(of: holding.id).first
            #expect(stop?.isAccepted == true && stop?.quantity == holding.quantity)
        }
        #expect(!broker.world.halts.isHalted)
    }

    @Test("an exit that misses its auction has its stop back, and is tried after the next cycle")
    func auction() throws {
        let broker = try BrokerMarket(
            seed: 58, ["trailing_stop=0", "stop_atr=6", "timeout_days=6"])
        try broker.runUntil(9 * 60) { world in
            world.portfolio.orders.contains { $0.request.leg == .exit }
        }
        let order = try #require(
            broker.world.portfolio.orders.first { $0.request.leg == .exit })
        let ticker = order.request.ticker
        broker.stub.with { $0.exchange.halt("\(ticker)") }
        try broker.run(to: NewYorkTime.instant(broker.now.day, minute: 11 * 60))
        let held = try #require(
            broker.world.portfolio.holdings.first { $0.ticker == ticker })
        #expect(held.isExitDue)
        let stop = broker.world.broker?.tickets(of: held.id).first
        #expect(stop?.isAccepted == true && stop?.leg == .stop)
        broker.stub.with { $0.exchange.halt("\(ticker)", false) }
        try broker.run(to: Instant(broker.now.day + 4, hour: 18))
        #expect(!broker.world.portfolio.holdings.contains { $0.id == held.id })
        let attempts = try broker.own(OrderSubmitted.self).filter { $0.holding == held.id }
        #expect(attempts.map(\.attempt) == [0, 1])
    }

    @Test("a bar at ten times its price moves no stop and sells nothing, that morning or later")
    func tenfold() throws {
        let broker = try BrokerMarket(seed: 64)
        try broker.runUntil(12 * 60) { $0.portfolio.holdings.count > 3 }
        let day = broker.now.day
        let held = broker.world.portfolio.holdings.map(\.ticker)
        let closes = broker.world.portfolio.holdings.map {
            broker.world.prices.latestBar($0.slot).close
        }
        for ticker in held {
            try broker.market.multiply(ticker, on: day, by: 10)
        }
        try broker.run(to: Instant(day + 12, hour: 18))
        // People are told of each, once a morning, while its level is in doubt.
        let notices = broker.takeNotices()
        for ticker in held {
            #expect(notices.contains { $0.contains("\(ticker)'s stop") }, "\(notices)")
        }
        #expect(Set(notices).count == notices.count)
        let raised = try broker.own(ReplaceRequested.self)
        let placed = try broker.own(OrderRequested.self)
        for (ticker, close) in zip(held, closes) {
            let levels =
                raised.filter { $0.ticker == ticker }.map(\.level)
                + placed.filter { $0.ticker == ticker }.compactMap(\.level)
            #expect(!levels.isEmpty && levels.allSatisfy { $0 < 2 * close }, "\(ticker) \(levels)")
            let sold = try broker.own(OrderSubmitted.self).contains {
                $0.ticker == ticker && $0.timing == .immediate
            }
            #expect(!sold, "\(ticker) is sold at once")
        }
        #expect(!broker.world.halts.isHalted, "\(broker.world.halts.standing)")
    }

    @Test("before a split's ex-date opens the stop is taken away, and placed anew at its new level")
    func split() throws {
        let broker = try BrokerMarket(seed: 60, ["trailing_stop=0", "stop_atr=6"])
        try broker.runUntil(17 * 60) { $0.portfolio.holdings.count > 2 }
        let ticker = try #require(broker.world.portfolio.holdings.last?.ticker)
        let exDay = try ExchangeCalendar.xnys.session(after: broker.now.day)
        let action = CorporateActionAnnounced(
            envelope: Envelope(knownAt: broker.now, recordedAt: broker.now, actor: .importer),
            ratio: 2, exDay: exDay, ticker: ticker, kind: .split, source: .zero)
        try broker.market.log.append(now: broker.now) { (batch: inout AppendBatch) in
            _ = batch.append(action)
        }
        try broker.run(to: NewYorkTime.instant(exDay, minute: 9 * 60 + 10))
        let held = try #require(broker.world.portfolio.holdings.first { $0.ticker == ticker })
        let ended = try broker.own(StopEnded.self).filter {
            $0.order == held.id && $0.reason == .corporateAction
        }
        #expect(ended.count == 1)
        let stop = try #require(broker.world.broker?.tickets(of: held.id).first)
        #expect(stop.isAccepted && stop.quantity == held.quantity && stop.day == exDay)
        let level = try #require(held.stopLevel)
        #expect(((stop.level ?? 0) - level / 2).magnitude <= 0.01)
        // Nothing is bought of it that day, and no other holding's stop is touched.
        let others = try broker.own(StopEnded.self).filter { $0.reason == .corporateAction }
        #expect(others.allSatisfy { $0.order == held.id })
    }

    @Test("updates that never come are found by asking, and one that was down books what it missed")
    func silent() throws {
        let broker = try BrokerMarket(seed: 59)
        broker.stub.with { $0.faults.lostPercent = 100 }
        try broker.runUntil(9 * 60 + 20) { $0.portfolio.holdings.count > 4 }
        // Nobody is there for a day and a half.
        broker.stop()
        let then = broker.now.adding(seconds: 129_600)
        broker.now = then
        broker.stub.with { $0.exchange.advance(to: then) }
        try broker.start()
        try broker.loop?.missed(through: then)
        try broker.run(to: Instant(then.day + 20, hour: 18))
        let (shown, booked) = cash(broker)
        #expect(shown == booked && !broker.world.halts.isHalted)
        #expect(try broker.own(OrderFilled.self).count > 20)
    }
}
