import AlpacaExchange
import BrokerKit
import Brokerage
import Events
import TestKit
import Testing

@Suite("What holds of the exchange, whatever it is asked")
struct ExchangePropertyTests {
    /// A month of random orders, replacements and cancels over random prices.
    private func month(seed: UInt64) -> Exchange {
        var chance = SeededGenerator(seed: seed)
        var rules = ExchangeRules()
        (rules.seed, rules.partialPercent, rules.auctionRestPercent) = (seed, 40, 30)
        rules.cancelDelay = Int64.random(in: 0...300, using: &chance)
        rules.washTrade = Bool.random(using: &chance) ? rules.washTrade : nil
        let floor = BrokerFloor(rules: rules, cash: 20_000) { StubPort($0) }
        for offset in 0..<30 {
            let low = Double.random(in: 60...100, using: &chance)
            let high = Double.random(in: 100...140, using: &chance)
            floor.put(
                BrokerFloor.bar(
                    open: Double.random(in: low...high, using: &chance), high: high, low: low,
                    close: Double.random(in: low...high, using: &chance)),
                on: BrokerFloor.day + offset)
        }
        for turn in 0..<400 {
            floor.pass(Int64.random(in: 1...14_000, using: &chance))
            var random = chance
            floor.stub.with { ask(&$0.exchange, UInt32(turn), &random) }
            chance = random
        }
        return floor.exchange
    }

    private func ask(_ exchange: inout Exchange, _ turn: UInt32, _ chance: inout SeededGenerator) {
        let shares = Quantity(shares: Int64.random(in: 1...60, using: &chance))
        let cents = Price(cents: Int64.random(in: 6_000...14_000, using: &chance))
        let open = exchange.openOrders.randomElement(using: &chance)?.shown.id
        switch Int.random(in: 0..<6, using: &chance) {
        case 0, 1, 2:
            let isBuy = Bool.random(using: &chance)
            let request = ExchangeRequest(
                clientID: "\(turn)", symbol: "ACME", side: isBuy ? .buy : .sell, quantity: shares,
                pricing: Bool.random(using: &chance)
                    ? .market : isBuy ? .limit(cents) : .stop(cents),
                timeInForce: [.day, .untilCancelled, .opening].randomElement(using: &chance)!)
            _ = try? exchange.submit(request)
        case 3:
            if let open {
                _ = try? exchange.replace(
                    open, quantity: shares, stopPrice: cents, clientID: "r\(turn)")
            }
        case 4: if let open { try? exchange.cancel(open) }
        default: break
        }
    }

    @Test("cash is what came less what went, shares are fills, nothing is oversold or overfilled")
    func books() {
        var (fills, parts, states) = (0, 0, Set<OrderStatus>())
        for seed in 0..<60 as Range<UInt64> {
            let exchange = month(seed: seed)
            let comment = "seed \(seed)"
            let moved = exchange.activities.reduce(Money.zero) { $0 + $1.amount }
            #expect(exchange.cash == Money(dollars: 20_000) + moved, "\(comment)")
            var held = Quantity.zero
            for activity in exchange.activities {
                guard case .fill(let id, let side, let quantity, _, let cumulative) = activity.kind
                else { continue }
                fills += 1
                held = side == .buy ? held + quantity : held - quantity
                #expect(held >= .zero, "\(comment): sold what is not held")
                let order = exchange.order(id: id)
                #expect(order.map { cumulative <= $0.shown.quantity } == true, "\(comment)")
                if let order, cumulative < order.shown.quantity { parts += 1 }
            }
            #expect(exchange.positions.first?.quantity ?? .zero == held, "\(comment)")
            for order in exchange.orders {
                states.insert(order.shown.status)
                let filled = exchange.activities.reduce(Money.zero) { sum, activity in
                    guard case .fill(order.shown.id, _, _, _, _) = activity.kind else { return sum }
                    return sum + activity.amount.magnitude
                }
                #expect(order.shown.filledValue == filled, "\(comment)")
                #expect(
                    (order.shown.status == .filled) == (order.shown.filled == order.shown.quantity))
            }
        }
        #expect(fills > 1_000 && parts > 200, "\(fills) fills, \(parts) parts")
        #expect(states.isSuperset(of: [.filled, .cancelled, .expired, .replaced]))
    }

    @Test("the same seed gives the same orders, another one others")
    func deterministic() {
        let (one, same, other) = (month(seed: 1), month(seed: 1), month(seed: 2))
        #expect(one.orders == same.orders && one.activities == same.activities)
        #expect(one.orders != other.orders)
    }
}
