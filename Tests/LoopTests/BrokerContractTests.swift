import Events
import LoopKit
import Market
import Testing

@testable import FeedbackLoop

/// What every broker must do, and what a portfolio makes of everything that a broker may do.
@Suite("The contract of brokers")
struct BrokerContractTests {
    private let acme: Ticker = "ACME"
    private let other: Ticker = "OTHER"

    // MARK: On both brokers

    private func entersAndLeaves(_ floor: consuming TradingFloor<some FloorBroker>) {
        floor.session([(acme, 90)], isOpen: false)
        floor.buy(acme, 10, stopDistance: 5)
        floor.session([(acme, 100)])
        #expect(floor.portfolio.orders.isEmpty && floor.portfolio.holdings.count == 1)
        #expect(floor.portfolio.holdings.first?.entryPrice == 100)
        #expect(floor.portfolio.holdings.first?.stopLevel == 95)
        #expect(floor.portfolio.cash == Money(dollars: 9_000))
        floor.leave(acme)
        #expect(floor.portfolio.orders.count == 1)
        floor.session([(acme, 120)])
        #expect(floor.portfolio.holdings.isEmpty && floor.portfolio.orders.isEmpty)
        #expect(floor.portfolio.closed.first?.exitPrice == 120)
        #expect(floor.portfolio.cash == Money(dollars: 10_200))
        floor.answer()
        #expect(floor.portfolio.closed.count == 1, "an order is answered once")
        #expect(floor.refusal == nil)
    }

    @Test("an order is filled, a holding is closed, and nothing is answered twice")
    func roundTrip() {
        entersAndLeaves(TradingFloor(OrderToFill()))
        entersAndLeaves(
            TradingFloor(
                ScriptedBroker([
                    .accept(0), .fill(0, shares: 10, at: 100, left: 0), .accept(1),
                    .fill(1, shares: 10, at: 120, left: 0),
                ])))
    }

    private func cancels(_ floor: consuming TradingFloor<some FloorBroker>) {
        floor.session([(acme, 100)], isOpen: false)
        let order = floor.buy(acme, 10)
        floor.broker.cancel(order)
        floor.answer()
        #expect(floor.portfolio.orders.isEmpty)
        floor.session([(acme, 100)])
        #expect(floor.portfolio.holdings.isEmpty && floor.refusal == nil)
        #expect(floor.portfolio.cash == Money(dollars: 10_000))
    }

    @Test("an order that was cancelled in time is never filled")
    func cancelled() {
        cancels(TradingFloor(OrderToFill()))
        cancels(TradingFloor(ScriptedBroker([.cancel(0)])))
    }

    @Test("the simulated market answers a replaced order by a cancel")
    func replaced() throws {
        var floor = TradingFloor(OrderToFill())
        floor.session([(acme, 100)], isOpen: false)
        let first = floor.buy(acme, 10)
        let order = try #require(floor.portfolio.order(first))
        floor.broker.replace(first, with: order)
        floor.answer()
        #expect(floor.portfolio.order(first) == nil && floor.refusal == nil)
    }

    // MARK: What only a broker of the world does

    @Test("parts of an entry make one holding at their mean price; its stop is fixed by the last")
    func partialEntry() throws {
        var floor = TradingFloor(ScriptedBroker([.fill(0, shares: 4, at: 100, left: 6)]))
        floor.session([(acme, 100)], isOpen: false)
        let order = floor.buy(acme, 10, stopDistance: 5, target: 0.1)
        floor.session([(acme, 100)])
        var holding = try #require(floor.portfolio.holdings.first)
        #expect(holding.quantity == Quantity(shares: 4) && holding.stopLevel == 95)
        #expect(floor.portfolio.order(order)?.rest == Quantity(shares: 6))
        floor.broker.script = [.fill(0, shares: 6, at: 110, left: 0)]
        floor.session([(acme, 110)])
        holding = try #require(floor.portfolio.holdings.first)
        #expect(floor.portfolio.holdings.count == 1 && holding.id == order)
        #expect(holding.quantity == Quantity(shares: 10) && holding.entryPrice == 106)
        #expect(holding.stopLevel == 101 && holding.targetLevel == 106 * 1.1)
        #expect(holding.cost == Money(dollars: 1_060))
        #expect(floor.portfolio.orders.isEmpty && floor.refusal == nil)
    }

    @Test("meanwhile the levels are those of the first part")
    func levelsMeanwhile() throws {
        var floor = TradingFloor(
            ScriptedBroker([
                .fill(0, shares: 4, at: 100, left: 6), .fill(0, shares: 2, at: 130, left: 4),
            ]))
        floor.session([(acme, 100)], isOpen: false)
        floor.buy(acme, 10, stopDistance: 5)
        floor.session([(acme, 130)])
        #expect(floor.portfolio.holdings.first?.stopLevel == 95)
        floor.broker.script = [.cancel(0)]
        floor.session([(acme, 130)])
        #expect(floor.portfolio.holdings.first?.stopLevel == 105, "the order is done")
        #expect(floor.portfolio.orders.isEmpty)
    }

    @Test("an answer that comes twice, late or out of order is booked once")
    func repeatedAndReordered() {
        var floor = TradingFloor(
            ScriptedBroker([
                .fill(0, shares: 6, at: 110, left: 0), .again,
                .fill(0, shares: 4, at: 100, left: 6), .again, .accept(0), .cancel(0),
            ]))
        floor.session([(acme, 100)], isOpen: false)
        floor.buy(acme, 10)
        floor.session([(acme, 110)])
        #expect(floor.portfolio.holdings.first?.quantity == Quantity(shares: 10))
        #expect(floor.portfolio.holdings.first?.entryPrice == 106)
        #expect(floor.portfolio.cash == Money(dollars: 10_000 - 660 - 400))
        #expect(floor.portfolio.orders.isEmpty && floor.refusal == nil)
    }

    @Test("a fill that wins against a cancel is booked")
    func lostRace() {
        var floor = TradingFloor(ScriptedBroker([.cancel(0)]))
        floor.session([(acme, 100)], isOpen: false)
        floor.buy(acme, 10, stopDistance: 5)
        floor.session([(acme, 100)])
        #expect(floor.portfolio.orders.isEmpty && floor.portfolio.holdings.isEmpty)
        floor.broker.script = [.fill(0, shares: 10, at: 100, left: 0)]
        floor.session([(acme, 100)])
        #expect(floor.portfolio.holdings.first?.quantity == Quantity(shares: 10))
        #expect(floor.portfolio.holdings.first?.stopLevel == 95 && floor.refusal == nil)
    }

    @Test("a refused entry sets nothing aside and holds nothing")
    func rejected() {
        var floor = TradingFloor(ScriptedBroker([.reject(0), .again]))
        floor.session([(acme, 100)], isOpen: false)
        floor.buy(acme, 10)
        floor.session([(acme, 100)])
        #expect(floor.portfolio.orders.isEmpty && floor.portfolio.holdings.isEmpty)
        #expect(floor.portfolio.cash == Money(dollars: 10_000) && floor.refusal == nil)
    }

    @Test(
        "an exit whose order ended without the whole sale stays due, attempt after attempt",
        arguments: [0, 1, 2])
    func staysDue(ending: Int) throws {
        var floor = TradingFloor(ScriptedBroker([.fill(0, shares: 10, at: 100, left: 0)]))
        floor.session([(acme, 100)], isOpen: false)
        floor.buy(acme, 10)
        floor.session([(acme, 100)])
        floor.leave(acme)
        switch ending {
        case 0: floor.broker.script = [.cancel(1)]
        case 1: floor.broker.script = [.reject(1)]
        default: floor.broker.script = [.fill(1, shares: 4, at: 100, left: 6), .cancel(1)]
        }
        floor.session([(acme, 100)])
        let holding = try #require(floor.portfolio.holdings.first)
        #expect(holding.isExitDue && holding.exitReason == .timeout)
        let left: Int64 = ending == 2 ? 6 : 10
        let submitted = floor.leave(acme)
        let next = try #require(submitted)
        let order = try #require(floor.portfolio.order(next))
        #expect(order.request.attempt == 1 && order.request.quantity == Quantity(shares: left))
        #expect(order.request.trigger == holding.exit?.trigger, "without a new signal")
        let again = floor.leave(acme)
        #expect(again == next, "one order at a time")
        floor.broker.script = [.fill(2, shares: left, at: 110, left: 0)]
        floor.session([(acme, 110)])
        #expect(floor.portfolio.holdings.isEmpty && floor.portfolio.closed.count == 1)
        #expect(floor.refusal == nil)
    }

    @Test("what no legal sequence leads to is refused by name, and changes nothing")
    func illegal() {
        var unknown = TradingFloor(ScriptedBroker([.unknown(acme)]))
        unknown.session([(acme, 100)])
        #expect(unknown.refusal == .unknownOrder(.own(999_999)))
        #expect(unknown.portfolio.cash == Money(dollars: 10_000))

        var over = TradingFloor(ScriptedBroker([.fill(0, shares: 11, at: 100, left: 0)]))
        over.session([(acme, 100)], isOpen: false)
        let order = over.buy(acme, 10)
        over.session([(acme, 100)])
        #expect(
            over.refusal
                == .overfilled(
                    order, ordered: Quantity(shares: 10), filled: Quantity(shares: 11)))
        #expect(over.portfolio.holdings.isEmpty)

        var oversold = TradingFloor(ScriptedBroker([.fill(0, shares: 10, at: 100, left: 0)]))
        oversold.session([(acme, 100)], isOpen: false)
        oversold.buy(acme, 10)
        oversold.session([(acme, 100)])
        oversold.leave(acme)
        oversold.broker.script = [.fill(1, shares: 12, at: 100, left: 0)]
        oversold.session([(acme, 100)])
        #expect(
            oversold.refusal
                == .oversold(acme, held: Quantity(shares: 10), sold: Quantity(shares: 12)))
        #expect(oversold.portfolio.holdings.first?.quantity == Quantity(shares: 10))

        var unpriced = TradingFloor(ScriptedBroker([.fill(0, shares: 1, at: 1, left: 0)]))
        unpriced.session([(acme, 100)], isOpen: false)
        unpriced.buy(other, 1)
        unpriced.session([(acme, 100)])
        #expect(unpriced.refusal == .unpriced(other))
    }

    @Test("a broker is told of each order once, of replacements and of cancels")
    func requests() {
        var floor = TradingFloor(ScriptedBroker())
        floor.session([(acme, 100)])
        let order = floor.buy(acme, 10)
        floor.broker.cancel(order)
        #expect(floor.broker.requests == [.submit(order), .cancel(order)])
    }
}
