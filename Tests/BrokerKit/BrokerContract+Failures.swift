import AlpacaExchange
import Brokerage
import Events
import Testing

extension BrokerContract {
    /// Each refusal is told by what it is about.
    public func refuses() throws {
        var floor = floor(cash: 1_500)
        #expect(floor.refusal { try $0.submit(BrokerFloor.entry(16)) } == .buyingPower)
        try floor.enter()
        #expect(floor.refusal { try $0.submit(BrokerFloor.entry(1, attempt: 1)) } == .outsideWindow)
        #expect(floor.refusal { try $0.submit(BrokerFloor.stop(10_100)) } == .throughPrice)
        #expect(floor.refusal { try $0.submit(BrokerFloor.sale(.day, 11)) } == .heldForOrders)
        _ = try floor.port.submit(BrokerFloor.stop(attempt: 1))
        #expect(floor.refusal { try $0.submit(BrokerFloor.sale()) } == .heldForOrders)
        floor.advance(20)
        #expect(floor.refusal { try $0.submit(BrokerFloor.entry(1, attempt: 2)) } == .washTrade)
        floor.stub.with { $0.exchange.setTradable("ACME", false) }
        #expect(floor.refusal { try $0.submit(BrokerFloor.entry(1, attempt: 3)) } == .untradable)
        #expect(floor.exchange.orders.count == 2, "what is refused leaves nothing")
    }

    /// A sale on the day of the purchase may be refused; a replacement for its state.
    public func refusesForATime() throws {
        var rules = ExchangeRules()
        rules.sameDaySale = Refusal(
            status: 403, code: 40_310_100,
            message: "trade denied due to pattern day trading protection")
        rules.refusesReplaceBeforeOpen = true
        var floor = floor(rules)
        try floor.enter()
        #expect(floor.refusal { try $0.submit(BrokerFloor.sale()) } == .sameDaySale)
        let stop = try floor.port.submit(BrokerFloor.stop())
        let day = BrokerFloor.day + 2
        floor.advance(day, 9, 10)
        let raised = BrokerFloor.stop(9_200, attempt: 1)
        #expect(floor.refusal { try $0.replace(stop.id, by: raised) } == .state)
        floor.advance(day, 9, 31)
        let new = try floor.port.replace(stop.id, by: raised)
        #expect(new.replaces == stop.id)
    }

    /// A time-out, a dropped connection and a 504 are no answer, whether it was done or not; what
    /// was done is found by its id.
    public func isUnknown() throws {
        let faults: [(Bool) -> Fault] = [
            { .timeOut(isDone: $0) }, { .dropped(isDone: $0) }, { .status(504, isDone: $0) },
        ]
        let failures: [BrokerFailure] = [
            .unknown(.timeOut), .unknown(.dropped), .unknown(.status(504)),
        ]
        for (fault, failure) in zip(faults, failures) {
            for isDone in [true, false] {
                var floor = floor()
                let planned = fault(isDone)
                floor.stub.with { $0.faults.next(.submit, planned) }
                #expect(floor.failure { try $0.submit(BrokerFloor.entry()) } == failure)
                let found = try floor.port.order(BrokerFloor.id(.entry))
                #expect((found != nil) == isDone)
            }
        }
    }

    /// A replacement that is refused, or not answered, may be done all the same.
    public func replaceErrsThoughDone() throws {
        var floor = floor()
        try floor.enter()
        let old = try floor.port.submit(BrokerFloor.stop())
        let refusal = Refusal(status: 422, code: 40_310_000, message: "cannot replace order")
        floor.stub.with { $0.faults.next(.replace, .refuse(refusal, isDone: true)) }
        #expect(
            floor.refusal { try $0.replace(old.id, by: BrokerFloor.stop(9_200, attempt: 1)) }
                == .state)
        let new = try floor.port.order(BrokerFloor.id(.stop, 1))
        #expect(new?.status == .working)
    }

    /// A rate that is used up: nothing is done, and it says until when.
    public func limits() throws {
        var rules = ExchangeRules()
        rules.requestsPerMinute = 5
        var floor = floor(rules)
        for _ in 0..<5 { _ = try floor.port.account() }
        let now = floor.exchange.now
        let failure = floor.failure { try $0.submit(BrokerFloor.entry()) }
        guard case .rateLimited(let until)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(until > now && until <= now.adding(seconds: 61))
        #expect(floor.exchange.orders.isEmpty)
        floor.pass(61)
        _ = try floor.port.submit(BrokerFloor.entry())
    }

    /// Activities come once each, the earliest first, and only those after the last known.
    public func follows() throws {
        var floor = floor()
        try floor.enter()
        var all = try floor.port.activities(after: nil)
        #expect(all.count == 1 && all[0].amount == Money(dollars: -1_000))
        guard case .fill(_, .buy, Quantity(shares: 10), Money(dollars: 100), _) = all[0].kind
        else {
            Issue.record("\(all[0])")
            return
        }
        _ = try floor.port.submit(BrokerFloor.sale(.day, 4))
        floor.advance(BrokerFloor.day + 2, 0, 1)
        let later = try floor.port.activities(after: all[0].id)
        #expect(later.count == 2 && later[0].kind != later[1].kind)
        #expect(later[1].kind == .fee && later[1].amount < .zero)
        all = try floor.port.activities(after: nil)
        #expect(all.count == 3 && Array(all[1...]) == later)
        let cash = all.reduce(Money(dollars: 100_000)) { $0 + $1.amount }
        #expect(try floor.port.account().cash == cash)
        #expect(try floor.port.activities(after: later[1].id).isEmpty)
    }

    /// Many old orders and many activities are read to their end, page by page.
    public func pages() throws {
        var floor = floor(cash: 1e9)
        floor.stub.with { state in
            state.exchange.rules.requestsPerMinute = 1_000_000
            for number in 0..<3_000 {
                let request = ExchangeRequest(
                    clientID: "foreign-\(number)", symbol: "OTHER", side: .buy,
                    quantity: Quantity(shares: 1), pricing: .market, timeInForce: .opening)
                let order = try! state.exchange.submit(request)
                if number % 5 != 0 { try! state.exchange.cancel(order.shown.id) }
            }
        }
        let own = try floor.port.submit(BrokerFloor.entry())
        let open = try floor.port.openOrders()
        #expect(open.count == 601 && open.last == own, "own and foreign, the earliest first")
        #expect(Set(open.map(\.id)).count == 601)
        floor.advance(9, 31)
        let activities = try floor.port.activities(after: nil)
        #expect(activities.count == 601 && Set(activities.map(\.id)).count == 601)
        let half = try floor.port.activities(after: activities[300].id)
        #expect(half == Array(activities[301...]))
        let found = try floor.port.order(BrokerFloor.id(.entry))
        #expect(found?.id == own.id)
    }
}
