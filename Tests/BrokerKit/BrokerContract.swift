public import AlpacaExchange
public import Brokerage
import Events
public import Testing

/// What every port must do, run on one of its kind. Each function is one sentence.
public struct BrokerContract: Sendable, CustomTestStringConvertible {
    /// The name of the conformer.
    public let testDescription: String
    private let port: @Sendable (StubBroker) -> any BrokerPort

    /// A contract for the ports that a closure makes.
    public init(_ name: String, _ port: @escaping @Sendable (StubBroker) -> any BrokerPort) {
        (testDescription, self.port) = (name, port)
    }

    /// A floor for the conformer.
    public func floor(
        _ rules: ExchangeRules = ExchangeRules(), cash: Double = 100_000
    ) -> BrokerFloor {
        BrokerFloor(rules: rules, cash: cash, port)
    }

    /// Account, clock, calendar and assets are those of the exchange.
    public func showsItself() throws {
        var floor = floor(cash: 100_000.12)
        let account = try floor.port.account()
        #expect(account == floor.exchange.account && account.objections.isEmpty)
        #expect(account.cash == Money(rawValue: 10_000_012_000_000))
        let clock = try floor.port.clock()
        #expect(clock == floor.exchange.clock && !clock.isOpen)
        #expect(clock.nextOpen.description == "2026-11-25T14:30:00Z")
        let sessions = try floor.port.calendar(BrokerFloor.day...(BrokerFloor.day + 3))
        #expect(sessions.map(\.day) == [BrokerFloor.day, BrokerFloor.day + 2])
        #expect(sessions.last?.close.description == "2026-11-27T18:00:00Z", "a short day")
        let asset = try #require(try floor.port.asset(BrokerFloor.acme))
        #expect(asset.isTradable && asset.symbol == "ACME")
        let none = try floor.port.asset(Ticker("NONE")!)
        #expect(none == nil)
    }

    /// An entry is taken under our id, found by it, filled by the auction, and shown everywhere.
    public func enters() throws {
        var floor = floor()
        let request = BrokerFloor.entry()
        let taken = try floor.port.submit(request)
        #expect(taken.clientID == request.id.description && taken.status == .working)
        #expect(taken.quantity == Quantity(shares: 10) && taken.filled == .zero)
        #expect(taken.timeInForce == .opening && taken.pricing == .market && taken.side == .buy)
        var found = try floor.port.order(request.id)
        #expect(found == taken)
        let unknown = try floor.port.order(BrokerFloor.id(.entry, 9))
        #expect(unknown == nil)
        let open = try floor.port.openOrders()
        #expect(open == [taken])
        floor.put(BrokerFloor.bar(open: 100.25))
        floor.advance(9, 30)
        found = try floor.port.order(request.id)
        #expect(found?.status == .filled && found?.filled == Quantity(shares: 10))
        #expect(found?.filledValue == Money(dollars: 1_002.5))
        let positions = try floor.port.positions()
        #expect(positions.map(\.quantity) == [Quantity(shares: 10)])
        #expect(positions.first?.averagePrice == Money(dollars: 100.25))
        let account = try floor.port.account()
        #expect(account.cash == Money(dollars: 98_997.5))
        #expect(try floor.port.openOrders().isEmpty)
    }

    /// One id is one order for ever: sent again it is refused by that name, also when it has ended.
    public func isUnique() throws {
        var floor = floor()
        _ = try floor.port.submit(BrokerFloor.entry())
        #expect(floor.refusal { try $0.submit(BrokerFloor.entry()) } == .notUnique)
        floor.advance(16)
        #expect(floor.refusal { try $0.submit(BrokerFloor.entry()) } != nil)
        #expect(floor.exchange.orders.count == 1)
    }

    /// A resting stop is met at its level within a session, and at the open behind a jump.
    public func stops() throws {
        for (open, dollars) in [(100.0, 960.0), (90.0, 900.0)] {
            var floor = floor()
            try floor.enter()
            let stop = try floor.port.submit(BrokerFloor.stop(8_800))
            #expect(stop.pricing == .stop(Price(cents: 8_800)))
            #expect(stop.timeInForce == .untilCancelled)
            let day = BrokerFloor.day + 2
            _ = try floor.port.replace(stop.id, by: BrokerFloor.stop(9_600, attempt: 1))
            floor.put(BrokerFloor.bar(low: 97), on: BrokerFloor.day)
            floor.put(BrokerFloor.bar(open: open, low: 89), on: day)
            floor.advance(day, 16)
            let order = try floor.port.order(BrokerFloor.id(.stop, 1))
            #expect(order?.status == .filled && order?.filledValue == Money(dollars: dollars))
            #expect(try floor.port.positions().isEmpty)
        }
    }

    /// A replacement is a new order under its own id; the old one ends as replaced, by it.
    public func replaces() throws {
        var floor = floor()
        try floor.enter()
        let old = try floor.port.submit(BrokerFloor.stop())
        let new = try floor.port.replace(old.id, by: BrokerFloor.stop(9_200, 8, attempt: 1))
        #expect(new.clientID == BrokerFloor.id(.stop, 1).description && new.replaces == old.id)
        #expect(new.pricing == .stop(Price(cents: 9_200)) && new.quantity == Quantity(shares: 8))
        let ended = try floor.port.order(BrokerFloor.id(.stop))
        #expect(ended?.status == .replaced && ended?.replacedBy == new.id)
        let open = try floor.port.openOrders()
        #expect(open.map(\.id) == [new.id])
        #expect(
            floor.refusal { try $0.replace(old.id, by: BrokerFloor.stop(9_300, attempt: 2)) }
                == .state)
    }

    /// A cancel is a request: what it leads to is seen in the order, and a fill may be faster.
    public func cancels() throws {
        var floor = floor()
        let entry = try floor.port.submit(BrokerFloor.entry())
        try floor.port.cancel(entry.id)
        let ended = try floor.port.order(BrokerFloor.id(.entry))
        #expect(ended?.status == .cancelled)
        #expect(floor.refusal { try $0.cancel(entry.id) } == .state)

        var rules = ExchangeRules()
        rules.cancelDelay = 3_600
        var race = self.floor(rules)
        let other = try race.port.submit(BrokerFloor.entry())
        race.advance(9, 20)
        try race.port.cancel(other.id)
        var shown = try race.port.order(BrokerFloor.id(.entry))
        #expect(shown?.status == .cancelling)
        race.advance(9, 31)
        shown = try race.port.order(BrokerFloor.id(.entry))
        #expect(shown?.status == .filled)
    }
}
