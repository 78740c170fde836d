import Events
import LoopKit
import Testing

/// The workload disclosure-follow, in both of its modes.
@Suite("disclosure-follow")
struct FollowTests {
    private func follow(_ settings: String..., filed: [Fact]) -> Scenario {
        let base = Scenario(
            "min_confidence=0.6", "trade_dollars=1000", base: [], strategy: "disclosure-follow")
        return settings.reduce(base) { $0.with($1) }.given(.prices("ACME", 100)).given(filed)
    }

    private let purchase = [Fact.filing("ACME", .buy, on: 1, confidence: 0.6)]

    @Test("a purchase at the least confidence is followed, for whole shares of its dollars")
    func followed() throws {
        let scenario = follow(filed: purchase)
        try scenario.when(1).then(.ordered("ACME", shares: 10))
        try scenario.when(2).then(.filled("ACME", shares: 10, price: 100))
        try follow("trade_dollars=1099", filed: purchase).when(1).then(.ordered("ACME", shares: 10))
    }

    @Test("a sale, less confidence or none, no bar, or a share that costs too much: nothing")
    func refused() throws {
        for filed in [
            Fact.filing("ACME", .sell, on: 1, confidence: 0.9),
            .filing("ACME", .buy, on: 1, confidence: 0.59), .filing("ACME", .buy, on: 1),
            .filing("NONE", .buy, on: 1, confidence: 0.9),
        ] { try follow(filed: [filed]).when(1).thenNo(OrderSubmitted.self) }
        try follow("trade_dollars=99", filed: purchase).when(1).thenNo(OrderSubmitted.self)
        let silent = follow(filed: purchase).given(.noBar("ACME", in: 1...1), .prices("OTHER", 1))
        try silent.when(1...3).thenNo(OrderSubmitted.self)
    }

    @Test("a ticker is bought once: filed twice, held, or ordered already")
    func once() throws {
        let twice = follow(filed: purchase + purchase)
        try twice.when(1).then(.ordered("ACME"))
        let again = follow(filed: purchase + [.filing("ACME", .buy, on: 2, confidence: 0.9)])
        try again.when(2).thenNo(OrderSubmitted.self)
        try again.when(3).thenNo(OrderSubmitted.self)
    }

    @Test("no more tickers than allowed are active, those ordered in the same pass included")
    func active() throws {
        let two = follow(
            "max_active=2",
            filed: ["AAA", "BBB", "CCC"].flatMap { ticker -> [Fact] in
                let ticker = Ticker(ticker)!
                return [
                    .prices(ticker, 100), .filing(ticker, .buy, on: 1, confidence: 0.9),
                ]
            })
        try two.when(1).then(.ordered("AAA"), .ordered("BBB"))
        try two.with("max_active=3").when(1).then(
            .ordered("AAA"), .ordered("BBB"), .ordered("CCC"))
    }

    @Test("filled at the close that decided, each fill says so, and nothing is left that day")
    func sameClose() throws {
        let same = follow("fill=same_close", filed: purchase).given(
            .bar("ACME", in: 1, open: 90, close: 80), .bar("ACME", in: 2, open: 100, close: 96.0))
        let fill = try same.when(1).one(OrderFilled.self)
        #expect(fill.price == 80 && fill.envelope.flags.contains(.tradesDecisionClose))
        #expect(fill.filledOn == fill.decidedOn && fill.quantity == Quantity(shares: 12))
        // .2 above 80 is 96, reached at the close of the next session and sold there.
        try same.when(2).then(.exit("ACME", .target)).then(.filled("ACME", .exit, price: 96))
        #expect(try same.when(2...3).one(OutcomeRecorded.self).reason == .target)
    }

    /// The session at whose close a filing of session 1, known at a time of day in UTC, is bought.
    private func bought(
        _ start: Day, known: (days: Int, hour: Int, minute: Int), _ calendar: String = "xnys"
    ) throws -> Day? {
        let scenario = Scenario(
            "min_confidence=0.6", "trade_dollars=1000", "fill=same_close",
            "close_calendar=\(calendar)", base: [], strategy: "disclosure-follow", start: start
        ).given(
            .prices("ACME", 100), .filing("ACME", .buy, on: 1, confidence: 0.9, known: known))
        return try scenario.run(through: 4).compactMap { $0.as(OrderFilled.self) }.first?.filledOn
    }

    @Test("with a calendar, a close is bought only on what was known before it really closed")
    func realClose() throws {
        // Winter: 21:00 UTC. What is known overnight waits for the next session's close.
        let winter = Day("2020-01-06")
        #expect(try bought(winter, known: (0, 20, 59)) == "2020-01-07")
        #expect(try bought(winter, known: (1, 5, 0)) == "2020-01-08")
        #expect(try bought(winter, known: (1, 5, 0), "none") == "2020-01-07", "as it always was")
        // Summer time: 20:00 UTC, and at the close itself it is too late.
        let summer = Day("2020-07-06")
        #expect(try bought(summer, known: (0, 19, 59)) == "2020-07-07")
        #expect(try bought(summer, known: (0, 20, 0)) == "2020-07-08")
        // The day after Thanksgiving closes at 13:00 in New York, 18:00 UTC.
        let short = Day("2019-11-28")
        #expect(try bought(short, known: (0, 17, 59)) == "2019-11-29")
        #expect(try bought(short, known: (0, 18, 0)) == "2019-12-02")
    }

    @Test("a stop comes before the longest hold, and a target too, each at its own boundary")
    func boundaries() throws {
        func reason(_ close: Double, _ settings: String...) throws -> ExitReason? {
            let scenario = settings.reduce(follow(filed: purchase)) { $0.with($1) }
                .given(.bar("ACME", in: 4, open: 100, close: close))
            return try scenario.when(4).all(ExitTriggered.self).first?.reason
        }
        #expect(try reason(90) == .stop)
        #expect(try reason(90.01) == nil)
        #expect(try reason(120) == .target)
        #expect(try reason(119.99) == nil)
        #expect(try reason(100, "max_sessions=2") == .timeout)
        #expect(try reason(100, "max_sessions=3") == nil)
        #expect(try reason(90, "max_sessions=2") == .stop)
        #expect(try reason(120, "max_sessions=2") == .target)
    }

    @Test("a run that ends with the session of a sale records what the trade came to")
    func endsWithSale() throws {
        let run = try follow("fill=same_close", "max_sessions=1", filed: purchase).run(through: 2)
        #expect(run.compactMap { $0.as(OrderFilled.self) }.map(\.side) == [.buy, .sell])
        let outcome = try #require(run.compactMap { $0.as(OutcomeRecorded.self) }.first)
        #expect(outcome.reason == .timeout)
    }

    @Test("exits and entries of one session come in order of ticker")
    func order() throws {
        let scenario = Scenario(
            "trade_dollars=1000", "min_confidence=0", "max_sessions=1", base: [],
            strategy: "disclosure-follow"
        ).given(
            .prices("AAA", 100), .prices("BBB", 100), .prices("CCC", 100),
            .filing("BBB", .buy, on: 0), .filing("AAA", .buy, on: 2), .filing("CCC", .buy, on: 2))
        try scenario.when(2).then(.ordered("AAA"), .ordered("BBB", .exit), .ordered("CCC"))
    }
}
