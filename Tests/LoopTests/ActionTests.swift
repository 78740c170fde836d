import Events
import LoopKit
import Testing

@Suite("Corporate actions in the loop")
struct ActionTests {
    /// Ten shares at 100 from session 5 on, in bars that are two dollars high.
    private func held(_ settings: String...) -> Scenario {
        settings.reduce(Scenario("atr_sessions=3")) { $0.with($1) }.given(
            .prices("ACME", 100, spread: 1), .bar("ACME", in: 5, open: 100),
            .purchases("ACME", on: 4, confidence: 75))
    }

    /// As it was traded: from a session on a share is a quarter of what it was.
    private func quartered(_ scenario: Scenario, from session: Int) -> Scenario {
        scenario.given(
            .prices("ACME", 25, spread: 0.25, volume: 4e6, in: session...),
            .split("ACME", 4, on: session))
    }

    @Test("a holding follows a split: shares, price paid, levels; nothing is won or lost")
    func split() throws {
        let scenario = quartered(held("stop_atr=1.5", "timeout_days=6"), from: 7)
        let sold = try scenario.when(10...12)
        sold.then(.filled("ACME", .exit, shares: 40, price: 25))
        let outcome = try sold.one(OutcomeRecorded.self)
        #expect(outcome.entryPrice == 25 && outcome.exitPrice == 25 && outcome.netReturn == 0)
        #expect(outcome.quantity == Quantity(shares: 40))
        #expect(((outcome.favourableExcursion ?? 0) - 0.01).magnitude < 1e-12)
        #expect(((outcome.adverseExcursion ?? 0) + 0.01).magnitude < 1e-12)
        // 1.5 · 2 below the entry, a quarter of it: 24.25 is touched by exactly that.
        try scenario.given(.bar("ACME", in: 8, open: 24.9, low: 24.25)).when(8)
            .then(.exit("ACME", .stop, level: 24.25), .filled("ACME", .stop, shares: 40))
        try scenario.given(.bar("ACME", in: 8, open: 24.9, low: 24.26)).when(8)
            .thenNo(ExitTriggered.self)
    }

    @Test("a split is no fall: without the action the stop is hit, with it nothing happens")
    func withoutAction() throws {
        let bars = Fact.prices("ACME", 25, spread: 0.25, in: 7...)
        try held("stop_atr=1.5").given(bars).when(7).then(.exit("ACME", .stop, level: 97))
        try quartered(held("stop_atr=1.5"), from: 7).when(7).thenNo(ExitTriggered.self)
    }

    @Test("an order that works follows a split, and is filled for as many new shares")
    func order() throws {
        let scenario = quartered(held("stop_atr=1.5"), from: 5)
        try scenario.when(4).then(.ordered("ACME", shares: 10))
        try scenario.when(5).then(.filled("ACME", shares: 40, price: 25))
        try scenario.given(.bar("ACME", in: 6, open: 24.9, low: 24.25)).when(6)
            .then(.exit("ACME", .stop, level: 24.25))
    }

    @Test("an announcement changes nothing before the ex-date")
    func announced() throws {
        func run(_ days: Int) throws -> [[UInt8]] {
            let scenario = held("stop_atr=1.5", "timeout_days=6").given(
                .prices("ACME", 25, spread: 0.25, volume: 4e6, in: 7...),
                .split("ACME", 4, on: 7, announced: days))
            // Without where in the timeline each was decided.
            return try scenario.run(through: 12).map { Array($0.bytes.dropFirst(56)) }
        }
        let late = try run(0)
        let early = try run(3)
        #expect(late.count > 4 && late.map(\.count) == early.map(\.count))
        let fills = try held("stop_atr=1.5", "timeout_days=6").given(
            .prices("ACME", 25, spread: 0.25, volume: 4e6, in: 7...),
            .split("ACME", 4, on: 7, announced: 3)
        ).run(through: 12).compactMap { $0.as(OrderFilled.self) }
        #expect(fills.map(\.quantity.shares) == [10, 40] && fills.map(\.price) == [100, 25])
    }

    @Test("the fraction of a share is paid, at the close before, and no cent is lost")
    func fraction() throws {
        let scenario = held("timeout_days=6").given(
            .prices("ACME", 300, in: 7...), .split("ACME", 0.3333333, on: 7))
        let sold = try scenario.when(10...12)
        sold.then(.filled("ACME", .exit, shares: 3, price: 300))
        let outcome = try sold.one(OutcomeRecorded.self)
        #expect(outcome.netReturn.magnitude < 1e-6 && outcome.returnDollars.dollars < 0.01)
    }

    @Test("a holding of less than one new share keeps its fraction")
    func lessThanOne() throws {
        let scenario = held("timeout_days=6").given(
            .prices("ACME", 2_000, in: 7...), .split("ACME", 0.05, on: 7))
        let outcome = try scenario.when(10...12).one(OutcomeRecorded.self)
        #expect(outcome.quantity.shares == 0.5 && outcome.netReturn == 0)
    }

    @Test(
        "a dividend is cash on its ex-date, for who held the day before; levels go with the price")
    func dividend() throws {
        let paid = held("timeout_days=6").given(
            .prices("ACME", 98, in: 7...), .dividend("ACME", 2, on: 7))
        let outcome = try paid.when(10...12).one(OutcomeRecorded.self)
        #expect(outcome.entryPrice == 100 && outcome.exitPrice == 98)
        #expect(outcome.returnDollars == .zero && outcome.netReturn == 0)
        // Bought on the ex-date: none.
        let late = held("timeout_days=6").given(.dividend("ACME", 2, on: 5))
        #expect(try late.when(10...12).one(OutcomeRecorded.self).returnDollars == .zero)
        // A trailing stop 5 % below 100 is 95 · .98 after a dividend of 2 %.
        let trailing = held("trailing_stop=0.05").given(
            .prices("ACME", 98, in: 7...), .dividend("ACME", 2, on: 7))
        try trailing.given(.bar("ACME", in: 8, open: 96, low: 95)).when(8)
            .thenNo(ExitTriggered.self)
        try trailing.given(.bar("ACME", in: 8, open: 96, low: 93)).when(8)
            .then(.exit("ACME", .trailingStop))
    }

    @Test("an action that no share can have changes nothing")
    func implausible() throws {
        let held = held("timeout_days=6")
        let honest = try held.when(10...12).one(OutcomeRecorded.self)
        for action in [
            Fact.dividend("ACME", 100, on: 7), .dividend("ACME", 1e300, on: 7),
            .split("ACME", 1e-300, on: 7), .split("ACME", 1e300, on: 7),
            .delisting("ACME", pays: 1e300, on: 7),
        ] {
            let outcome = try held.given(action).when(10...12).one(OutcomeRecorded.self)
            #expect(outcome.netReturn == honest.netReturn && outcome.quantity == honest.quantity)
        }
    }

    @Test("what a delisted share pays is what it is closed at")
    func delisting() throws {
        let scenario = held().given(
            .noBar("ACME", in: 7...), .prices("OTHER", 1), .delisting("ACME", pays: 130, on: 7))
        try scenario.when(8...12).then(.filled("ACME", .closeOut, shares: 10, price: 130))
    }

    @Test("disclosure-follow measures stop and target from the adjusted entry")
    func follow() throws {
        let follow = ExitTests.follow.given(
            .prices("ACME", 25, in: 7...), .split("ACME", 4, on: 7))
        try follow.when(7...9).thenNo(ExitTriggered.self)
        try follow.given(.bar("ACME", in: 8, open: 24, close: 22.5)).when(8...9)
            .then(.filled("ACME", .exit, shares: 40, price: 25))
    }

    /// Prices that move, as they were traded: T0 is split 3:1 in session 20 and 1:2 in session 40,
    /// and pays a dividend in session 30; the same adjusted for all three.
    private func world(isRaw: Bool, _ base: Scenario) -> Scenario {
        @Sendable func level(_ number: Int, _ session: Int) -> Double {
            60 + 8 * Double((session * (number + 3)) % 7)
        }
        let dividend = 1.5
        // On the scale of the last shares: what splits and the dividend multiply earlier with.
        let before = level(0, 29) / 3
        let dividendFactor = 1 - dividend / before
        @Sendable func shares(_ session: Int) -> Double {
            session < 20 ? 1 : session < 40 ? 3 : 1.5
        }
        var facts: [Fact] = [.index { 300 + Double($0 % 9) }]
        for number in 0..<4 {
            let ticker = Ticker("T\(number)")!
            for session in 0...60 {
                // The dividend leaves the price on its day.
                let price = level(number, session)
                let paid = number > 0 || session < 30 ? price : price * dividendFactor
                let adjusted = number > 0 ? price : price * dividendFactor / 1.5
                let old = isRaw && number == 0 ? shares(session) / 1.5 : 1
                facts.append(
                    .bar(
                        ticker, in: session,
                        open: isRaw && number == 0 ? paid / shares(session) : adjusted,
                        volume: (1e9 + 1e7 * Double(session % 5)) * old))
            }
            for session in stride(from: number, to: 58, by: 4) {
                facts.append(.purchases(ticker, on: session, confidence: 75))
            }
        }
        if isRaw {
            facts += [
                .split("T0", 3, on: 20), .dividend("T0", dividend, on: 30),
                .split("T0", 0.5, on: 40),
            ]
        }
        return base.given(facts)
    }

    @Test("on raw bars with actions the same is decided and earned as on adjusted bars")
    func adjusted() throws {
        let base = Scenario(
            "stop_atr=1.5", "atr_sessions=3", "trailing_stop=0.1", "timeout_days=9",
            "slippage_bp=5", "fractional_shares=true", "train=true", "feature_history_sessions=30")
        let runs = try [true, false].map { isRaw in
            try world(isRaw: isRaw, base).run(through: 60)
        }
        let outcomes = runs.map { $0.compactMap { $0.as(OutcomeRecorded.self) } }
        #expect(outcomes[0].count > 8 && outcomes[0].count == outcomes[1].count)
        #expect(
            outcomes[0].contains {
                $0.ticker == "T0" && $0.entryDay.map { $0 < base.day(20) } ?? false
            })
        for (raw, adjusted) in zip(outcomes[0], outcomes[1]) {
            #expect(raw.ticker == adjusted.ticker && raw.reason == adjusted.reason)
            #expect(raw.entryDay == adjusted.entryDay && raw.exitDay == adjusted.exitDay)
            // Cash is not kept in the share: a dividend earns nothing until the exit.
            #expect((raw.netReturn - adjusted.netReturn).magnitude < 0.01)
            for (one, other) in zip(raw.features, adjusted.features) {
                let (one, other) = (one.value, other.value)
                #expect(
                    one.isNaN && other.isNaN || (one - other).magnitude <= 1e-4 * max(1, abs(other))
                )
            }
        }
        let signals = runs.map { $0.compactMap { $0.as(SignalGenerated.self) } }
        #expect(signals[0].map(\.confidence) == signals[1].map(\.confidence))
    }

    @Test("a run over actions that is folded at any of its events goes on to the same bytes")
    func folded() throws {
        let scenario = world(
            isRaw: true,
            Scenario("stop_atr=1.5", "atr_sessions=3", "trailing_stop=0.1", "timeout_days=9"))
        let recorded = try scenario.run(through: 60)
        for cut in stride(from: 1, to: recorded.count, by: 7) {
            let rest = try scenario.resumed(recorded, at: cut, through: 60)
            #expect(rest.map(\.bytes) == recorded[cut...].map(\.bytes), "cut at \(cut)")
        }
    }

    @Test("an action appended later leaves every earlier level equal to the bit")
    func later() throws {
        let base = Scenario(
            "stop_atr=1.5", "atr_sessions=3", "trailing_stop=0.1", "timeout_days=9", "train=true",
            "feature_history_sessions=30")
        let all = world(isRaw: true, base)
        let without = try all.run(through: 44)
        let with = try all.given(.split("T0", 7, on: 45), .dividend("T1", 3, on: 46))
            .run(through: 60)
        // The last event of a run that ends says that it ended.
        let bytes = without.dropLast().map(\.bytes)
        #expect(bytes.count > 50 && Array(with.map(\.bytes).prefix(bytes.count)) == bytes)
    }
}
