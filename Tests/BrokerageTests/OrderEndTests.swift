import Events
import Testing

@testable import Brokerage

@Suite("The end of an order")
struct OrderEndTests {
    private typealias Desk = OrderDesk

    @Test("what was not sent when its window closes is cancelled, and never sent")
    func missedWindow() {
        var desk = Desk()
        desk.take(.requested, .windowOver)
        #expect(desk.facts == [desk.cancelled(100, .missedWindow)] && desk.order.isOver)
        #expect(desk.step == .none)
    }

    @Test(
        "what only the rate held back did not leave: a closed window ends it, and nothing is watched"
    )
    func heldBack() {
        var desk = Desk()
        let until = desk.now.adding(seconds: 60)
        desk.take(.requested, .sending, .notSent(.rateLimited(until: until)), .windowOver)
        #expect(desk.facts == [desk.cancelled(100, .missedWindow)])
        #expect(desk.order.state == .cancelled)
    }

    @Test("missing and its window over, it is given up, recorded, and watched to its session's end")
    func givenUp() {
        var desk = Desk.unknown()
        desk.take(.lookedUp(nil), .windowOver)
        desk.pass(30)
        desk.take(.lookedUp(nil))
        #expect(desk.order.state == .givenUp && desk.facts == [desk.cancelled(100, .gaveUp)])
        #expect(desk.step == .lookUp)
        desk.take(.lookedUp(nil))
        #expect(desk.step == .wait(until: desk.now.adding(seconds: 60)))
        desk.take(.sessionOver)
        #expect(desk.order.isOver && desk.facts.count == 1)
    }

    @Test("an order given up that appears is cancelled; a fill that wins is booked")
    func appears() {
        var desk = Desk.unknown()
        desk.take(.lookedUp(nil), .windowOver)
        desk.pass(30)
        desk.take(.lookedUp(nil))
        desk.facts = []
        desk.take(.reported(desk.shown()))
        #expect(desk.step == .cancel("broker-1"))
        desk.take(.sessionOver)
        #expect(desk.step == .cancel("broker-1"), "what is there is not forgotten with its session")
        desk.take(.cancelSent)
        desk.pass(5)
        desk.take(.lookedUp(desk.shown(.cancelled, filled: 30)))
        #expect(desk.facts == [desk.accepted, desk.filled(30, left: 70)], "its end is recorded")
        #expect(desk.order.state == .cancelled)
    }

    @Test("an order that was refused and is there all the same is cancelled")
    func refusedAndThere() {
        var desk = Desk()
        let refusal = Refusal(status: 403, code: 0, message: "")
        desk.take(.requested, .sending, .notSent(.refused(refusal)))
        desk.take(.reported(desk.shown()))
        #expect(desk.step == .cancel("broker-1"))
    }

    @Test("a cancel before the sending needs no broker; behind it the broker is asked")
    func cancels() {
        var early = Desk()
        early.take(.requested, .cancelRequested(.halted))
        #expect(early.facts == [early.cancelled(100, .halted)] && early.step == .none)

        var desk = Desk.accepted()
        desk.take(.cancelRequested(.halted))
        #expect(desk.step == .cancel("broker-1"))
        desk.take(.cancelSent)
        #expect(desk.facts.isEmpty, "a 204 is only a request")
        #expect(desk.step == .wait(until: desk.now.adding(seconds: 5)))
        desk.take(.reported(desk.shown(.cancelled)))
        #expect(desk.facts == [desk.cancelled(100, .halted)] && desk.order.isOver)
    }

    @Test("what is in doubt is looked up before it is cancelled")
    func cancelInDoubt() {
        var desk = Desk.unknown()
        desk.take(.cancelRequested(.halted))
        #expect(desk.step == .lookUp)
        desk.take(.lookedUp(desk.shown()))
        #expect(desk.step == .cancel("broker-1"))
    }

    @Test("missing and not wanted any more, it is not sent again")
    func cancelMissing() {
        var desk = Desk.unknown()
        desk.take(.cancelRequested(.halted), .lookedUp(nil))
        desk.pass(30)
        desk.take(.lookedUp(nil))
        #expect(desk.order.state == .givenUp && desk.facts == [desk.cancelled(100, .halted)])
    }

    @Test("a cancel that fails is looked up, and asked again where the order still works")
    func cancelFails() {
        var desk = Desk.accepted()
        desk.take(.cancelRequested(.exitDue), .cancelFailed(.unknown(.timeOut)))
        #expect(desk.step == .lookUp)
        desk.take(.lookedUp(desk.shown()))
        #expect(desk.step == .wait(until: desk.now.adding(seconds: 5)))
        desk.pass(5)
        #expect(desk.step == .cancel("broker-1"))
        let until = desk.now.adding(seconds: 9)
        desk.take(.cancelFailed(.rateLimited(until: until)))
        #expect(desk.step == .wait(until: until))
    }

    @Test("a cancel that the broker is about to do is not asked for twice")
    func cancelling() {
        var desk = Desk.accepted()
        desk.take(.cancelRequested(.exitDue), .cancelSent)
        desk.pass(5)
        desk.take(.lookedUp(desk.shown(.cancelling)))
        #expect(desk.step == .wait(until: desk.now.adding(seconds: 60)))
    }

    @Test("a fill that wins against a cancel is booked")
    func race() {
        var desk = Desk.accepted()
        desk.take(.cancelRequested(.halted), .cancelSent)
        desk.take(.reported(desk.shown(.cancelled)))
        desk.take(.reported(desk.shown(.filled, filled: 100)))
        #expect(desk.facts == [desk.cancelled(100, .halted), desk.filled(100, left: 0)])
        #expect(desk.order.state == .filled)
    }

    @Test("a rest that the auction left is cancelled; a stop has no auction")
    func auction() {
        var desk = Desk.accepted()
        desk.take(.reported(desk.shown(filled: 40)), .auctionOver)
        #expect(desk.step == .cancel("broker-1"))
        var stop = Desk.accepted(.untilCancelled)
        stop.take(.auctionOver)
        #expect(stop.step != .cancel("broker-1"))
    }

    @Test("expired, and cancelled by the broker, are told apart and recorded once")
    func expired() {
        var desk = Desk.accepted(.untilCancelled)
        let end = desk.shown(.expired)
        desk.take(.reported(end), .lookedUp(end))
        #expect(desk.facts == [.expired(quantity: Quantity(shares: 100))])
        #expect(desk.order.state == .expired)
    }

    @Test("found after a crash it goes on from the broker's state; missing it is sent or given up")
    func resumed() {
        func crashed() -> Desk {
            var desk = Desk()
            desk.order = .resumed(
                Desk.request(), brokerOrderID: nil, filled: .zero, filledValue: .zero)
            return desk
        }
        var found = crashed()
        #expect(found.step == .lookUp)
        found.take(.lookedUp(found.shown(.filled, filled: 100)))
        #expect(found.facts == [found.accepted, found.filled(100, left: 0)])

        var open = crashed()
        open.take(.lookedUp(nil))
        open.pass(30)
        open.take(.lookedUp(nil))
        #expect(open.step == .send(Desk.request()))

        var late = crashed()
        late.take(.windowOver, .lookedUp(nil))
        late.pass(30)
        late.take(.lookedUp(nil))
        #expect(late.order.state == .givenUp)
    }

    @Test("a fill between crash and record is booked by what exceeds the record")
    func fillBetween() {
        var desk = Desk()
        desk.order = .resumed(
            Desk.request(.untilCancelled), brokerOrderID: "broker-1",
            filled: Quantity(shares: 40), filledValue: Money(dollars: 400))
        desk.take(.lookedUp(desk.shown(.filled, filled: 100)))
        #expect(desk.facts == [desk.filled(60, left: 0)])
    }

    // MARK: Replacements

    private let other = Refusal(
        status: 422, code: 40_310_000, message: "cannot replace order in pending_new")

    @Test("a replacement that is taken ends the old order by its own report")
    func replaces() {
        var old = Desk.accepted(.untilCancelled)
        old.take(.replacing)
        #expect(old.step == .none, "nothing is asked of it meanwhile")
        old.take(.replaceSent)
        #expect(old.step == .lookUp)
        var shown = old.shown(.replaced)
        shown.replacedBy = "broker-2"
        old.take(.lookedUp(shown))
        #expect(old.facts == [.replaced(quantity: Quantity(shares: 100), by: "broker-2")])

        var new = Desk(.untilCancelled, origin: .replacing("broker-0"))
        new.take(.requested)
        #expect(new.step == .replace("broker-0", Desk.request(.untilCancelled)))
        new.take(.sending)
        new.take(.sent(new.shown()))
        #expect(new.order.state == .accepted)
    }

    @Test("refused or silent, it makes both orders unknown, looked up before anything else")
    func replaceInDoubt() {
        for failure in [BrokerFailure.refused(other), .unknown(.timeOut)] {
            var old = Desk.accepted(.untilCancelled)
            old.take(.replacing, .replaceFailed(failure))
            #expect(old.order.isInDoubt && old.step == .lookUp)
            old.take(.reported(old.shown()))
            #expect(old.order.isInDoubt, "a report may be older than the replacement")
            old.take(.lookedUp(old.shown()))
            #expect(old.order.state == .accepted)

            var new = Desk(.untilCancelled, origin: .replacing("broker-0"))
            new.take(.requested, .sending, .notSent(failure))
            #expect(new.order.isInDoubt && new.step == .lookUp && new.facts.isEmpty)
        }
    }

    @Test("one that errs though it was done is found")
    func replaceErrsThoughDone() {
        var new = Desk(.untilCancelled, origin: .replacing("broker-0"))
        new.take(.requested, .sending, .notSent(.refused(other)))
        new.take(.lookedUp(new.shown()))
        #expect(new.order.state == .accepted)
    }

    @Test("a replacement that is missing is not sent again by itself, and stays watched")
    func replaceMissing() {
        var new = Desk(.untilCancelled, origin: .replacing("broker-0"))
        new.take(.requested, .sending, .notSent(.unknown(.dropped)), .lookedUp(nil))
        new.pass(30)
        new.take(.lookedUp(nil))
        #expect(new.order.state == .givenUp)
        #expect(new.facts == [new.cancelled(100, .notReplaced)])
    }

    @Test("the rate that is used up is no doubt: the replacement waits, the old order works")
    func replaceLimited() {
        var old = Desk.accepted(.untilCancelled)
        old.take(.replacing, .replaceFailed(.rateLimited(until: old.now.adding(seconds: 9))))
        #expect(old.order.state == .accepted)
    }

    @Test("until one of both is terminal both may fill, and both are booked")
    func bothFill() {
        var old = Desk.accepted(.untilCancelled)
        old.take(.replacing, .replaceFailed(.unknown(.timeOut)))
        old.take(.lookedUp(old.shown(.filled, filled: 100)))
        #expect(old.facts == [old.filled(100, left: 0)])
    }
}
