import Events
import Testing

@testable import Brokerage

/// A minute of the day in New York.
private func clock(_ hour: Int, _ minute: Int) -> Int { 60 * hour + minute }

@Suite("What is to be asked for a holding")
struct ExitPlanTests {
    private static let stop = ClientOrderID(
        prefix: 7, day: Day(year: 2026, month: 11, day: 24)!, ticker: Ticker("ACME")!, leg: .stop,
        attempt: 0)

    /// 100 shares, level 95 as the evening before, last trade 100, no exit, at noon.
    private var bare: ExitView {
        var view = ExitView(
            held: Quantity(shares: 100), brokerHeld: Quantity(shares: 100), level: 95,
            minute: clock(12, 0))
        (view.levelBefore, view.lastTrade) = (95, Price(cents: 10_000))
        return view
    }

    /// The same with its stop.
    private func resting(
        _ shares: Int64 = 100, at cents: Int64 = 9_500, minute: Int = clock(12, 0)
    ) -> ExitView {
        var view = bare
        view.minute = minute
        view.resting = RestingExit(
            id: ExitPlanTests.stop, quantity: Quantity(shares: shares),
            level: Price(cents: cents))
        return view
    }

    private func place(_ cents: Int64, _ shares: Int64) -> ExitPlan.Step {
        .place(level: Price(cents: cents), quantity: Quantity(shares: shares))
    }

    private func replace(_ cents: Int64, _ shares: Int64) -> ExitPlan.Step {
        .replace(ExitPlanTests.stop, level: Price(cents: cents), quantity: Quantity(shares: shares))
    }

    // MARK: Exactly one working exit

    @Test("a missing, expired or cancelled stop is placed for the whole quantity, at any hour")
    func missing() {
        var view = bare
        for minute in [0, clock(8, 0), clock(12, 0), clock(20, 0)] {
            view.minute = minute
            #expect(ExitPlan.step(view) == place(9_500, 100))
        }
        view.isSession = false
        #expect(ExitPlan.step(view) == place(9_500, 100))
    }

    @Test("its level is rounded down to the tick")
    func tick() {
        var view = bare
        (view.level, view.levelBefore) = (95.0199, 95.0199)
        #expect(ExitPlan.step(view) == place(9_501, 100))
        (view.level, view.levelBefore, view.lastTrade) = (0.51239, 0.51239, Price(rawValue: 6_000))
        #expect(
            ExitPlan.step(view)
                == .place(level: Price(rawValue: 5_123), quantity: Quantity(shares: 100)))
        (view.level, view.levelBefore) = (0.00001, 0.00001)
        #expect(ExitPlan.step(view) == .leave(.noLevel))
    }

    @Test("while one works, or one is on its way, nothing is asked")
    func one() {
        #expect(ExitPlan.step(resting()) == .leave(.protected))
        var view = bare
        view.isInDoubt = true
        #expect(ExitPlan.step(view) == .leave(.onItsWay))
    }

    @Test("followed, the plan asks for nothing more")
    func followed() {
        guard case .place(let level, let quantity) = ExitPlan.step(bare) else {
            Issue.record("a bare holding gets a stop")
            return
        }
        var view = bare
        view.resting = RestingExit(id: ExitPlanTests.stop, quantity: quantity, level: level)
        #expect(ExitPlan.step(view) == .leave(.protected))
    }

    @Test("refused because the price is through it, it becomes a sale at once")
    func through() {
        var view = bare
        view.lastTrade = Price(cents: 9_400)
        #expect(ExitPlan.step(view) == place(9_500, 100))
        view.isThrough = true
        #expect(ExitPlan.step(view) == .sellNow(Quantity(shares: 100)))
    }

    @Test("a partial fill resizes it, at any hour, and leaves its level")
    func resized() {
        #expect(ExitPlan.step(resting(40)) == replace(9_500, 100))
        var view = resting()
        view.held = Quantity(shares: 60)
        #expect(ExitPlan.step(view) == replace(9_500, 60))
    }

    @Test("when nothing is held any more the stop is taken away")
    func closed() {
        var view = resting()
        view.held = .zero
        #expect(ExitPlan.step(view) == .cancel(ExitPlanTests.stop, .exitDue))
        view.resting?.isCancelling = true
        #expect(ExitPlan.step(view) == .leave(.nothingHeld))
    }

    @Test("a sell is for at most what the broker holds less our other open sells")
    func atMost() {
        var view = bare
        view.brokerHeld = Quantity(shares: 70)
        #expect(ExitPlan.step(view) == place(9_500, 70))
        view.otherSells = Quantity(shares: 30)
        #expect(ExitPlan.step(view) == place(9_500, 40))
        view.brokerHeld = Quantity(shares: 30)
        #expect(ExitPlan.step(view) == .leave(.nothingHeld))
        view.brokerHeld = Quantity(shares: -5)
        #expect(ExitPlan.step(view) == .leave(.nothingHeld))
    }

    @Test("a person who sells half by hand: the ticker gets no new order, its stop stays")
    func difference() {
        var view = resting()
        (view.hasDifference, view.brokerHeld) = (true, Quantity(shares: 50))
        #expect(ExitPlan.step(view) == .leave(.difference))
        view.resting = nil
        #expect(ExitPlan.step(view) == .leave(.difference))
    }

    @Test("a refusal that passes, of a wash trade or a sale on the same day, is waited for")
    func heldBack() {
        var view = bare
        view.isHeldBack = true
        #expect(ExitPlan.step(view) == .leave(.heldBack))
        var exit = due
        exit.isHeldBack = true
        #expect(ExitPlan.step(exit) == .leave(.protected), "its stop is not given away for it")
    }

    @Test("after 60 s of market hours without an exit it is too long; nights do not count")
    func watch() {
        var watch = ProtectionWatch()
        let start = OrderDesk.start
        func tooLong(_ seconds: Int64, protected: Bool = false, open: Bool = true) -> Bool {
            watch.isTooLong(
                isProtected: protected, isMarketOpen: open, at: start.adding(seconds: seconds))
        }
        #expect(!tooLong(0) && !tooLong(59) && tooLong(60))
        #expect(!tooLong(61, protected: true) && !tooLong(62) && !tooLong(121) && tooLong(122))
        #expect(!tooLong(200, open: false) && !tooLong(300) && !tooLong(359) && tooLong(360))
    }

    // MARK: Trailing

    private func raised(
        _ level: Double = 97, minute: Int = clock(9, 0), at cents: Int64 = 9_500
    ) -> ExitView {
        var view = resting(at: cents, minute: minute)
        view.level = level
        return view
    }

    @Test("a higher level replaces the order from 09:00 to 09:25, and at no other time")
    func window() {
        for minute in [clock(9, 0), clock(9, 24)] {
            #expect(ExitPlan.step(raised(minute: minute)) == replace(9_700, 100))
        }
        for minute in [clock(8, 59), clock(9, 25), clock(9, 31), clock(12, 0), clock(19, 0)] {
            #expect(ExitPlan.step(raised(minute: minute)) == .leave(.outsideWindow))
        }
        var holiday = raised()
        holiday.isSession = false
        #expect(ExitPlan.step(holiday) == .leave(.outsideWindow))
    }

    @Test("it is compared with the broker's own level; a lower one never replaces")
    func brokersLevel() {
        #expect(ExitPlan.step(raised(97, at: 9_700)) == .leave(.protected))
        #expect(ExitPlan.step(raised(97, at: 9_800)) == .leave(.protected))
        #expect(ExitPlan.step(raised(95, at: 9_450)) == replace(9_500, 100))
    }

    @Test("a level that the broker lowered for a dividend is kept")
    func dividend() {
        var view = raised(95, at: 9_450)
        view.loweredBy = 0.5
        #expect(ExitPlan.step(view) == .leave(.protected))
        view.level = 96
        #expect(ExitPlan.step(view) == replace(9_550, 100))
    }

    @Test("refused for its state it is tried once more from 09:31; again: cancel, wait, new order")
    func refusedTwice() {
        var view = raised(minute: clock(9, 10))
        view.replaceRefusals = 1
        #expect(ExitPlan.step(view) == .leave(.outsideWindow))
        view.minute = clock(9, 31)
        #expect(ExitPlan.step(view) == replace(9_700, 100))
        view.replaceRefusals = 2
        #expect(ExitPlan.step(view) == .cancel(ExitPlanTests.stop, .requested))
        view.resting?.isCancelling = true
        #expect(ExitPlan.step(view) == .leave(.onItsWay))
        view.resting = nil
        #expect(ExitPlan.step(view) == place(9_700, 100))
    }

    @Test("a level at or above the last trade is not sent that morning")
    func aboveTrade() {
        var view = raised(99.999)
        view.lastTrade = Price(cents: 9_999)
        #expect(ExitPlan.step(view) == .leave(.suspectBar))
        view.lastTrade = Price(cents: 10_000)
        #expect(ExitPlan.step(view) == replace(9_999, 100))
    }

    @Test(
        "one more than a tenth above the evening before's is held back until a close bears it out")
    func suspect() {
        var view = raised(105)
        view.lastTrade = Price(cents: 20_000)
        view.levelBefore = 95
        #expect(ExitPlan.step(view) == .leave(.suspectBar))
        view.level = 104.5
        #expect(ExitPlan.step(view) == replace(10_450, 100), "a tenth is none")
        view.level = 105
        var action = view
        action.hasAction = true
        #expect(ExitPlan.step(action) == replace(10_500, 100))
        view.isBorneOut = true
        #expect(ExitPlan.step(view) == replace(10_500, 100))
    }

    @Test("a bar at ten times its price moves no stop, and a missing one is placed as before")
    func tenfold() {
        var view = raised(950)
        #expect(ExitPlan.step(view) == .leave(.suspectBar))
        view.resting = nil
        #expect(ExitPlan.step(view) == place(9_500, 100))
    }

    // MARK: Splits

    @Test("before the ex-date opens the stop is cancelled and placed anew at the adjusted level")
    func split() {
        var view = resting(minute: clock(0, 30))
        (view.isExDate, view.hasAction) = (true, true)
        (view.level, view.levelBefore) = (47.5, 47.5)
        (view.held, view.lastTrade) = (Quantity(shares: 200), Price(cents: 5_000))
        #expect(ExitPlan.step(view) == .cancel(ExitPlanTests.stop, .corporateAction))
        view.resting?.isCancelling = true
        #expect(ExitPlan.step(view) == .leave(.onItsWay))
        view.resting = nil
        #expect(ExitPlan.step(view) == place(4_750, 100), "the smaller of both quantities")
        view.resting = RestingExit(
            id: ExitPlanTests.stop, quantity: Quantity(shares: 100), level: Price(cents: 4_750),
            isFromBefore: false)
        #expect(ExitPlan.step(view) == .leave(.protected))
        view.brokerHeld = Quantity(shares: 200)
        #expect(ExitPlan.step(view) == replace(4_750, 200), "resized when the broker shows it")
    }

    @Test("of shares that are put together the smaller quantity is the log's")
    func reverseSplit() {
        var view = bare
        (view.isExDate, view.held) = (true, Quantity(shares: 10))
        (view.level, view.levelBefore, view.lastTrade) = (950, 950, Price(cents: 100_000))
        #expect(ExitPlan.step(view) == place(95_000, 10))
    }

    @Test("on an ex-date the holding is not closed by the auction: no other new order")
    func exitOnExDate() {
        var view = resting(minute: clock(5, 0))
        (view.isExDate, view.isExitDue) = (true, true)
        view.resting?.isFromBefore = false
        #expect(ExitPlan.step(view) == .leave(.protected))
    }

    // MARK: Timeout, opposite signal

    private var due: ExitView {
        var view = resting(minute: clock(0, 30))
        view.isExitDue = true
        return view
    }

    @Test("the stop is cancelled, its end waited for, then the auction asked")
    func timeout() {
        var view = due
        #expect(ExitPlan.step(view) == .cancel(ExitPlanTests.stop, .exitDue))
        view.resting?.isCancelling = true
        #expect(ExitPlan.step(view) == .leave(.onItsWay), "a 204 is only a request")
        view.resting = nil
        #expect(ExitPlan.step(view) == .sellAtOpen(Quantity(shares: 100)))
    }

    @Test("if the stop fills meanwhile there is nothing left to sell")
    func filledMeanwhile() {
        var view = due
        (view.resting, view.held) = (nil, .zero)
        #expect(ExitPlan.step(view) == .leave(.nothingHeld))
        (view.held, view.brokerHeld) = (Quantity(shares: 100), .zero)
        #expect(ExitPlan.step(view) == .leave(.nothingHeld), "the broker shows it first")
    }

    @Test("an exit that missed its auction, or ended without the whole sale: its stop is back")
    func staysDue() {
        var view = due
        view.resting = nil
        view.minute = clock(9, 28)
        #expect(ExitPlan.step(view) == place(9_500, 100))
        view.minute = clock(9, 0)
        view.hasExitEnded = true
        #expect(ExitPlan.step(view) == place(9_500, 100))
        view.held = Quantity(shares: 60)
        #expect(ExitPlan.step(view) == place(9_500, 60))
    }

    @Test("a halt of exits leaves the resting stop, and guards it")
    func halted() {
        var view = due
        view.areExitsHalted = true
        #expect(ExitPlan.step(view) == .leave(.protected))
        view.resting = nil
        #expect(ExitPlan.step(view) == place(9_500, 100))
    }
}
