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

/// What happens while nobody is there, or while the exchange is silent about a share, and what
/// differs from the account.
@Suite("Absences and differences at the broker")
struct BrokerAbsenceTests {
    private func isReproduced(_ broker: BrokerMarket) throws -> Bool {
        broker.stop()
        defer { try? broker.start() }
        return try Reproduction.check(try broker.market.data.openRun("live"), trainer: nil)
            .isReproduced
    }

    private func expectBooked(_ broker: BrokerMarket) {
        let (there, here) = (
            broker.stub.with { $0.exchange.cash }, broker.world.portfolio.cash
        )
        #expect(there == here)
        #expect(!broker.world.halts.isHalted, "\(broker.world.halts.standing)")
    }

    @Test("a stop of forty days ago that was filled while nobody was there is booked by its day")
    func fortyDays() throws {
        let broker = try BrokerMarket(seed: 91, ["trailing_stop=0", "stop_atr=6"])
        try broker.runUntil(12 * 60) { $0.portfolio.holdings.count > 2 }
        let held = try #require(broker.world.portfolio.holdings.last)
        let placed = try #require(broker.world.broker?.tickets(of: held.id).first)
        let gone = broker.now.day
        let fell = try ExchangeCalendar.xnys.session(after: gone + 30)
        let level = try #require(placed.level)
        broker.stub.with {
            $0.exchange.put(
                Exchange.Bar(
                    open: level + 1, high: level + 1, low: level - 1, close: level - 0.5),
                "\(held.ticker)", on: fell)
        }
        try broker.away(until: Instant(gone + 40, hour: 15))
        let fill = try #require(
            try broker.own(OrderFilled.self).last { $0.clientOrderID == placed.id })
        #expect(fill.filledOn == fell && fill.quantity == held.quantity && fill.leg == .stop)
        #expect(!broker.world.portfolio.holdings.contains { $0.id == held.id })
        try broker.run(to: Instant(gone + 44, hour: 18))
        expectBooked(broker)
        #expect(try isReproduced(broker))
    }

    @Test("an order whose window closed before anybody asked for it is cancelled at its instant")
    func missedWindow() throws {
        let broker = try BrokerMarket(seed: 92)
        let last = try #require(broker.market.world.days.last)
        func waiting() -> [WorkingOrder] {
            broker.world.portfolio.orders.filter { order in
                order.request.leg == .entry
                    && (broker.world.broker?.tickets(of: order.id).isEmpty ?? false)
            }
        }
        // Friday's entries wait over the weekend in the log.
        while waiting().isEmpty, broker.now.day < last {
            try broker.run(to: Instant(broker.now.day.mondayOfWeek + 13, hour: 12))
        }
        let orders = waiting().map(\.id)
        try #require(!orders.isEmpty)
        let monday = try ExchangeCalendar.xnys.session(after: broker.now.day)
        try broker.away(until: NewYorkTime.instant(monday, minute: 11 * 60))
        let cancelled = try broker.own(OrderCancelled.self).filter { orders.contains($0.order) }
        #expect(cancelled.count == orders.count)
        for event in cancelled {
            #expect(event.reason == .missedWindow)
            #expect(event.envelope.knownAt == Instant(monday, hour: 5, minute: 30))
        }
        let there = broker.stub.with { state in
            state.exchange.orders.filter {
                $0.shown.side == .buy && $0.shown.submittedAt.day >= monday
            }
        }
        #expect(there.isEmpty, "nothing is sent in its place")
        try broker.run(to: Instant(monday + 3, hour: 18))
        expectBooked(broker)
        #expect(try isReproduced(broker))
    }

    @Test("a share that is halted for eight days, and has no bars, is held and keeps its stop")
    func haltedForDays() throws {
        let broker = try BrokerMarket(
            seed: 93, ["trailing_stop=0", "stop_atr=6", "no_price_sessions=5", "timeout_days=60"])
        try broker.runUntil(12 * 60) { $0.portfolio.holdings.count > 2 }
        let held = try #require(broker.world.portfolio.holdings.last)
        let placed = try #require(broker.world.broker?.tickets(of: held.id).first)
        let day = broker.now.day
        broker.stub.with { $0.exchange.halt("\(held.ticker)") }
        try broker.market.silence(held.ticker, on: day...(day + 11))
        try broker.run(to: Instant(day + 12, hour: 4))
        #expect(broker.world.prices.sessionsWithoutBar(held.slot) >= 8)
        let there = try #require(
            broker.world.portfolio.holdings.first { $0.id == held.id })
        #expect(there.exit == nil && there.quantity == held.quantity)
        let stop = broker.world.broker?.tickets(of: held.id).first
        #expect(stop?.id == placed.id && stop?.isAccepted == true)
        let closed = try broker.own(ExitTriggered.self).contains {
            $0.holding == held.id || $0.reason == .noPrice
        }
        #expect(!closed, "only a fact of the broker closes a holding")
        broker.stub.with { $0.exchange.halt("\(held.ticker)", false) }
        try broker.run(to: Instant(day + 20, hour: 18))
        expectBooked(broker)
        #expect(try isReproduced(broker))
    }

    /// A run at 11:00 that holds something.
    private func morning(_ seed: UInt64) throws -> BrokerMarket {
        let broker = try BrokerMarket(seed: seed)
        try broker.runUntil(11 * 60) { $0.portfolio.holdings.count > 2 }
        return broker
    }

    @Test("money that moved without an activity differs, halts, and a person takes it")
    func money() throws {
        let broker = try morning(94)
        broker.stub.with { $0.exchange.transferUnseen(Money(dollars: -250)) }
        try broker.minutes(15)
        let difference = try #require(try broker.facts(ReconciliationDiffered.self).last)
        #expect(difference.ticker == nil)
        let (log, there) = (
            try #require(difference.expectedCash), try #require(difference.brokerCash)
        )
        #expect(log - there == Money(dollars: 250))
        #expect(broker.world.halts.standing.map(\.cause) == [.reconciliation])
        // Exits go on: a stop that the broker ends is placed again.
        let held = try #require(broker.world.portfolio.holdings.first)
        let before = try #require(broker.world.broker?.tickets(of: held.id).first?.id)
        broker.stub.with { state in
            guard let order = state.exchange.order(clientID: before) else { return }
            try? state.exchange.cancel(order.shown.id)
        }
        try broker.minutes(2)
        let after = broker.world.broker?.tickets(of: held.id).first
        #expect(after?.isAccepted == true && after?.id != before)
        _ = try OperatorLedger.resume(
            .reconciliation, who: "ann", reason: "a wire", in: broker.market.log, now: broker.now)
        try broker.minutes(2)
        #expect(!broker.world.halts.isHalted, "a person ends it")
    }

    @Test("a cent differs not")
    func cent() throws {
        let broker = try morning(94)
        broker.stub.with { $0.exchange.transferUnseen(Money(dollars: -0.01)) }
        try broker.minutes(20)
        #expect(!broker.world.halts.isHalted)
    }

    @Test("a position that the log lacks differs, and halts")
    func foreignPosition() throws {
        let broker = try morning(95)
        let ticker = Ticker("ZZZ")!
        broker.stub.with {
            $0.exchange.setPosition(
                "\(ticker)", Quantity(shares: 5), cost: Money(dollars: 50))
        }
        try broker.minutes(15)
        #expect(broker.world.halts.differing == [ticker])
        #expect(broker.world.halts.standing.map(\.cause) == [.reconciliation])
        let difference = try #require(try broker.facts(ReconciliationDiffered.self).last)
        #expect(difference.expectedQuantity == .zero)
        #expect(difference.brokerQuantity == Quantity(shares: 5))
    }

    @Test("a difference that is over within half a minute is none")
    func passing() throws {
        let broker = try morning(96)
        let held = try #require(broker.world.portfolio.holdings.first)
        broker.stub.with { $0.exchange.setPosition("\(held.ticker)", .zero) }
        var seconds = 0
        while broker.task?.standing?.differences.isEmpty ?? true, seconds < 1_200 {
            try broker.run(to: broker.now.adding(seconds: 5))
            seconds += 5
        }
        #expect(seconds < 1_200, "it is seen once")
        broker.stub.with { $0.exchange.setPosition("\(held.ticker)", held.quantity) }
        try broker.minutes(20)
        #expect(!broker.world.halts.isHalted)
        #expect(try broker.facts(ReconciliationDiffered.self).isEmpty)
        #expect(broker.task?.standing?.differences == [])
    }
}
