import Events
import LoopKit
import Testing

/// The index's regime, and what it does to entries.
@Suite("The regime within the loop")
struct RegimeTests {
    struct Market: Sendable, CustomTestStringConvertible {
        let regime: Regime
        let level: @Sendable (Int) -> Double
        /// Of an entry of confidence .80: 1.4 per cent, or half of it; the threshold .75 or .77.
        let isRisky: Bool

        var testDescription: String { "\(regime)" }
    }

    static let session = 70
    /// A level that grows by a fraction each session.
    private static func growth(_ rate: Double) -> @Sendable (Int) -> Double {
        { session in (0..<session).reduce(300) { level, _ in level * (1 + rate) } }
    }

    static let markets = [
        Market(regime: .bull, level: growth(0.004), isRisky: false),
        Market(regime: .bear, level: growth(-0.004), isRisky: true),
        // Up and down by 3 per cent: a volatility of 48 per cent a year.
        Market(regime: .volatile, level: { $0 % 2 == 0 ? 300 : 309 }, isRisky: true),
        Market(regime: .sideways, level: growth(0.0001), isRisky: false),
    ]

    private func scenario(_ market: Market, confidence: Int) -> Scenario {
        Scenario("use_regime=true").given(
            .index(market.level), .prices("ACME", 99),
            .purchases("ACME", on: Self.session, confidence: confidence))
    }

    @Test("each regime is named once, after 60 sessions", arguments: markets)
    func named(market: Market) throws {
        let named = try scenario(market, confidence: 80).when(0...Self.session)
        named.then(.regime(market.regime))
        let event = try named.one(RegimeChanged.self)
        #expect(event.day == scenario(market, confidence: 80).day(60))
        #expect(event.previous == .unknown)
    }

    @Test("size and queue threshold follow the regime", arguments: markets)
    func entries(market: Market) throws {
        let strong = try scenario(market, confidence: 80).when(Self.session)
        let weak = try scenario(market, confidence: 75).when(Self.session)
        if market.isRisky {
            strong.then(.ordered("ACME", shares: 7, fraction: 0.007))
            weak.then(.skipped("ACME", .belowQueueThreshold))
        } else {
            strong.then(.ordered("ACME", shares: 14, fraction: 0.014))
            weak.then(.ordered("ACME", shares: 10, fraction: 0.01))
        }
    }

    @Test("before 60 sessions the regime is unknown, and changes neither")
    func unknown() throws {
        let early = Scenario("use_regime=true").given(
            .index { $0 % 2 == 0 ? 300 : 309 }, .prices("ACME", 100))
        try early.given(.purchases("ACME", on: 59, confidence: 75)).when(59)
            .then(.ordered("ACME", shares: 10, fraction: 0.01)).thenNo(RegimeChanged.self)
        let generated = try early.given(.purchases("ACME", on: 59, confidence: 75)).when(59).one(
            SignalGenerated.self)
        #expect(generated.regime == .unknown)
    }

    @Test("a risky regime's threshold is met exactly at its own value")
    func threshold() throws {
        let risky = scenario(Self.markets[1], confidence: 75)
        try risky.with("risky_regime_threshold=0.0").when(Self.session).then(.ordered("ACME"))
        try risky.with("risky_regime_threshold=0.01").when(Self.session).then(
            .skipped("ACME", .belowQueueThreshold))
        try scenario(Self.markets[1], confidence: 80).with("risky_regime_threshold=0.05")
            .when(Self.session).then(.ordered("ACME"))
    }

    @Test("sales close at the plain queue threshold in every regime")
    func sales() throws {
        try Scenario("use_regime=true").given(
            .index(Self.markets[1].level), .prices("ACME", 100),
            .purchases("ACME", on: Self.session, confidence: 80),
            .sales("ACME", on: Self.session + 2, confidence: 75)
        ).when(Self.session + 2).then(.exit("ACME", .oppositeSignal))
    }

    @Test("switched off, nothing is named and nothing changes")
    func off() throws {
        try scenario(Self.markets[1], confidence: 75).with("use_regime=false")
            .when(0...Self.session).then(.ordered("ACME", shares: 10, fraction: 0.01))
            .thenNo(RegimeChanged.self)
    }

    @Test("what a change says is what the index did: both returns and the volatility")
    func figures() throws {
        let event = try scenario(Self.markets[0], confidence: 80).when(60).one(RegimeChanged.self)
        func near(_ value: Double?, _ expected: Double) -> Bool {
            value.map { ($0 - expected).magnitude < 1e-9 } ?? false
        }
        #expect(near(event.return20, 1.083_114_200_213_62 - 1) || event.return20 != nil)
        let twenty = (0..<20).reduce(1.0) { value, _ in value * 1.004 } - 1
        let sixty = (0..<60).reduce(1.0) { value, _ in value * 1.004 } - 1
        #expect(near(event.return20, twenty) && near(event.return60, sixty))
        #expect(near(event.volatility20, 0))
    }
}
