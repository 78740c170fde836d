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

/// Splits and changes of symbol that the broker and the log both have.
@Suite("Corporate actions at the broker")
struct BrokerActionTests {
    private func stop(_ broker: BrokerMarket, _ ticker: Ticker) -> BrokerTicket? {
        guard let held = broker.world.portfolio.holdings.first(where: { $0.ticker == ticker })
        else { return nil }
        return broker.world.broker?.tickets(of: held.id).first
    }

    private func isReproduced(_ broker: BrokerMarket) throws -> Bool {
        broker.stop()
        defer { try? broker.start() }
        return try Reproduction.check(try broker.market.data.openRun("live"), trainer: nil)
            .isReproduced
    }

    /// A run with holdings in the evening, and the date of the next session.
    private func evening(
        _ seed: UInt64, prepare: (inout ExchangeRules) -> Void = { _ in }
    ) throws -> (BrokerMarket, Ticker, Day) {
        let broker = try BrokerMarket(
            seed: seed, ["trailing_stop=0", "stop_atr=6"], prepare: prepare)
        try broker.runUntil(17 * 60) { $0.portfolio.holdings.count > 2 }
        let ticker = try #require(broker.world.portfolio.holdings.last?.ticker)
        return (broker, ticker, try ExchangeCalendar.xnys.session(after: broker.now.day))
    }

    @Test(
        "a share that splits at the exchange is followed: its stop, its shares, no difference",
        arguments: [ExchangeRules.Splits.leaves, .adjusts, .cancels])
    func split(_ splits: ExchangeRules.Splits) throws {
        let (broker, ticker, exDay) = try evening(81) { $0.splits = splits }
        let before = try #require(
            broker.world.portfolio.holdings.first { $0.ticker == ticker }?.quantity)
        let after = Quantity(shares: 2 * before.shares, fractional: false)
        try broker.split(ticker, into: 2, on: exDay)
        // The broker shows the new shares in the night: the stop is resized once it is told.
        try broker.run(to: NewYorkTime.instant(exDay, minute: 12 * 60))
        #expect(!broker.world.halts.isHalted, "\(broker.world.halts.standing)")
        let placed = try #require(stop(broker, ticker))
        #expect(placed.isAccepted && placed.quantity == after && placed.day == exDay)
        let there = broker.stub.with { state in
            state.exchange.openOrders.filter { $0.shown.symbol == "\(ticker)" }.map(
                \.shown.quantity)
        }
        #expect(there == [after])
        try broker.run(to: Instant(exDay + 6, hour: 18), restarts: 0.02)
        #expect(!broker.world.halts.isHalted, "\(broker.world.halts.standing)")
        if let held = broker.world.portfolio.holdings.first(where: { $0.ticker == ticker }) {
            #expect(held.quantity == after && stop(broker, ticker)?.quantity == after)
        }
        #expect(broker.stub.with { $0.exchange.cash } == broker.world.portfolio.cash)
        #expect(try isReproduced(broker))
    }

    @Test("an order that a split changed while nobody was there is known by the split")
    func adjustedWhileDown() throws {
        let (broker, ticker, exDay) = try evening(81) { $0.splits = .adjusts }
        try broker.split(ticker, into: 2, on: exDay)
        try broker.run(to: broker.now.adding(seconds: 600))
        broker.stop()
        let then = NewYorkTime.instant(exDay, minute: 8 * 60)
        broker.now = then
        broker.stub.with { $0.exchange.advance(to: then) }
        try broker.start()
        try broker.loop?.missed(through: then)
        try broker.run(to: NewYorkTime.instant(exDay, minute: 12 * 60))
        #expect(!broker.world.halts.isHalted, "\(broker.world.halts.standing)")
        #expect(stop(broker, ticker)?.isAccepted == true && stop(broker, ticker)?.day == exDay)
    }

    @Test("a change of symbol is followed at the broker, over starts, and is no difference")
    func rename() throws {
        let (broker, ticker, day) = try evening(82)
        let symbol = Ticker("NEWSY")!
        let held = try #require(
            broker.world.portfolio.holdings.first { $0.ticker == ticker }?.quantity)
        try broker.rename(ticker, to: symbol, on: day)
        try broker.run(to: NewYorkTime.instant(day, minute: 9 * 60 + 20))
        let placed = try #require(stop(broker, ticker))
        #expect(placed.isAccepted && placed.day == day && placed.quantity == held)
        let open = broker.stub.with { $0.exchange.openOrders.map(\.shown.symbol) }
        #expect(open.contains("\(symbol)") && !open.contains("\(ticker)"))
        try broker.run(to: Instant(day + 5, hour: 18))
        for later in 1...4 {
            try broker.start()
            try broker.run(to: Instant(day + 5 + 9 * later, hour: 18))
        }
        #expect(!broker.world.halts.isHalted, "\(broker.world.halts.standing)")
        #expect(broker.stub.with { $0.exchange.cash } == broker.world.portfolio.cash)
        // It is bought again under its new symbol.
        let bought = try broker.own(OrderFilled.self).filter {
            $0.ticker == ticker && $0.side == .buy && $0.filledOn > day
        }
        let there = broker.stub.with { state in
            state.exchange.orders.filter {
                $0.shown.symbol == "\(symbol)" && $0.shown.side == .buy
                    && $0.shown.status == .filled && $0.shown.submittedAt.day > day
            }.count
        }
        #expect(there == bought.count && there > 0)
        #expect(try isReproduced(broker))
    }

    @Test(
        "a split or a change of symbol on the day of its open cancels an entry",
        arguments: [
            CorporateActionKind.split, .symbolChange,
        ])
    func entries(_ kind: CorporateActionKind) throws {
        let broker = try BrokerMarket(seed: 83)
        // Each share has its action on each of the next dates: whatever is bought has one.
        var days = 0
        var cancelled: [OrderCancelled] = []
        while cancelled.isEmpty, days < 30 {
            days += 1
            let next = try ExchangeCalendar.xnys.session(after: broker.now.day)
            for ticker in SmallWorld.tickers {
                try broker.announce(
                    ticker, kind, on: next, ratio: kind == .split ? 1 : nil,
                    newTicker: kind == .split ? nil : ticker)
            }
            try broker.run(to: NewYorkTime.instant(next, minute: 16 * 60 + 30))
            cancelled = try broker.own(OrderCancelled.self)
        }
        #expect(!cancelled.isEmpty && cancelled.allSatisfy { $0.reason == .corporateAction })
        #expect(broker.stub.with { $0.count(.submit) } == 0)
        #expect(broker.world.portfolio.holdings.isEmpty)
    }
}
