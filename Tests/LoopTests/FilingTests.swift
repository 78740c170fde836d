import Events
import LoopKit
import Testing

/// Which filings an evaluation reads, and from when on.
@Suite("Filings within the loop")
struct FilingTests {
    private let market = Scenario("lookback_days=90", "recent_days=30", "emit_threshold=0.1")
        .given(.prices("ACME", 100))

    private func read(_ scenario: Scenario, _ session: Int) throws -> SignalGenerated {
        try scenario.when(session).one(SignalGenerated.self)
    }

    @Test("a filing is read by the cycle of its date, and starts one evaluation")
    func once() throws {
        let scenario = market.given(.filing("ACME", .buy, on: 2))
        try scenario.when(1).thenNo(SignalGenerated.self, SignalSuppressed.self)
        try scenario.when(2).then(.generated("ACME", .strongBuy, confidence: 0.65))
        try scenario.when(3...9).thenNo(SignalGenerated.self, SignalSuppressed.self)
    }

    @Test(
        "a publication delay makes it usable so many days later, and its trade date starts nothing")
    func delay() throws {
        let scenario = market.with("publication_delay_days=2")
            .given(.filing("ACME", .buy, on: 1, daysAgo: 40))
        try scenario.when(1...2).thenNo(SignalGenerated.self, SignalSuppressed.self)
        try scenario.when(3).then(.generated("ACME"))
    }

    @Test("rows that say the same count once, whoever files them")
    func repeats() throws {
        let signal = try read(
            market.given(
                .filing("ACME", .buy, on: 1, row: 7), .filing("ACME", .buy, on: 1, row: 7),
                .filing("ACME", .buy, on: 1, row: 8)), 1)
        #expect(signal.transactions == 2 && signal.buys == 2 && signal.filings.count == 2)
        try market.given(
            .filing("ACME", .buy, on: 1, row: 7), .filing("ACME", .buy, on: 3, row: 7)
        ).when(3).thenNo(SignalGenerated.self, SignalSuppressed.self)
    }

    @Test("counts, sums and dates are those of the rows traded in the look-back")
    func evidence() throws {
        let signal = try read(
            market.given(
                .filing("ACME", .buy, on: 70, by: "Ann", party: .democrat, dollars: 1_000),
                .filing(
                    "ACME", .buy, on: 70, by: "Bob", party: .democrat, dollars: 2_000, daysAgo: 29),
                .filing("ACME", .sell, on: 70, by: "Ann", dollars: 500, daysAgo: 30),
                .filing("ACME", .buy, on: 70, by: "Cid", dollars: 4_000, daysAgo: 89),
                .filing("ACME", .buy, on: 70, by: "Dan", dollars: 8_000, daysAgo: 90)), 70)
        #expect(signal.transactions == 4 && signal.buys == 3 && signal.sells == 1)
        #expect(signal.politicians == 3 && signal.recent == 2)
        #expect(signal.netVolume == 6_500 && signal.totalVolume == 7_500)
        #expect(signal.buySellRatio == 3 && !signal.bipartisan)
        #expect(signal.newestTrade == market.day(70) && signal.closePrice == 100)
        #expect(signal.trigger == .newFiling && signal.day == market.day(70))
    }

    @Test("what counts are strong buys, buys, sells and strong sells by the ratio")
    func kinds() throws {
        func kind(_ buys: Int, _ sells: Int) throws -> SignalKind? {
            let rows =
                (0..<buys).map { _ in Fact.filing("ACME", .buy, on: 1) }
                + (0..<sells).map { _ in Fact.filing("ACME", .sell, on: 1) }
            let episode = try market.given(rows).when(1)
            return episode.all(SignalGenerated.self).first?.kind
        }
        #expect(try kind(3, 1) == .strongBuy)
        #expect(try kind(3, 2) == .buy)
        #expect(try kind(4, 3) == nil, "a hold is suppressed")
        #expect(try kind(2, 3) == .sell)
        #expect(try kind(1, 3) == .strongSell)
        #expect(try kind(11, 1) == .strongBuy)
        #expect(try kind(0, 1) == .strongSell)
    }

    @Test("a band counts for its middle, an open one for its floor, an unknown one for nothing")
    func bands() throws {
        let signal = try read(
            market.given(
                .filing("ACME", .buy, on: 1, band: (1_000, 3_000)),
                .filing("ACME", .buy, on: 1, band: (50_000, nil)),
                .filing("ACME", .buy, on: 1, band: (nil, 9_000))), 1)
        #expect(signal.netVolume == 52_000)
    }

    @Test("both parties make it bipartisan, as rows or a reference file tell them")
    func parties() throws {
        let rows = [
            Fact.filing("ACME", .buy, on: 1, by: "Ann"), .filing("ACME", .buy, on: 1, by: "Bob"),
        ]
        #expect(try read(market.given(rows), 1).bipartisan == false)
        let known = market.given(rows).given(
            .politician("Ann", .democrat), .politician("Bob", .republican))
        #expect(try read(known, 1).bipartisan)
        let independent = market.given(rows).given(
            .politician("Ann", .democrat), .politician("Bob", .independent))
        #expect(try read(independent, 1).bipartisan == false)
        let ownParty = market.given(.politician("Ann", .democrat)).given(
            .filing("ACME", .buy, on: 1, by: "Ann", party: .republican),
            .filing("ACME", .buy, on: 1, by: "Bob", party: .democrat))
        #expect(try read(ownParty, 1).bipartisan, "the row's own party counts before a reference's")
    }

    @Test("an amended filing's rows leave when the amendment is known, and are not there again")
    func amended() throws {
        let scenario = market.given(
            .filing("ACME", .buy, on: 1, id: "F1"), .filing("ACME", .buy, on: 1, id: "F2"),
            .amendment(of: "F1", "ACME", .sell, on: 3))
        let before = try read(scenario, 1)
        #expect(before.buys == 2 && before.sells == 0)
        let after = try scenario.when(3).one(SignalSuppressed.self)
        #expect(after.buys == 1 && after.sells == 1 && after.reason == .hold)
        let late = scenario.given(.filing("ACME", .buy, on: 4, id: "F1"))
        try late.when(4).thenNo(SignalGenerated.self, SignalSuppressed.self)
    }

    @Test("a withdrawn filing's rows leave, and a withdrawal starts no evaluation")
    func withdrawn() throws {
        let scenario = market.given(
            .filing("ACME", .buy, on: 1, id: "F1"), .withdrawal(of: "F1", on: 2),
            .filing("ACME", .sell, on: 4))
        try scenario.when(2...3).thenNo(SignalGenerated.self, SignalSuppressed.self)
        let after = try read(scenario, 4)
        #expect(after.buys == 0 && after.sells == 1)
    }

    @Test(
        "an amendment that names no filing replaces the filer's row of that ticker and trade date")
    func unnamed() throws {
        let rows = market.given(
            .filing("ACME", .buy, on: 1), .filing("ACME", .buy, on: 2),
            .filing("ACME", .buy, on: 1, by: "Bob"))
        let sold = try rows.given(.amendment("ACME", .sell, on: 3, traded: 1)).when(3)
            .all(SignalGenerated.self)
        #expect(sold.map(\.buys) == [2] && sold.map(\.sells) == [1])
        let again = try rows.given(
            .amendment("ACME", .sell, on: 3, traded: 1),
            .amendment("ACME", .buy, on: 4, traded: 1)
        ).when(4).all(SignalGenerated.self)
        #expect(again.map(\.buys) == [3] && again.map(\.sells) == [0], "amendments are amended")
        let strange = try rows.given(.amendment("ACME", .sell, on: 3, traded: 0)).when(3)
            .all(SignalGenerated.self)
        #expect(strange.map(\.buys) == [3] && strange.map(\.sells) == [1], "none to replace")
    }

    @Test("of several such rows it replaces the one of its account and side")
    func closest() throws {
        let both = market.given(
            .filing("ACME", .buy, on: 1), .filing("ACME", .sell, on: 1),
            .amendment("ACME", .buy, on: 3, traded: 1))
        let counted = try both.when(3).one(SignalSuppressed.self)
        #expect(counted.buys == 1 && counted.sells == 1)
        let two = try market.given(
            .filing("ACME", .buy, on: 1), .amendment("ACME", .buy, on: 3, traded: 1),
            .amendment("ACME", .sell, on: 3, traded: 1)
        ).when(3).one(SignalSuppressed.self)
        #expect(two.buys == 1 && two.sells == 1, "rows of one amendment stand beside each other")
    }

    @Test("a withdrawal that names no filing takes the row, and no row of a later day")
    func withdrawnRow() throws {
        let scenario = market.given(
            .filing("ACME", .buy, on: 1), .withdrawal("ACME", .buy, on: 2, traded: 1),
            .filing("ACME", .sell, on: 4))
        let after = try read(scenario, 4)
        #expect(after.buys == 0 && after.sells == 1)
        let early = try read(
            market.given(
                .filing("ACME", .buy, on: 3, daysAgo: 1),
                .withdrawal("ACME", .buy, on: 2, traded: 2)), 3)
        #expect(early.buys == 1)
    }

    @Test("each week all tickers with a recent trade are evaluated, but those of that session")
    func weekly() throws {
        let weekly = market.with("weekly_scoring=true").given(
            .prices("OTHER", 100), .filing("ACME", .buy, on: 1), .filing("OTHER", .buy, on: 4))
        let friday = try weekly.when(4).all(SignalGenerated.self)
        #expect(friday.map(\.ticker) == ["OTHER", "ACME"])
        #expect(friday.map(\.trigger) == [.newFiling, .weekly])
        let next = try weekly.when(9).all(SignalGenerated.self)
        #expect(next.map(\.ticker) == ["ACME", "OTHER"])
        try weekly.when(5...8).thenNo(SignalGenerated.self)
        try weekly.with("weekly_scoring=false").when(9).thenNo(SignalGenerated.self)
        try weekly.with("lookback_days=5").when(9).thenNo(SignalGenerated.self)
    }

    @Test("the weekly pass belongs to the week's last session, a holiday on Friday or not")
    func weekEnds() throws {
        let holiday = Scenario(
            "lookback_days=90", "weekly_scoring=true", holidays: ["2020-01-10"]
        ).given(.prices("ACME", 100), .filing("ACME", .buy, on: 1))
        let thursday = try holiday.when(3).one(SignalGenerated.self)
        #expect(thursday.trigger == .weekly && thursday.day == "2020-01-09")
        #expect(thursday.envelope.recordedAt == "2020-01-11T05:30Z")
    }

    @Test("what was filed before the window is evidence, and starts nothing in it")
    func window() throws {
        let late = Scenario("lookback_days=90", "emit_threshold=0.1", window: 5...9).given(
            .prices("ACME", 100), .filing("ACME", .buy, on: 2), .filing("ACME", .buy, on: 6))
        try late.when(0...4).thenNo(JobStarted.self)
        try late.when(0...5).thenNo(SignalGenerated.self, SignalSuppressed.self)
        #expect(try read(late, 6).transactions == 2)
    }

    @Test("an oracle reads the purchases of those it follows and nothing of anyone else")
    func oracle() throws {
        let followed = Scenario(
            "filers=Ann; Eve", base: [], strategy: "oracle"
        ).given(
            .prices("ACME", 100), .prices("OTHER", 100), .filing("ACME", .buy, on: 1, by: "Eve"),
            .filing("ACME", .sell, on: 1, by: "Ann"), .filing("OTHER", .buy, on: 1, by: "Bob"))
        try followed.when(1).then(.generated("ACME", .strongBuy)).then(.ordered("ACME"))
    }
}
