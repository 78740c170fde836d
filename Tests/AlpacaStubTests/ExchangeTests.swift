import AlpacaExchange
import BrokerKit
import Brokerage
import Events
import Testing

@Suite("The exchange of tests")
struct ExchangeTests {
    private let day = BrokerFloor.day

    private func floor(_ change: (inout ExchangeRules) -> Void = { _ in }) -> BrokerFloor {
        var rules = ExchangeRules()
        change(&rules)
        return BrokerFloor(rules: rules) { StubPort($0) }
    }

    @Test("the auction takes orders from 19:00 to 09:28")
    func auctionHours() {
        for (hour, minute, isTaken) in [
            (0, 1, true), (9, 27, true), (9, 28, false), (12, 0, false), (18, 59, false),
            (19, 0, true),
        ] {
            var floor = floor()
            floor.advance(hour, minute)
            let refusal = floor.refusal { try $0.submit(BrokerFloor.entry()) }
            #expect(refusal == (isTaken ? nil : .outsideWindow), "\(hour):\(minute)")
        }
    }

    @Test("an order good until cancelled ends after 90 days, as expired")
    func expiry() throws {
        var floor = floor()
        try floor.enter()
        _ = try floor.port.submit(BrokerFloor.stop(8_000))
        floor.advance(day + 89, 17)
        var order = try floor.port.order(BrokerFloor.id(.stop))
        #expect(order?.status == .working)
        floor.advance(day + 92, 17)
        order = try floor.port.order(BrokerFloor.id(.stop))
        #expect(order?.status == .expired)
    }

    @Test("a market day order waits for the open and is filled at once within a session")
    func market() throws {
        var floor = floor()
        try floor.enter()
        let sold = try floor.port.submit(BrokerFloor.sale(.day, 4))
        #expect(sold.status == .filled && sold.filledValue == Money(dollars: 400))
        floor.advance(18)
        let waits = try floor.port.submit(BrokerFloor.sale(.day, 6, attempt: 1))
        #expect(waits.status == .working)
        floor.advance(day + 2, 9, 30)
        let order = try floor.port.order(BrokerFloor.id(.exit, 1))
        #expect(order?.status == .filled)
    }

    @Test(
        "what the auction leaves is cancelled, expires, or works until the close",
        arguments: ExchangeRules.AuctionRest.allCases)
    func auctionRest(rest: ExchangeRules.AuctionRest) throws {
        var floor = floor {
            ($0.auctionRest, $0.auctionRestPercent) = (rest, 100)
        }
        _ = try floor.port.submit(BrokerFloor.entry(100))
        floor.advance(9, 31)
        var order = try #require(try floor.port.order(BrokerFloor.id(.entry)))
        #expect(order.filled > .zero && order.filled < order.quantity)
        switch rest {
        case .cancelled: #expect(order.status == .cancelled)
        case .expired: #expect(order.status == .expired)
        case .works: #expect(order.status == .working)
        }
        floor.advance(17)
        order = try #require(try floor.port.order(BrokerFloor.id(.entry)))
        #expect(order.status.isTerminal)
    }

    @Test("a halted ticker, and one without prices, is not filled: an auction is missed")
    func halted() throws {
        var floor = floor()
        try floor.enter()
        _ = try floor.port.submit(BrokerFloor.stop(9_000))
        floor.stub.with { $0.exchange.halt("ACME") }
        for offset in 1...8 { floor.put(BrokerFloor.bar(open: 50, low: 40), on: day + offset) }
        floor.advance(day + 8, 17)
        var order = try floor.port.order(BrokerFloor.id(.stop))
        #expect(order?.status == .working)
        floor.stub.with { $0.exchange.halt("ACME", false) }
        floor.put(BrokerFloor.bar(open: 50, low: 40), on: day + 9)
        floor.put(BrokerFloor.bar(open: 50, low: 40), on: day + 12)
        floor.advance(day + 12, 9, 30)
        order = try floor.port.order(BrokerFloor.id(.stop))
        #expect(order?.filledValue == Money(dollars: 500))

        var empty = self.floor()
        empty.stub.with { _ = $0.exchange.list("EMPTY") }
        var request = BrokerFloor.entry()
        request.symbol = Ticker("EMPTY")!
        _ = try empty.port.submit(request)
        empty.advance(17)
        order = try empty.port.order(request.id)
        #expect(order?.status == .cancelled && order?.filled == .zero)
    }

    @Test("fills come in parts that add up, and a cancel may end them")
    func parts() throws {
        var floor = floor { $0.partialPercent = 100 }
        try floor.enter(100)
        _ = try floor.port.submit(BrokerFloor.stop(9_600, 100))
        floor.advance(12)
        var order = try #require(try floor.port.order(BrokerFloor.id(.stop)))
        #expect(order.status == .filled && order.filledValue == Money(dollars: 9_600))
        let fills = floor.exchange.activities.filter { $0.amount > .zero }
        #expect(fills.count == 2)

        var cut = self.floor { $0.partialPercent = 100 }
        try cut.enter(100)
        let sale = try cut.port.submit(BrokerFloor.sale(.day, 100))
        #expect(sale.filled > .zero && sale.filled < sale.quantity)
        try cut.port.cancel(sale.id)
        cut.advance(16)
        order = try #require(try cut.port.order(BrokerFloor.id(.exit)))
        #expect(order.status == .cancelled && order.filled == sale.filled)
    }

    @Test("prices below a cent are refused, from a dollar on")
    func ticks() throws {
        var floor = floor()
        try floor.enter()
        var stop = BrokerFloor.stop()
        stop.pricing = .stop(Price(rawValue: 900_001))
        #expect(floor.refusal { try $0.submit(stop) } == .other)
        stop.pricing = .stop(Price(rawValue: 5_001))
        #expect(floor.refusal { try $0.submit(stop) } == nil)
    }

    @Test("slippage makes a buy dearer and a sale cheaper")
    func slippage() throws {
        var floor = floor { $0.slippageBasisPoints = 5 }
        try floor.enter()
        let order = try floor.port.order(BrokerFloor.id(.entry))
        #expect(order?.filledValue == Money(dollars: 1_000.5))
        let sold = try floor.port.submit(BrokerFloor.sale())
        #expect(sold.filledValue == Money(dollars: 999.5))
    }

    @Test("fees are owed at the sale and taken the next morning, rounded up to a cent")
    func fees() throws {
        var floor = floor()
        try floor.enter()
        _ = try floor.port.submit(BrokerFloor.sale())
        let owed = try floor.port.account()
        // 1,000 dollars at 20.60 a million, and ten shares at 0.000195.
        #expect(owed.accruedFees == Money(dollars: 0.02255) && owed.cash == Money(dollars: 1e5))
        floor.advance(day + 1, 0, 1)
        let taken = try floor.port.account()
        #expect(taken.accruedFees == .zero && taken.cash == Money(dollars: 99_999.97))
    }

    @Test("a dividend is paid weeks after it goes ex, to who held it then")
    func dividend() throws {
        for lowers in [false, true] {
            var floor = floor { $0.lowersStopsByDividends = lowers }
            floor.stub.with {
                $0.exchange.dividend(
                    "ACME", Money(dollars: 0.5), ex: BrokerFloor.day + 2, paid: BrokerFloor.day + 20
                )
            }
            try floor.enter()
            _ = try floor.port.submit(BrokerFloor.stop(9_000))
            floor.advance(day + 2, 9)
            let stop = try floor.port.order(BrokerFloor.id(.stop))
            #expect(stop?.pricing == .stop(Price(cents: lowers ? 8_950 : 9_000)))
            let before = try floor.port.account().cash
            floor.advance(day + 20, 9)
            #expect(try floor.port.account().cash == before + Money(dollars: 5))
            let last = try floor.port.activities(after: nil).last
            #expect(last?.kind == .dividend && last?.symbol == "ACME")
        }
    }

    @Test(
        "a split changes the position; resting orders as the switch has it",
        arguments: ExchangeRules.Splits.allCases)
    func split(splits: ExchangeRules.Splits) throws {
        var floor = floor { $0.splits = splits }
        floor.stub.with { $0.exchange.split("ACME", new: 2, old: 1, on: BrokerFloor.day + 2) }
        try floor.enter()
        _ = try floor.port.submit(BrokerFloor.stop(9_000))
        floor.advance(day + 2, 5)
        #expect(try floor.port.positions().map(\.quantity) == [Quantity(shares: 20)])
        let stop = try #require(try floor.port.order(BrokerFloor.id(.stop)))
        switch splits {
        case .leaves:
            #expect(stop.quantity == Quantity(shares: 10) && stop.status == .working)
        case .cancels: #expect(stop.status == .cancelled)
        case .adjusts:
            #expect(stop.quantity == Quantity(shares: 20))
            #expect(stop.pricing == .stop(Price(cents: 4_500)))
        }
    }

    @Test("a share keeps its id when its symbol changes, and its orders go with it")
    func rename() throws {
        var floor = floor()
        let id = try floor.port.asset(BrokerFloor.acme)?.id
        floor.stub.with { $0.exchange.rename("ACME", to: "NEWCO", on: BrokerFloor.day + 2) }
        try floor.enter()
        _ = try floor.port.submit(BrokerFloor.stop())
        floor.advance(day + 2, 5)
        #expect(try floor.port.asset(BrokerFloor.acme) == nil)
        #expect(try floor.port.asset(Ticker("NEWCO")!)?.id == id)
        let stop = try floor.port.order(BrokerFloor.id(.stop))
        #expect(stop?.symbol == "NEWCO" && stop?.assetID == id)
        #expect(try floor.port.positions().map(\.symbol) == ["NEWCO"])
    }

    @Test("a reset account is another, with nothing but cash; a position may change by hand")
    func reset() throws {
        var floor = floor()
        try floor.enter()
        let before = try floor.port.account().id
        floor.stub.with { $0.exchange.setPosition("ACME", Quantity(shares: 5)) }
        #expect(try floor.port.positions().map(\.quantity) == [Quantity(shares: 5)])
        floor.stub.with { $0.exchange.reset(cash: Money(dollars: 7)) }
        let account = try floor.port.account()
        #expect(account.id != before && account.cash == Money(dollars: 7))
        #expect(try floor.port.positions().isEmpty)
        #expect(try floor.port.openOrders().isEmpty)
    }
}
