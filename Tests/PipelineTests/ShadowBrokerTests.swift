import AlpacaExchange
import EventLog
import Events
import FeedbackLoop
import Market
import TestKit
import TestWorlds
import Testing

@testable import Audit
@testable import Pipeline

/// A live run with a broker beside a backtest over its own facts.
@Suite("The shadow of a run with a broker")
struct ShadowBrokerTests {
    private func shadow(_ broker: BrokerMarket, _ order: ShadowReplay.Order = .live) throws
        -> ShadowComparison
    {
        let found = try #require(
            try ShadowComparison(
                try broker.market.data.openRun("live"), data: broker.market.log, order: order,
                trainer: nil))
        #expect(found.listed + found.rest == found.shortfall)
        #expect(found.rest.magnitude < Money(dollars: 0.05), "\(found.rest)")
        return found
    }

    private func count(_ found: ShadowComparison) -> String {
        found.sums.map { "\($0.kind) \($0.count) \($0.cost)" }.joined(separator: ", ")
            + " \(found.differences.filter { $0.kind != .slippage }.prefix(6))"
    }

    @Test("its differences are stops rounded to the tick, and no other, to the cent")
    func same() throws {
        let broker = try BrokerMarket(seed: 31)
        // Within a session the broker has filled what the model fills at its close: both are
        // compared at the close before.
        try broker.run(to: Instant(broker.now.day + 32, hour: 16))
        let day = broker.now.day
        #expect(broker.world.portfolio.holdings.contains { $0.entryDay == day })
        let within = try shadow(broker)
        #expect(within.standing.day < day && within.differences.allSatisfy { $0.kind == .slippage })
        try broker.finish()
        let found = try shadow(broker)
        #expect(try shadow(broker, .derived).differences == found.differences)
        #expect(found.differences.allSatisfy { $0.kind == .slippage }, "\(count(found))")
        #expect(found.differences.count > 10 && found.sameTrades > 2)
        for row in found.differences {
            let (live, model) = (try #require(row.live?.price), try #require(row.shadow?.price))
            #expect((live - model).magnitude <= 0.0101)
        }
        #expect(found.capital == broker.strategy.startCash)
        #expect(Set(found.leftOut.map(\.kind)).isSuperset(of: ["OrderFilled", "CashMoved"]))
        #expect(found.liveValue == broker.stub.with { $0.exchange.cash } + held(broker))
    }

    private func held(_ broker: BrokerMarket) -> Money {
        broker.world.portfolio.marketValue(broker.world.prices)
    }

    @Test("entries that a halt took back at the broker are missed, with the halt")
    func halted() throws {
        let broker = try BrokerMarket(seed: 51)
        let last = try #require(broker.market.world.days.last)
        while broker.world.portfolio.pendingEntries < 3, broker.now.day < last {
            try broker.run(to: NewYorkTime.instant(broker.now.day + 1, minute: 7 * 60))
        }
        let waiting = broker.world.portfolio.orders.filter { $0.request.leg == .entry }
        try #require(waiting.count > 2)
        _ = try OperatorLedger.halt(
            .person, who: "ann", reason: "news", in: broker.market.log,
            now: broker.now.adding(seconds: 3_600))
        try broker.run(to: Instant(broker.now.day + 2, hour: 12))
        _ = try OperatorLedger.resume(
            nil, who: "ann", reason: "over", in: broker.market.log, now: broker.now)
        try broker.finish()
        let found = try shadow(broker)
        for order in waiting {
            let row = try #require(
                found.differences.first {
                    $0.kind == .entryMissed && $0.ticker == order.request.ticker
                        && $0.decidedOn == order.request.day
                })
            #expect(row.why?.hasSuffix("a person: news)") == true, "\(row.why ?? "")")
        }
    }

    @Test("fees are listed as cash; what was put in is given to the model too")
    func moved() throws {
        let broker = try BrokerMarket(seed: 55) { $0.hasFees = true }
        try broker.run(to: Instant(broker.now.day + 30, hour: 18))
        broker.stub.with { $0.exchange.transfer(Money(dollars: 2_500)) }
        try broker.finish()
        let found = try shadow(broker)
        let cash = found.differences.filter { $0.kind == .cash }
        #expect(cash.count == 1 && cash[0].live?.label == "fee")
        #expect(cash[0].cost > .zero)
        #expect(found.capital == broker.strategy.startCash + Money(dollars: 2_500))
        // Fees move the sizes of later orders by a share at most.
        #expect(!found.differences.contains { $0.kind == .entryMissed || $0.kind == .entryExtra })
        #expect(try shadow(broker, .derived).differences == found.differences)
    }

    @Test(
        "an order that the account cannot pay is refused whole, and the model cuts it to the cash")
    func refused() throws {
        let broker = try BrokerMarket(seed: 56)
        let last = try #require(broker.market.world.days.last)
        // A weekend over which an entry waits: what it needs is drawn out but for half.
        while broker.world.portfolio.pendingEntries == 0 || broker.now.day.isoWeekday != 6,
            broker.now.day < last
        { try broker.run(to: Instant(broker.now.day + 1, hour: 12)) }
        let portfolio = broker.world.portfolio
        let order = try #require(portfolio.orders.first { $0.request.leg == .entry })
        let half = Money(dollars: order.request.reservedCash.dollars / 2)
        broker.stub.with { $0.exchange.transfer(half - portfolio.cash) }
        try broker.run(to: Instant(broker.now.day + 3, hour: 12))
        let found = try shadow(broker)
        let row = try #require(
            found.differences.first {
                $0.ticker == order.request.ticker && $0.decidedOn == order.request.day
            })
        #expect(row.kind == .entryMissed)
        #expect(row.why == "rejected by the broker: insufficient funds (40310000)")
        let bought = try #require(row.shadow?.quantity)
        #expect(bought > .zero && bought < order.request.quantity)
        #expect(found.capital == broker.strategy.startCash + half - portfolio.cash)
    }

    @Test("what was adopted is a position of the run's own, whose value the model was given")
    func adopted() throws {
        let ticker = SmallWorld.tickers[3]
        let broker = try BrokerMarket(seed: 62, adopts: true, held: [(ticker, 40)])
        try broker.finish()
        let event = try #require(try broker.own(PositionAdopted.self).first)
        let close = try #require(event.close)
        let value = Money(dollars: event.quantity.shares * close)
        let found = try shadow(broker)
        #expect(found.capital == broker.strategy.startCash + value)
        let row = try #require(
            found.differences.first { $0.why?.hasPrefix("a person took") == true })
        #expect(row.kind == .entryExtra && row.ticker == ticker && row.value == value)
        #expect(row.live?.price == close && row.live?.quantity == event.quantity)
        let outcome = try #require(
            try broker.own(OutcomeRecorded.self).first { $0.ticker == ticker })
        // It cost what it lost since: from the close at which it came, not from what was paid.
        let lost = value - Money(dollars: outcome.quantity.shares * outcome.exitPrice)
        #expect((row.cost - lost).magnitude < Money(dollars: 0.01), "\(row.cost), \(lost)")
    }
}
