import Events
import LoopKit
import Market
import Testing

/// value · base · (1 + gain · clamp((c − c_min)/(1 − c_min), 0, 1)) · regime, under every cap.
@Suite("How large an entry is")
struct SizeTests {
    /// ACME at 100 and a purchase after session 0.
    private func entry(_ settings: String..., confidence: Int = 75, price: Double = 100)
        -> Scenario
    {
        settings.reduce(Scenario()) { $0.with($1) }.given(
            .prices("ACME", price), .purchases("ACME", on: 0, confidence: confidence))
    }

    @Test(
        "it grows with confidence from one per cent, up to two a trade",
        arguments: [
            (75, 0.01, 10.0), (80, 0.014, 14), (85, 0.018, 18), (90, 0.02, 20), (95, 0.02, 20),
        ]
    )
    func graded(confidence: Int, fraction: Double, shares: Double) throws {
        // At 99, so that no product of fractions lies at a whole share.
        try entry(confidence: confidence, price: 99).when(0).then(
            .ordered("ACME", shares: shares, fraction: fraction))
    }

    @Test("the cap of a trade binds at its boundary and no sooner")
    func tradeCap() throws {
        // .01 · (1 + 2 · .6) = .022
        let order = entry("max_position=1", confidence: 90)
        try order.with("max_trade=0.022").when(0).then(
            .ordered("ACME", shares: 22, fraction: 0.022))
        try order.with("max_trade=0.0219").when(0).then(
            .ordered("ACME", shares: 21, fraction: 0.0219))
        try order.with("max_trade=0.5").when(0).then(.ordered("ACME", shares: 22, fraction: 0.022))
    }

    @Test("the cap of a position can never be the lower one: such settings are refused")
    func positionCap() throws {
        #expect(throws: (any Error).self) {
            try entry("max_trade=0.06").when(0)
        }
        try entry("max_trade=0.05", "base_size=0.2").when(0).then(
            .ordered("ACME", shares: 50, fraction: 0.05))
    }

    @Test("binary sizing asks for the base, whatever the confidence", arguments: [75, 95])
    func binary(confidence: Int) throws {
        try entry("sizing=binary", confidence: confidence).when(0).then(
            .ordered("ACME", shares: 10, fraction: 0.01))
    }

    @Test("at full confidence and a threshold of one there is no room, and no division by zero")
    func noRoom() throws {
        try entry(
            "queue_threshold=1", "strong_cap=1", "volume_large_bonus=0.5", confidence: 95
        ).when(0).then(.ordered("ACME", shares: 10, fraction: 0.01))
    }

    @Test(
        "one per cent of the deciding bar's volume, cut to whole shares",
        arguments: [(1_000.0, 10.0), (999, 9), (100, 1), (1_000_000, 10)])
    func volumeCap(volume: Double, shares: Double) throws {
        try entry().given(.prices("ACME", 100, volume: volume)).when(0).then(
            .ordered("ACME", shares: shares))
    }

    @Test("of too little volume for a share nothing is bought, unless the cap is off")
    func noVolume() throws {
        let thin = entry().given(.prices("ACME", 100, volume: 99))
        try thin.when(0).then(.skipped("ACME", .sizeBelowOneShare))
        try thin.with("max_volume=0").when(0).then(.ordered("ACME", shares: 10))
    }

    @Test("whole shares are cut, fractions are kept to eight digits")
    func wholeShares() throws {
        try entry(price: 300).when(0).then(.ordered("ACME", shares: 3))
        try entry("fractional_shares=true", price: 300).when(0).then(
            .ordered("ACME", shares: 3.33333333))
        try entry(price: 1_000).when(0).then(.ordered("ACME", shares: 1))
        try entry("fractional_shares=true", price: 1_000.01).when(0).then(
            .ordered("ACME", shares: 0.99999))
    }

    @Test("what orders have reserved is not there for the next; what is left buys what it can")
    func cash() throws {
        // Each wants 600 shares; the second has 40,000 left.
        let two = Scenario("base_size=0.6", "max_trade=1", "max_position=1").given(
            .prices("ACME", 100), .prices("OTHER", 100), .purchases("ACME", on: 0, confidence: 75),
            .purchases("OTHER", on: 0, confidence: 75))
        let episode = try two.when(0)
        episode.then(.ordered("ACME", shares: 600), .ordered("OTHER", shares: 400))
        #expect(
            episode.all(OrderSubmitted.self).map(\.reservedCash)
                == [Money(dollars: 60_000), Money(dollars: 40_000)])
    }

    @Test("slippage and commission are reserved with the price, and paid with the fill")
    func costs() throws {
        let costly = entry(
            "base_size=1", "max_trade=1", "max_position=1", "slippage_bp=10", "commission_bp=20")
        // 100 · 1.001 · 1.002 = 100.3002 a share.
        let order = try costly.when(0).one(OrderSubmitted.self)
        #expect(order.quantity == Quantity(shares: 997))
        #expect(order.reservedCash == Money(dollars: 997 * (100 * 1.001) * 1.002))
        let fill = try costly.when(1).one(OrderFilled.self)
        #expect(fill.quantity == Quantity(shares: 997) && fill.remaining == .zero)
        #expect((fill.price - 100.1).magnitude < 1e-9 && fill.marketPrice == 100)
        #expect(fill.commission == Money(dollars: 997 * 100.1 * 0.002))
        #expect(
            fill.cashChange
                == -(Money(dollars: 997 * fill.price) + fill.commission))
    }

    @Test("dollars a share and an order are reserved and paid; a sale pays its day's fees as well")
    func perOrder() throws {
        let costly = entry(
            "base_size=1", "max_trade=1", "max_position=1", "slippage_bp=0",
            "commission_per_share=0.5", "commission_per_order=100", "regulatory_fees=us",
            "timeout_days=2")
        // (100,000 − 100) / 100.5 is 994.03 shares.
        let order = try costly.when(0).one(OrderSubmitted.self)
        #expect(order.quantity == Quantity(shares: 994))
        #expect(order.reservedCash == Money(dollars: 994 * 100.5 + 100))
        let bought = try costly.when(1).one(OrderFilled.self)
        #expect(bought.quantity == Quantity(shares: 994), "what was decided is what is paid for")
        #expect(bought.commission == Money(dollars: 994 * 0.5 + 100))
        let sold = try #require(
            try costly.when(1...8).all(OrderFilled.self).first { $0.side == .sell })
        let fees = RegulatoryFees.us.dollars(shares: 994, amount: 99_400, on: sold.filledOn)
        #expect(fees > 0)
        #expect(sold.commission == Money(dollars: 994 * 0.5 + 100 + fees))
        #expect(sold.cashChange == Money(dollars: 99_400) - sold.commission)
    }

    @Test("the value that is divided is cash and holdings at their latest closes")
    func value() throws {
        // Ten shares of ACME gain 10,000 dollars: one per cent of 110,000 is 11 shares at 100.
        try entry().given(
            .bar("ACME", in: 1, open: 100, close: 1_100), .prices("OTHER", 100),
            .purchases("OTHER", on: 1, confidence: 75)
        ).when(1).then(.ordered("OTHER", shares: 11))
    }

    @Test("the order carries what its exits will need")
    func carried() throws {
        let order = try Scenario(
            "stop_atr=1.5", "atr_sessions=2", "trailing_stop=0.2", "take_profit=0.3",
            "timeout_days=45"
        ).given(.prices("ACME", 100, spread: 2), .purchases("ACME", on: 2, confidence: 80)).when(2)
            .one(OrderSubmitted.self)
        #expect(order.atr == 4 && order.stopDistance == 6)
        #expect(order.trailingFraction == 0.2 && order.targetFraction == 0.3)
        #expect(order.timeoutDays == 45 && order.referencePrice == 100)
        #expect(order.confidence == 0.8 && order.attempt == 0 && order.timing == .nextOpen)
        let bare = try entry().when(0).one(OrderSubmitted.self)
        #expect(bare.atr == nil && bare.stopDistance == nil)
        #expect(bare.trailingFraction == nil && bare.targetFraction == nil)
    }

    @Test("candidates rank by confidence, then net dollars whatever their sign, then ticker")
    func ranks() throws {
        let episode = try Scenario("max_entries_per_day=3").given(
            .prices("AAA", 100), .prices("BBB", 100), .prices("CCC", 100), .prices("DDD", 100),
            .purchases("CCC", on: 0, confidence: 80), .purchases("AAA", on: 0, confidence: 75),
            .purchases("DDD", on: 0, confidence: 75),
            .filing("BBB", .buy, on: 0, by: "Ann", dollars: 9_000),
            .filing("BBB", .buy, on: 0, by: "Bob", dollars: 9_000)
        ).when(0)
        episode.then(
            .queued("CCC", rank: 1), .queued("BBB", rank: 2), .queued("AAA", rank: 3),
            .queued("DDD", rank: 4))
        episode.then(.ordered("CCC"), .ordered("BBB"), .ordered("AAA"))
        episode.then(.skipped("DDD", .dailyLimit))
    }
}
