import Events
import LoopKit
import Testing

@Suite("Why a holding is closed")
struct ExitTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let reason: ExitReason
        let scenario: Scenario
        /// The session in which it is sold.
        let session: Int
        let leg: OrderLeg
        let price: Double
        var level: Double?

        var testDescription: String { "\(reason) at \(price)" }
    }

    /// Ten shares at 100 from session 5 on; bars of a range of 2 make an average true range of 2.
    static func held(_ settings: String...) -> Scenario {
        settings.reduce(Scenario("atr_sessions=3")) { $0.with($1) }.given(
            .prices("ACME", 100, spread: 1), .bar("ACME", in: 5, open: 100),
            .purchases("ACME", on: 4, confidence: 75))
    }

    static let follow = Scenario(
        "min_confidence=0.5", "trade_dollars=1000", base: [], strategy: "disclosure-follow"
    ).given(
        .prices("ACME", 100), .filing("ACME", .buy, on: 4, confidence: 0.9))

    static let rows = [
        // 1.5 · 2 below the entry: touched by a low of exactly 97.
        Row(
            reason: .stop,
            scenario: held("stop_atr=1.5").given(.bar("ACME", in: 7, open: 99, low: 97)),
            session: 7, leg: .stop, price: 97, level: 97),
        Row(
            reason: .stop,
            scenario: held("stop_atr=1.5").given(.bar("ACME", in: 7, open: 96, low: 95)),
            session: 7, leg: .stop, price: 96, level: 97),
        // 20 % below the highest close of the sessions before.
        Row(
            reason: .trailingStop,
            scenario: held("trailing_stop=0.2").given(
                .bar("ACME", in: 6, open: 100, close: 125),
                .bar("ACME", in: 7, open: 120, low: 100)),
            session: 7, leg: .trailingStop, price: 100, level: 100),
        Row(
            reason: .trailingStop,
            scenario: held("trailing_stop=0.2").given(.bar("ACME", in: 7, open: 79)),
            session: 7, leg: .trailingStop, price: 79, level: 80),
        Row(
            reason: .takeProfit,
            scenario: held("take_profit=0.25").given(.bar("ACME", in: 7, open: 105, high: 125)),
            session: 7, leg: .takeProfit, price: 125, level: 125),
        Row(
            reason: .takeProfit,
            scenario: held("take_profit=0.25").given(.bar("ACME", in: 7, open: 130)),
            session: 7, leg: .takeProfit, price: 130, level: 125),
        // Held 3 days after session 8, a Thursday: sold at the next open.
        Row(
            reason: .timeout, scenario: held("timeout_days=3"), session: 9, leg: .exit, price: 100),
        Row(
            reason: .oppositeSignal, scenario: held().given(.sales("ACME", on: 6, confidence: 75)),
            session: 7, leg: .exit, price: 100),
        Row(
            reason: .noPrice,
            scenario: held("delisting_haircut=0.25").given(
                .noBar("ACME", in: 6...), .prices("OTHER", 1)),
            session: 10, leg: .closeOut, price: 75),
        Row(
            reason: .stop, scenario: follow.given(.bar("ACME", in: 6, open: 95, close: 90)),
            session: 7, leg: .exit, price: 100),
        Row(
            reason: .target, scenario: follow.given(.bar("ACME", in: 6, open: 110, close: 120)),
            session: 7, leg: .exit, price: 100),
        Row(
            reason: .timeout, scenario: follow.with("max_sessions=2"), session: 8, leg: .exit,
            price: 100),
    ]

    @Test("each reason is named, at its level, and fills at its price", arguments: rows)
    func named(row: Row) throws {
        let episode = try row.scenario.when((row.session - 1)...row.session)
        episode.then(.exit("ACME", row.reason, level: row.level))
        episode.then(.filled("ACME", row.leg, shares: 10, price: row.price))
        episode.then(
            .event(OutcomeRecorded.self, "outcome by \(row.reason)") {
                $0.reason == row.reason && ($0.exitPrice - row.price).magnitude < 1e-9
            })
    }

    @Test("a resting exit is triggered in the session that fills it, others in the cycle before")
    func times() throws {
        for row in ExitTests.rows {
            let isResting = row.leg != .exit
            let episode = try row.scenario.when((row.session - 1)...row.session)
            let trigger = try episode.one(ExitTriggered.self)
            let day = row.scenario.day(isResting ? row.session : row.session - 1)
            #expect(trigger.day == day, "\(row.testDescription)")
            #expect(
                episode.all(OrderSubmitted.self).filter { $0.leg == .exit }.count
                    == (isResting ? 0 : 1), "\(row.testDescription)")
        }
    }

    @Test("every reason is in the table but what a person does, and what is told of other trades")
    func complete() throws {
        let tested = ExitTests.rows.map(\.reason)
        for reason in ExitReason.allCases where reason != .person && reason != .recorded {
            #expect(tested.contains(reason), "\(reason)")
        }
        // Nobody closes a holding by hand yet. A recorded trade has an outcome and no trigger.
        let scenario = ExitTests.held().given(
            .trade(
                "ACME", gain: 0.1, entered: "2020-01-08T15:00Z", exited: "2020-01-09T15:00Z",
                recorded: "2020-01-13T22:00Z"))
        try scenario.when(5).then(.outcome("ACME", .win, .recorded)).thenNo(ExitTriggered.self)
    }

    /// Two ways out at once, and the one that is taken.
    static let pairs = [
        // The higher level binds: the stop at 97 over the trailing stop at 95.
        Row(
            reason: .stop,
            scenario: held("stop_atr=1.5", "trailing_stop=0.05").given(
                .bar("ACME", in: 7, open: 99, low: 90)),
            session: 7, leg: .stop, price: 97, level: 97),
        Row(
            reason: .trailingStop,
            scenario: held("stop_atr=1.5", "trailing_stop=0.02").given(
                .bar("ACME", in: 7, open: 99, low: 90)),
            session: 7, leg: .trailingStop, price: 98, level: 98),
        // At the same level the stop is named.
        Row(
            reason: .stop,
            scenario: held("stop_atr=2.5", "trailing_stop=0.05").given(
                .bar("ACME", in: 7, open: 99, low: 90)),
            session: 7, leg: .stop, price: 95, level: 95),
        // A take-profit in the same bar loses to either.
        Row(
            reason: .stop,
            scenario: held("stop_atr=1.5", "take_profit=0.25").given(
                .bar("ACME", in: 7, open: 100, high: 140, low: 90)),
            session: 7, leg: .stop, price: 97, level: 97),
        Row(
            reason: .trailingStop,
            scenario: held("trailing_stop=0.05", "take_profit=0.25").given(
                .bar("ACME", in: 7, open: 100, high: 140, low: 90)),
            session: 7, leg: .trailingStop, price: 95, level: 95),
        // What fills at the open comes before resting levels of the same bar.
        Row(
            reason: .timeout,
            scenario: held("timeout_days=3", "stop_atr=1.5").given(
                .bar("ACME", in: 9, open: 90)), session: 9, leg: .exit, price: 90),
        Row(
            reason: .oppositeSignal,
            scenario: held("stop_atr=1.5").given(
                .sales("ACME", on: 6, confidence: 75), .bar("ACME", in: 7, open: 90)),
            session: 7, leg: .exit, price: 90),
        // A timeout is decided before signals are read.
        Row(
            reason: .timeout,
            scenario: held("timeout_days=3").given(.sales("ACME", on: 8, confidence: 75)),
            session: 9, leg: .exit, price: 100),
    ]

    @Test("of two ways out the first is taken, and only that", arguments: pairs)
    func precedence(row: Row) throws {
        try named(row: row)
        try row.scenario.when((row.session + 1)...(row.session + 3)).thenNo(
            ExitTriggered.self, OrderFilled.self)
    }

    @Test("a holding that should be sold and has no price is closed out for want of one")
    func noPriceOverTimeout() throws {
        let scenario = ExitTests.held("timeout_days=3").given(
            .noBar("ACME", in: 9...), .prices("OTHER", 1))
        try scenario.when(8...13).then(.exit("ACME", .timeout), .exit("ACME", .noPrice)).then(
            .filled("ACME", .closeOut, price: 100)
        ).then(.outcome("ACME", .breakeven, .noPrice))
        try scenario.when(14...16).thenNo(OrderFilled.self, OrderCancelled.self)
    }

    @Test("a level is touched at its price and not a hair above or below it")
    func levels() throws {
        try ExitTests.held("stop_atr=1.5").given(.bar("ACME", in: 7, open: 99, low: 97.01)).when(7)
            .thenNo(ExitTriggered.self)
        try ExitTests.held("take_profit=0.25").given(.bar("ACME", in: 7, open: 99, high: 124.99))
            .when(7).thenNo(ExitTriggered.self)
        try ExitTests.held("timeout_days=4").when(8).thenNo(ExitTriggered.self)
        try ExitTests.held().given(.noBar("ACME", in: 6...9), .prices("OTHER", 1)).when(6...12)
            .thenNo(ExitTriggered.self)
    }

    @Test("a bar of zero volume touches nothing")
    func zeroVolume() throws {
        try ExitTests.held("stop_atr=1.5", "take_profit=0.25").given(
            .bar("ACME", in: 7, open: 99, high: 150, low: 50, volume: 0)
        ).when(7).thenNo(ExitTriggered.self)
    }

    @Test("in the entry session levels rest already, and fill at the level whatever the open was")
    func entrySession() throws {
        try ExitTests.held("stop_atr=1.5").given(.bar("ACME", in: 5, open: 100, low: 96)).when(5)
            .then(.filled("ACME", price: 100), .filled("ACME", .stop, price: 97))
        try ExitTests.held("take_profit=0.25").given(.bar("ACME", in: 5, open: 100, high: 126))
            .when(5).then(
                .filled("ACME", price: 100),
                .filled("ACME", .takeProfit, price: 125))
    }

    @Test("a gap through the level fills at the open's hour, a touch at the close's")
    func executedAt() throws {
        let touched = try ExitTests.rows[0].scenario.when(7).one(OrderFilled.self)
        #expect(touched.executedAt == Instant(touched.filledOn, hour: 21))
        let gapped = try ExitTests.rows[1].scenario.when(7).one(OrderFilled.self)
        #expect(gapped.executedAt == Instant(gapped.filledOn, hour: 14, minute: 30))
        #expect(gapped.decidedOn < gapped.filledOn)
    }

    @Test(
        "the highest close counts from the session before on: a session lifts no level of its own")
    func trailingLag() throws {
        try ExitTests.held("trailing_stop=0.2").given(
            .bar("ACME", in: 6, open: 100, low: 81, close: 200)
        ).when(6).thenNo(ExitTriggered.self)
    }

    @Test("sales below the queue threshold close nothing")
    func weakSale() throws {
        try ExitTests.held().given(.sales("ACME", on: 6, confidence: 70)).when(6...7)
            .then(.skipped("ACME", .belowQueueThreshold)).thenNo(ExitTriggered.self)
    }
}
