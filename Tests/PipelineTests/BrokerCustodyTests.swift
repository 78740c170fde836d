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

/// What stands between a run and an account that may not be its own, a switch and a test each.
@Suite("Custody and accounts")
struct BrokerCustodyTests {
    private func custody(_ broker: BrokerMarket) -> [CustodyCause] {
        broker.world.custody.standing.map(\.cause)
    }

    private func sent(_ broker: BrokerMarket) -> Int {
        broker.stub.with { $0.exchange.orders.count }
    }

    /// Whether the run, decided again from its own timeline, is the same to the byte.
    private func isReproduced(_ broker: BrokerMarket) throws -> Bool {
        broker.stop()
        defer { try? broker.start() }
        let again = try Reproduction.check(
            try broker.market.data.openRun("live"), trainer: nil)
        return again.isReproduced
    }

    /// A run with holdings, and an order at its account that its log does not have.
    private func doubled(_ broker: BrokerMarket) throws -> ClientOrderID {
        try broker.runUntil(11 * 60) { $0.portfolio.holdings.count > 2 }
        let held = try #require(broker.world.portfolio.holdings.last)
        let id = ClientOrderID(
            prefix: 0xABCD_EF01, day: broker.now.day, ticker: held.ticker, leg: .entry, attempt: 9)
        var port = StubPort(broker.stub)
        _ = try port.submit(
            OrderRequest(
                id: id, symbol: held.ticker, side: .buy, quantity: Quantity(shares: 3),
                pricing: .market, timeInForce: .day))
        return id
    }

    @Test("an order with the run's bits that its log does not have is custody: nothing is sent")
    func copy() throws {
        let broker = try BrokerMarket(seed: 54) { $0.washTrade = nil }
        let id = try doubled(broker)
        try broker.run(to: broker.now.adding(seconds: 2_400))
        #expect(custody(broker) == [.doubledFolder])
        #expect(broker.world.custody.standing.first?.text.contains("\(id)") == true)
        let stops = broker.stub.with { $0.exchange.openOrders.count }
        #expect(stops == broker.world.portfolio.holdings.count, "its stops stay")
        let before = sent(broker)
        try broker.run(to: Instant(broker.now.day + 8, hour: 18))
        #expect(sent(broker) == before)
        let orders = broker.world.portfolio.orders.filter { $0.request.leg == .entry }
        #expect(orders.isEmpty)
        #expect(try isReproduced(broker))
    }

    @Test("a takeover books what the broker shows, under new ids, and the run goes on")
    func takeover() throws {
        let broker = try BrokerMarket(seed: 54) { $0.washTrade = nil }
        _ = try doubled(broker)
        try broker.run(to: broker.now.adding(seconds: 3_600))
        let bought = try #require(broker.world.portfolio.holdings.last)
        let number = broker.stub.with { $0.exchange.accountNumber }
        func takeOver(_ account: String) throws {
            _ = try OperatorLedger.takeOver(
                try broker.history(), nil, account: account, prefix: 0x1234, who: "ann",
                reason: "the other machine is off", in: broker.market.log, now: broker.now)
        }
        // Of a run that names no account nobody can have typed it before it was looked at.
        #expect(throws: OperatorRefusal.self) { try takeOver(number) }
        var standing = DaemonStanding(process: 1, started: "", program: "")
        standing.account = try #require(broker.task?.standing)
        #expect(standing.account?.account == number)
        #expect(throws: OperatorRefusal.self) {
            _ = try OperatorLedger.takeOver(
                try broker.history(), standing, account: "PAOTHER", prefix: 0x1234, who: "ann",
                reason: "x", in: broker.market.log, now: broker.now)
        }
        _ = try OperatorLedger.takeOver(
            try broker.history(), standing, account: number, prefix: 0x1234, who: "ann",
            reason: "the other machine is off", in: broker.market.log, now: broker.now)
        try broker.run(to: broker.now.adding(seconds: 7_200))
        #expect(custody(broker).isEmpty)
        let held = try #require(
            broker.world.portfolio.holdings.first { $0.ticker == bought.ticker })
        #expect(held.quantity == bought.quantity + Quantity(shares: 3))
        for holding in broker.world.portfolio.holdings {
            let stop = try #require(broker.world.broker?.tickets(of: holding.id).first)
            #expect(stop.id.hasPrefix("0000000000001234-") && stop.quantity == holding.quantity)
        }
        try broker.run(to: Instant(broker.now.day + 20, hour: 18), restarts: 0.01)
        let shown = broker.stub.with { $0.exchange.cash }
        #expect(shown == broker.world.portfolio.cash)
        #expect(!broker.world.halts.isHalted, "\(broker.world.halts.standing)")
        #expect(custody(broker).isEmpty)
        #expect(try isReproduced(broker))
    }

    @Test("under another account's keys nothing is sent, until the run's own are back")
    func otherAccount() throws {
        let broker = try BrokerMarket(seed: 61, account: "PAPAPER")
        let own = broker.stub.with { $0.exchange.accountNumber }
        #expect(own != "PAPAPER")
        try broker.run(to: Instant(broker.now.day + 6, hour: 18))
        #expect(custody(broker) == [.otherAccount])
        #expect(broker.world.custody.standing.first?.account == own)
        #expect(sent(broker) == 0 && broker.world.portfolio.cash == .zero)
        broker.stub.with { $0.exchange.givenNumber = "PAPAPER" }
        try broker.run(to: Instant(broker.now.day + 6, hour: 18))
        #expect(custody(broker).isEmpty && sent(broker) > 0)
        #expect(try isReproduced(broker))
    }

    @Test("what the account holds at the start is left alone and not traded, or taken over")
    func adoption() throws {
        let ticker = SmallWorld.tickers[3]
        let alone = try BrokerMarket(seed: 62, held: [(ticker, 40)])
        try alone.finish()
        #expect(!alone.world.halts.isHalted && alone.world.halts.leftAlone.count == 1)
        let requests = try alone.own(OrderRequested.self)
        #expect(requests.count > 20 && !requests.contains { $0.ticker == ticker })
        let position = alone.stub.with {
            $0.exchange.positions.first { $0.symbol == "\(ticker)" }
        }
        #expect(position?.quantity == Quantity(shares: 40))

        let adopted = try BrokerMarket(seed: 62, adopts: true, held: [(ticker, 40)])
        try adopted.run(to: adopted.now.adding(seconds: 3 * 86_400))
        let event = try #require(try adopted.own(PositionAdopted.self).first)
        #expect(event.quantity == Quantity(shares: 40) && event.averagePrice == 10)
        let close = try #require(event.close)
        let stop = try #require(try adopted.own(OrderRequested.self).first { $0.ticker == ticker })
        #expect(stop.leg != .entry && stop.quantity == Quantity(shares: 40))
        #expect((stop.level ?? 0) < close && (stop.level ?? 0) > 0.8 * close)
        try adopted.finish(restarts: 0.01)
        let outcome = try #require(
            try adopted.own(OutcomeRecorded.self).first { $0.ticker == ticker })
        #expect(outcome.untrainable == .noFeatures && outcome.entryPrice == 10)
        #expect(((outcome.netReturn + 1) - outcome.exitPrice / 10).magnitude < 1e-9)
        let shown = adopted.stub.with { $0.exchange.cash }
        #expect(shown == adopted.world.portfolio.cash && !adopted.world.halts.isHalted)
        #expect(try isReproduced(adopted))
    }

    @Test(
        "shares that a person sold half of are a difference, and adopting it goes on with the rest")
    func halved() throws {
        let broker = try BrokerMarket(seed: 53)
        try broker.runUntil(11 * 60) { $0.portfolio.holdings.count > 2 }
        let held = try #require(broker.world.portfolio.holdings.first)
        let half = Quantity(shares: Int64(held.quantity.shares / 2))
        broker.stub.with { $0.exchange.setPosition("\(held.ticker)", half) }
        broker.stub.with { $0.exchange.transfer(.zero) }
        try broker.run(to: broker.now.adding(seconds: 2_400))
        #expect(broker.world.halts.differing == [held.ticker])
        let orders = sent(broker)
        try broker.run(to: Instant(broker.now.day + 1, hour: 18))
        let new = broker.stub.with { $0.exchange.orders.dropFirst(orders).map(\.shown) }
        #expect(!new.contains { $0.symbol == "\(held.ticker)" }, "it gets no new order")
        var standing = DaemonStanding(process: 1, started: "", program: "")
        standing.account = try #require(broker.task?.standing)
        let (texts, _) = try OperatorLedger.adopt(
            try broker.history(), standing, who: "ann", reason: "sold half by hand",
            in: broker.market.log, now: broker.now)
        #expect(texts.count == 1)
        try broker.run(to: broker.now.adding(seconds: 7_200))
        let now = try #require(broker.world.portfolio.holdings.first { $0.ticker == held.ticker })
        #expect(now.quantity == half && !broker.world.halts.isHalted)
        let stop = broker.world.broker?.tickets(of: held.id).first
        #expect(stop?.quantity == half)
        #expect(try broker.history().differences.isEmpty)
        #expect(try isReproduced(broker))
    }
}
