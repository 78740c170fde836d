import AlpacaExchange
import Audit
import Brokerage
import EventLog
import Events
import FeedbackLoop
import Foundation
import Market
import TestKit
import TestWorlds
import Testing

@testable import Pipeline

@Suite("A live run with a broker")
struct BrokerRunTests {
    /// What a run traded.
    private struct Trades {
        var entries: [String] = []
        var exits: [String] = []
        var prices: [String: Double] = [:]
        var cancelled: [String] = []

        init(_ run: OpenedRun) throws {
            var reasons: [Reference: ExitReason] = [:]
            try run.merged.readOwn { reference, message in
                switch try MessageHeader(message).templateID {
                case ExitTriggered.templateID:
                    reasons[reference] = try ExitTriggered(message: message).reason
                case OrderFilled.templateID:
                    let fill = try OrderFilled(message: message)
                    let what = "\(fill.filledOn) \(fill.ticker) \(fill.quantity.shares)"
                    prices["\(fill.side) \(what)"] = fill.price
                    if fill.side == .buy {
                        entries.append(what)
                    } else {
                        let reason = reasons[fill.trigger].map { "\($0)" } ?? "?"
                        exits.append("\(what) \(reason)")
                    }
                case OrderCancelled.templateID:
                    let order = try OrderCancelled(message: message)
                    cancelled.append("\(order.day) \(order.ticker) \(order.reason)")
                default: break
                }
                return .proceed
            }
            entries.sort()
            exits.sort()
        }
    }

    /// Decided again it is the same, to the byte; nothing was known too late; shares and cash are
    /// the broker's to the cent, and no id was used twice.
    private func expectSound(_ broker: BrokerMarket) throws {
        let world = broker.world
        broker.stop()
        let run = try broker.market.data.openRun("live")
        let again = try Reproduction.check(run, trainer: nil)
        #expect(again.isReproduced, "\(again.finding ?? "") at \(again.position ?? 0)")
        let causality = try Causality.check(
            run.merged, timeline: run.timeline, configuration: broker.strategy.configuration,
            calendar: .xnys)
        #expect(causality.isSound, "\(causality.findings.prefix(3))")
        let exchange = broker.stub.with { $0.exchange }
        #expect(exchange.cash == world.portfolio.cash)
        let held = world.portfolio.holdings.map { "\($0.ticker) \($0.quantity.shares)" }
        let there = exchange.positions.filter { $0.quantity != .zero }
            .map { "\($0.symbol) \($0.quantity.shares)" }.sorted()
        #expect(held == there)
        #expect(Set(exchange.orders.map(\.shown.clientID)).count == exchange.orders.count)
        // Whatever is held has one stop at the broker, for all of it.
        let stops = exchange.openOrders.map(\.shown).filter { $0.pricing.stopPrice != nil }
            .map { "\($0.symbol) \(($0.quantity - $0.filled).shares)" }.sorted()
        let unprotected = Set(there).subtracting(stops)
        let exits = Set(
            exchange.openOrders.map(\.shown).filter { $0.side == .sell }.map(\.symbol))
        #expect(
            unprotected.allSatisfy { text in exits.contains { text.hasPrefix("\($0) ") } },
            "\(unprotected)")
    }

    @Test(
        "trades what the simulated market trades, at the prices that the exchange prints",
        arguments: [(31 as UInt64, 0.0), (32, 0.005)])
    func same(seed: UInt64, restarts: Double) throws {
        let broker = try BrokerMarket(seed: seed)
        try broker.finish(restarts: restarts)
        #expect(restarts == 0 || broker.starts > 10)
        #expect(!broker.world.halts.isHalted, "\(broker.world.halts.standing)")
        try expectSound(broker)
        let live = try Trades(try broker.market.data.openRun("live"))
        let backtest = try Trades(try broker.market.backtest(broker.strategy))
        #expect(live.entries == backtest.entries && live.exits == backtest.exits)
        #expect(live.entries.count > 30 && live.exits.count > 25)
        let reasons = Set(live.exits.compactMap { $0.split(separator: " ").last })
        #expect(reasons.isSuperset(of: ["stop", "trailingStop"]), "\(reasons)")
        for (what, price) in live.prices {
            let modelled = try #require(backtest.prices[what], "\(what)")
            #expect((price - modelled).magnitude <= 0.0101, "\(what): \(price), \(modelled)")
        }
    }

    @Test(
        "under faults none is doubled or lost, shares and cash are the broker's to the cent",
        arguments: [(41 as UInt64, 20), (42, 50)])
    func faults(seed: UInt64, percent: Int) throws {
        let broker = try BrokerMarket(seed: seed) {
            ($0.partialPercent, $0.auctionRestPercent, $0.cancelDelay) = (30, 20, 20)
        }
        broker.stub.with {
            $0.faults = FaultPlan(seed: seed)
            ($0.faults.percent, $0.faults.lostPercent, $0.faults.doubledPercent) = (percent, 30, 30)
            $0.faults.isReordering = true
        }
        let last = try #require(broker.market.world.days.last)
        // Requests that fail leave a stop unasked for over a minute, which halts: a person ends it.
        while broker.now < Instant(last, hour: 5, minute: 10) {
            try broker.run(to: Instant(broker.now.day + 1, hour: 5, minute: 10), restarts: 0.004)
            guard broker.world.halts.isHalted else { continue }
            #expect(broker.world.halts.standing.allSatisfy { $0.cause == .unprotected })
            _ = try OperatorLedger.resume(
                .unprotected, who: "ann", reason: "stops are there", in: broker.market.log,
                now: broker.now)
        }
        broker.stub.with { $0.faults = FaultPlan(seed: seed) }
        try broker.finish()
        #expect(broker.starts > 5)
        #expect(!broker.world.halts.isHalted, "\(broker.world.halts.standing)")
        try expectSound(broker)
        let live = try Trades(try broker.market.data.openRun("live"))
        #expect(live.entries.count > 25 && live.exits.count > 20)
    }
}
