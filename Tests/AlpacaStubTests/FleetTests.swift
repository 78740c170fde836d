import AlpacaExchange
import BrokerKit
import Brokerage
import Events
import Testing

/// Orders by the protocol on a broker that fails, updates by a stream that loses and reorders.
private struct Fleet {
    var floor: BrokerFloor
    var orders: [OrderProtocol] = []
    var stream: StubPort
    /// Shares and dollars by the facts.
    var (shares, dollars) = (Quantity.zero, Money.zero)
    var mismatches: [OrderFact] = []

    init(seed: UInt64, percent: Int, _ port: (StubBroker) -> any BrokerPort) {
        var rules = ExchangeRules()
        (rules.seed, rules.partialPercent, rules.auctionRestPercent) = (seed, 30, 20)
        (rules.cancelDelay, rules.requestsPerMinute, rules.hasFees) = (20, 100_000, false)
        floor = BrokerFloor(rules: rules, cash: 1e9, port)
        stream = StubPort(floor.stub)
        floor.stub.with {
            $0.faults = FaultPlan(seed: seed)
            ($0.faults.percent, $0.faults.lostPercent, $0.faults.doubledPercent) = (percent, 30, 30)
            $0.faults.isReordering = true
        }
    }

    var now: Instant { floor.exchange.now }

    mutating func book(_ facts: [OrderFact], _ side: OrderSide) {
        for fact in facts {
            switch fact {
            case .filled(let quantity, let value, _, _):
                shares = side == .buy ? shares + quantity : shares - quantity
                dollars += side == .buy ? -value : value
            case .mismatch: mismatches.append(fact)
            case .accepted, .rejected, .cancelled, .expired, .replaced: break
            }
        }
    }

    mutating func take(_ input: OrderProtocol.Input, _ places: Range<Int>) {
        for place in places {
            let facts = orders[place].take(input, at: now)
            book(facts, orders[place].request.side)
        }
    }

    /// A turn of the task: what the stream has, then a step of every order.
    mutating func turn(_ places: Range<Int>, seconds: Int64) {
        for update in stream.drain().updates {
            let place = places.first { orders[$0].request.id.description == update.clientID }
            if let place { take(.reported(update), place..<(place + 1)) }
        }
        let now = now
        for place in places {
            let facts = orders[place].act(on: &floor.port, at: now)
            book(facts, orders[place].request.side)
        }
        floor.pass(seconds)
    }

    /// An evening's entries, and a morning's stops for what they filled; some of it is cancelled.
    mutating func day(_ day: Day, count: Int) {
        let first = orders.count
        for _ in 0..<count { decide(.entry, Quantity(shares: Int64(1 + orders.count % 50))) }
        var places = first..<orders.count
        for round in 0..<30 {
            if round == 20 { take(.cancelRequested(.halted), first..<(first + count / 5)) }
            turn(places, seconds: 20)
        }
        floor.advance(day, 9, 28)
        take(.windowOver, places)
        floor.advance(day, 9, 31)
        take(.auctionOver, places)
        for _ in 0..<20 { turn(places, seconds: 20) }
        let filled = places.filter { orders[$0].filled > .zero }
        for place in filled { decide(.stop, orders[place].filled) }
        places = first..<orders.count
        for _ in 0..<10 { turn(places, seconds: 20) }
        floor.advance(day, 12)
        for _ in 0..<10 { turn(places, seconds: 20) }
        floor.advance(day, 16, 1)
        floor.stub.with {
            ($0.faults.percent, $0.faults.lostPercent, $0.faults.isReordering) = (0, 0, false)
        }
        take(.cancelRequested(.requested), places)
        for _ in 0..<10 { turn(places, seconds: 61) }
        take(.sessionOver, places)
        for _ in 0..<10 { turn(places, seconds: 61) }
    }

    private mutating func decide(_ leg: OrderLeg, _ quantity: Quantity) {
        var request = leg == .entry ? BrokerFloor.entry() : BrokerFloor.stop(9_600)
        request.id = BrokerFloor.id(leg, UInt32(orders.count))
        request.quantity = quantity
        var order = OrderProtocol(request)
        _ = order.take(.requested, at: now)
        orders.append(order)
    }
}

extension Exchange {
    /// What the orders of the exchange moved.
    fileprivate var moved: (shares: Quantity, dollars: Money) {
        orders.reduce((.zero, .zero)) { sum, order in
            let shown = order.shown
            return shown.side == .buy
                ? (sum.0 + shown.filled, sum.1 - shown.filledValue)
                : (sum.0 - shown.filled, sum.1 + shown.filledValue)
        }
    }
}

@Suite("Many orders on a broker that fails")
struct FleetTests {
    @Test(
        "none is doubled, none lost; shares and cash by the facts are the broker's",
        arguments: [(1, 0), (2, 30), (3, 60)] as [(UInt64, Int)])
    func fleet(seed: UInt64, percent: Int) throws {
        try check(Fleet(seed: seed, percent: percent) { StubPort($0) }, seed)
    }

    @Test(
        "and by Alpaca's wire, where one 429 holds all of them",
        arguments: [(4, 0), (5, 2)] as [(UInt64, Int)])
    func routed(seed: UInt64, percent: Int) throws {
        try check(Fleet(seed: seed, percent: percent, routedPort), seed)
    }

    private func check(_ begun: Fleet, _ seed: UInt64) throws {
        var fleet = begun
        fleet.day(BrokerFloor.day, count: 150)
        let exchange = fleet.floor.exchange
        #expect(!fleet.orders.contains { !$0.isOver }, "seed \(seed)")
        #expect(fleet.mismatches.isEmpty)
        #expect(Set(exchange.orders.map(\.shown.clientID)).count == exchange.orders.count)
        let (shares, dollars) = exchange.moved
        #expect(fleet.shares == shares && fleet.dollars == dollars, "seed \(seed)")
        #expect(exchange.cash == Money(dollars: 1e9) + fleet.dollars)
        for order in fleet.orders {
            let shown = exchange.order(clientID: order.request.id.description)?.shown
            #expect(order.filled == shown?.filled ?? .zero)
            #expect(shown?.status.isTerminal != false, "nothing is left behind")
        }
        let filled = fleet.orders.filter { $0.filled > .zero }.count
        #expect(filled > 100 && exchange.orders.count > 150, "\(filled) filled")
    }
}
