import Events
import Testing

@testable import Brokerage

@Suite("The protocol of one order")
struct OrderProtocolTests {
    private typealias Desk = OrderDesk

    @Test("only a durable request is sent, once")
    func durable() {
        var desk = Desk()
        #expect(desk.step == .none)
        desk.take(.requested)
        #expect(desk.step == .send(Desk.request()))
        desk.take(.sending)
        #expect(desk.step == .none)
        desk.take(.requested)
        #expect(desk.step == .none, "a request that is read twice sends nothing twice")
    }

    @Test("accepted, filled in parts, filled")
    func filledInParts() {
        var desk = Desk()
        desk.take(.requested, .sending)
        desk.take(.sent(desk.shown()))
        #expect(desk.order.state == .accepted && desk.facts == [desk.accepted])
        desk.take(.reported(desk.shown(filled: 40)))
        #expect(desk.order.state == .partiallyFilled)
        desk.take(.reported(desk.shown(.filled, filled: 100)))
        #expect(desk.order.state == .filled && desk.order.isOver)
        #expect(
            desk.facts == [desk.accepted, desk.filled(40, left: 60), desk.filled(60, left: 0)])
        #expect(desk.order.filledValue == Money(dollars: 1_000))
    }

    @Test("a report twice, late or out of order adds nothing")
    func duplicates() {
        var desk = Desk.accepted()
        let (first, second) = (desk.shown(filled: 40), desk.shown(filled: 70))
        desk.take(.reported(second), .reported(first), .reported(second), .lookedUp(first))
        #expect(desk.facts == [desk.filled(70, left: 30)])
        let end = desk.shown(.cancelled, filled: 70)
        desk.take(.reported(end), .reported(first), .reported(desk.shown()), .reported(end))
        #expect(desk.order.state == .cancelled)
        #expect(desk.facts == [desk.filled(70, left: 30), desk.cancelled(30, .broker)])
    }

    @Test("the same fill by stream and by poll is booked once")
    func streamAndPoll() {
        var desk = Desk.accepted()
        let fill = desk.shown(.filled, filled: 100)
        desk.take(.reported(fill), .lookedUp(fill))
        #expect(desk.facts == [desk.filled(100, left: 0)])
    }

    @Test("a report that has shares and no value yet is asked for again, and then booked")
    func withoutValue() {
        var desk = Desk.accepted()
        var early = desk.shown(.filled, filled: 100)
        early.filledValue = .zero
        desk.take(.reported(early))
        #expect(desk.facts.isEmpty && desk.order.state == .accepted)
        desk.pass(5)
        #expect(desk.step == .lookUp)
        desk.take(.lookedUp(desk.shown(.filled, filled: 100)))
        #expect(desk.facts == [desk.filled(100, left: 0)])
    }

    @Test("a refusal ends it, with the broker's status, code and words")
    func refused() {
        let refusal = Refusal(status: 403, code: 40_310_000, message: "insufficient buying power")
        var desk = Desk()
        desk.take(.requested, .sending, .notSent(.refused(refusal)))
        #expect(desk.order.state == .rejected && desk.facts == [.rejected(refusal)])
        #expect(desk.step == .none)
    }

    @Test("a rate that is used up and refused credentials are no refusal of the order: it waits")
    func rateLimited() {
        var desk = Desk()
        let until = desk.now.adding(seconds: 17)
        desk.take(.requested, .sending, .notSent(.rateLimited(until: until)))
        #expect(desk.step == .wait(until: until))
        desk.pass(17)
        #expect(desk.step == .send(Desk.request()))
        desk.take(.sending, .notSent(.unauthorised(message: "forbidden")))
        #expect(desk.step == .wait(until: desk.now.adding(seconds: 5)) && desk.facts.isEmpty)
    }

    @Test(
        "after a time-out, a dropped connection, a 5xx and a 422 of the id it is looked up first",
        arguments: [
            .unknown(.timeOut), .unknown(.dropped), .unknown(.status(504)),
            .unknown(.unreadable("<html>")),
            .refused(
                Refusal(
                    status: 422, code: 40_010_001, message: "client_order_id must be unique")),
        ] as [BrokerFailure])
    func unknown(failure: BrokerFailure) {
        var desk = Desk()
        desk.take(.requested, .sending, .notSent(failure))
        #expect(desk.order.state == .unknown && desk.step == .lookUp && desk.facts.isEmpty)
        desk.take(.lookedUp(desk.shown(filled: 10)))
        #expect(desk.order.state == .partiallyFilled)
        #expect(desk.facts == [desk.accepted, desk.filled(10, left: 90)])
    }

    @Test("missing is believed after two misses with the settling time between; then the same id")
    func missing() {
        var desk = Desk.unknown()
        desk.take(.lookedUp(nil))
        let believed = desk.now.adding(seconds: 30)
        #expect(desk.step == .wait(until: believed))
        desk.pass(10)
        desk.take(.lookedUp(nil))
        #expect(desk.step == .wait(until: believed), "two misses too near: age is lacking")
        desk.pass(20)
        #expect(desk.step == .lookUp)
        desk.take(.lookedUp(nil))
        #expect(desk.step == .send(Desk.request()) && desk.facts.isEmpty)
    }

    @Test("age alone is not enough: a look-up that fails is no miss")
    func failedLookUps() {
        var desk = Desk.unknown()
        desk.take(.lookedUp(nil))
        desk.pass(100)
        desk.take(.notLookedUp(.unknown(.timeOut)))
        #expect(desk.step == .wait(until: desk.now.adding(seconds: 5)))
        desk.take(.notLookedUp(.rateLimited(until: desk.now.adding(seconds: 40))))
        #expect(desk.step == .wait(until: desk.now.adding(seconds: 40)))
        #expect(desk.order.state == .unknown)
    }

    @Test("a report that comes while it is thought missing keeps it from being sent again")
    func reportWhileMissing() {
        var desk = Desk.unknown()
        desk.take(.lookedUp(nil))
        desk.pass(30)
        desk.take(.lookedUp(nil), .reported(desk.shown()))
        #expect(desk.order.state == .accepted)
    }

    @Test("an answer that a report was faster than changes nothing")
    func reportBeforeAnswer() {
        var desk = Desk()
        desk.take(.requested, .sending)
        desk.take(.reported(desk.shown(filled: 5)), .notSent(.unknown(.timeOut)))
        #expect(desk.order.state == .partiallyFilled)
    }

    @Test(
        "found, asset, side and quantity must match, else it halts and nothing is booked",
        arguments: [0, 1, 2, 3, 4])
    func mismatch(which: Int) {
        var desk = Desk.unknown()
        let (shown, mismatch): (BrokerOrder, OrderMismatch) =
            switch which {
            case 0: (desk.shown(asset: "x"), .asset(asked: "acme-id", shown: "x"))
            case 1: (desk.shown(side: .sell), .side(asked: .buy, shown: .sell))
            case 2:
                (
                    desk.shown(shares: 10),
                    .quantity(asked: Quantity(shares: 100), shown: Quantity(shares: 10))
                )
            case 3:
                (
                    desk.shown(filled: 101),
                    .overfilled(asked: Quantity(shares: 100), filled: Quantity(shares: 101))
                )
            default: (desk.shown(id: "broker-2"), .doubled(first: "broker-1", second: "broker-2"))
            }
        if which == 4 { desk.take(.reported(desk.shown())) }
        desk.facts = []
        desk.take(.lookedUp(shown))
        #expect(desk.facts == [.mismatch(mismatch)] && desk.order.state == .mismatched)
        desk.take(.lookedUp(desk.shown(.filled, filled: 100)), .cancelRequested(.halted))
        #expect(desk.facts.count == 1 && desk.step == .none, "only a person goes on from here")
    }

    @Test("by symbol where the asset is not known yet; by asset, whatever the symbol, afterwards")
    func symbolChange() {
        var request = Desk.request()
        request.assetID = nil
        var desk = Desk()
        desk.order = OrderProtocol(request)
        desk.take(.requested, .sending)
        desk.take(.sent(desk.shown()))
        var renamed = desk.shown(filled: 10)
        renamed.symbol = "NEWCO"
        desk.take(.reported(renamed))
        #expect(desk.order.state == .partiallyFilled)
    }

    @Test("quantities match after a known corporate action")
    func split() {
        var desk = Desk.accepted(.untilCancelled)
        desk.take(.reported(desk.shown(filled: 20)))
        desk.order.adjust(quantity: Quantity(shares: 200), filled: Quantity(shares: 40))
        desk.facts = []
        var shown = desk.shown(filled: 60, shares: 200)
        shown.filledValue = Money(dollars: 300)
        desk.take(.reported(shown))
        #expect(desk.order.state == .partiallyFilled && desk.facts.count == 1)
        #expect(desk.order.remaining == Quantity(shares: 140))
    }

    @Test(
        "an order that the broker had and has no more is a mismatch, after the same two thresholds")
    func vanished() {
        var desk = Desk.accepted(.untilCancelled)
        desk.pass(60)
        #expect(desk.step == .lookUp)
        desk.take(.lookedUp(nil))
        #expect(desk.facts.isEmpty)
        desk.pass(30)
        desk.take(.lookedUp(nil))
        #expect(desk.facts == [.mismatch(.vanished(brokerOrderID: "broker-1"))])
    }

    @Test("an update that never comes is found by polling, and after each reconnect at once")
    func polling() {
        var desk = Desk.accepted(.untilCancelled)
        #expect(desk.step == .wait(until: desk.now.adding(seconds: 60)))
        desk.take(.reconnected)
        #expect(desk.step == .lookUp)
        desk.take(.lookedUp(desk.shown(.filled, filled: 100)))
        #expect(desk.facts == [desk.filled(100, left: 0)])
    }
}
