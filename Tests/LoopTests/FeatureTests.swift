import Events
import Learning
import LoopKit
import Testing

/// What an evaluation stores of the filings, their filers and the market, by hand.
@Suite("Features within the loop")
struct FeatureTests {
    private func value(_ name: String, _ signal: SignalGenerated) throws -> Double {
        let place = try #require(FeatureCatalogue.features.firstIndex { $0.name == name })
        return Double(signal.features[place].value)
    }

    private func expect(
        _ expected: [(String, Double)], of signal: SignalGenerated,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for (name, number) in expected {
            let found = try value(name, signal)
            let isEqual =
                number.isNaN
                ? found.isNaN : (found - number).magnitude <= max(number.magnitude, 1) * 1e-6
            #expect(isEqual, "\(name) \(found)", sourceLocation: sourceLocation)
        }
    }

    private let market = Scenario(
        "lookback_days=90", "emit_threshold=0.1", base: Scenario.learning)

    @Test("counts, sums, parties, delays and clusters of the rows that counted")
    func filings() throws {
        let signal = try market.given(
            .prices("ACME", 100),
            .filing("ACME", .buy, on: 10, by: "Ann", party: .democrat, dollars: 5_000, daysAgo: 2),
            .filing("ACME", .buy, on: 10, by: "Bob", party: .democrat, dollars: 2_000, daysAgo: 8),
            .filing(
                "ACME", .buy, on: 10, by: "Cid", party: .republican, dollars: 1_000, daysAgo: 9),
            .filing("ACME", .sell, on: 10, by: "Ann", dollars: 500, daysAgo: 40),
            .filing("ACME", .buy, on: 10, by: "Dan", dollars: 9_000, daysAgo: 91)
        ).when(10).one(SignalGenerated.self)
        try expect(
            [
                ("politician_count", 3), ("buy_sell_ratio", 3), ("recent_activity_30d", 3),
                ("bipartisan", 1), ("net_volume", 7_500), ("volume_magnitude", 8.922_791_59),
                ("party_alignment", 1.0 / 3), ("disclosure_delay", 59.0 / 4),
                ("committee_relevance", .nan), ("clustering_count", 2),
                ("disclosure_recency_days", 0),
            ], of: signal)
    }

    @Test("filers whose trades lie within seven days are a cluster; a person is counted once")
    func clusters() throws {
        func cluster(_ rows: [(String, Int)]) throws -> Double {
            let facts = rows.map { Fact.filing("ACME", .buy, on: 10, by: $0.0, daysAgo: $0.1) }
            let signal = try market.given(.prices("ACME", 100)).given(facts).when(10)
                .one(SignalGenerated.self)
            return try value("clustering_count", signal)
        }
        #expect(try cluster([("Ann", 0), ("Bob", 6)]) == 2)
        #expect(try cluster([("Ann", 0), ("Bob", 7)]) == 1)
        #expect(try cluster([("Ann", 0), ("Ann", 3), ("Ann", 6)]) == 1)
        #expect(try cluster([("Ann", 0), ("Bob", 6), ("Cid", 12), ("Dan", 9)]) == 3)
    }

    /// `committee_relevance` of rows filed on sessions 8 to 10, a person each.
    private func relevance(_ filers: [String], _ facts: [Fact]) throws -> Double {
        let rows = filers.enumerated().map {
            Fact.filing("ACME", .buy, on: 8 + $0.offset, by: $0.element)
        }
        let signal = try market.given(.prices("ACME", 100)).given(rows + facts)
            .when(7 + filers.count).one(SignalGenerated.self)
        return try value("committee_relevance", signal)
    }

    @Test("the share of rows whose filer oversaw the sector is not that of the day of filing")
    func committees() throws {
        let sector = Fact.sector("ACME", "Energy")
        let ann = Fact.committee("Ann", [.energy, .utilities])
        let bob = Fact.committee("Bob", [.materials])
        #expect(
            try relevance(["Ann", "Bob", "Cid"], [sector, ann, bob]) == Double(Float(1.0 / 3)))
        #expect(try relevance(["ANN", "Ann"], [sector, ann]) == 1)
        #expect(try relevance(["Bob", "Bob"], [sector, ann, bob]) == 0)
        // Before, in and after the seat's days, which are filed on: sessions 8, 9 and 10.
        let seat = Fact.committee("Ann", [.energy], from: 9, through: 9)
        #expect(try relevance(["Ann"], [sector, seat]) == 0)
        #expect(try relevance(["Bob", "Ann"], [sector, seat]) == 0.5)
        #expect(try relevance(["Bob", "Bob", "Ann"], [sector, seat]) == 0)
        // A seat that becomes known after the evaluation is not read by it.
        let later = Fact.committee("Ann", [.energy], on: 10, from: 9)
        #expect(try relevance(["Bob", "Ann"], [sector, bob, later]) == 0)
    }

    @Test("relevance is said where the sector, or every filer's committees, are unknown")
    func unknownCommittees() throws {
        let sector = Fact.sector("ACME", "Energy")
        let ann = Fact.committee("Ann", [.energy])
        #expect(try relevance(["Ann"], [sector]).isNaN)
        #expect(try relevance(["Ann"], [ann]).isNaN)
        #expect(try relevance(["Bob"], [sector, ann]).isNaN)
        #expect(try relevance(["Ann"], [.sector("ACME", "Widgets"), ann]).isNaN)
    }

    @Test("facts of committees change what a run without a sector or such a filer decides")
    func noOthers() throws {
        let facts: [Fact] = [
            .prices("ACME", 100), .filing("ACME", .buy, on: 3, by: "Ann"),
            .filing("ACME", .sell, on: 5, by: "Bob"), .sector("ACME", "Energy"),
        ]
        func bytes(_ facts: [Fact]) throws -> [[Float]] {
            try market.given(facts).when(0...6).all(SignalGenerated.self).map {
                $0.features.map(\.value)
            }
        }
        let (without, with) = (
            try bytes(facts), try bytes(facts + [.committee("Zoe", [.energy])])
        )
        #expect(!without.isEmpty && without.count == with.count)
        for (one, other) in zip(without, with) {
            #expect(one.map(\.bitPattern) == other.map(\.bitPattern))
        }
    }

    @Test("the mean of no parties, and of what no filing says, is not known")
    func unknown() throws {
        let signal = try market.given(.prices("ACME", 100), .filing("ACME", .buy, on: 1)).when(1)
            .one(SignalGenerated.self)
        try expect(
            [
                ("party_alignment", .nan), ("politician_trailing_score", .nan),
                ("skilled_net_buying", .nan), ("skilled_flow", .nan), ("vix_level", .nan),
                ("sector_performance", .nan), ("market_momentum", .nan), ("market_breadth", .nan),
            ], of: signal)
    }

    @Test("a ticker of which every row is too old has counts of zero, and no ratio or delay")
    func tooOld() throws {
        let event = try market.given(
            .prices("ACME", 100), .filing("ACME", .buy, on: 10, daysAgo: 91)
        ).when(10).one(SignalSuppressed.self)
        #expect(event.reason == .tooFewPoliticians)
        for (name, number) in [
            ("politician_count", 0), ("recent_activity_30d", 0), ("buy_sell_ratio", Float.nan),
            ("disclosure_delay", .nan), ("clustering_count", 0),
            ("disclosure_recency_days", .nan),
        ] {
            let place = try #require(FeatureCatalogue.features.firstIndex { $0.name == name })
            let found = event.features[place].value
            #expect(number.isNaN ? found.isNaN : found == number, "\(name) \(found)")
        }
    }

    /// Ann was right to buy after session 1, Bob was wrong; known from the close of session 4 on.
    private func judged(_ rows: Fact...) throws -> SignalGenerated {
        try market.with("timeout_days=1", "label_return=net").given(
            .prices("RISE") { $0 < 4 ? 100 : 110 }, .prices("FALL") { $0 < 4 ? 100 : 90 },
            .prices("NEXT", 100), .filing("RISE", .buy, on: 1, by: "Ann"),
            .filing("FALL", .buy, on: 1, by: "Bob")
        ).given(rows).when(5).one(SignalGenerated.self)
    }

    @Test("how often a filer was right, shrunk to how often all were")
    func trailingScore() throws {
        let cases: [(Fact, Double)] = [
            (.filing("NEXT", .buy, on: 5, by: "Ann"), (1 + 10 * 0.5) / 11),
            (.filing("NEXT", .buy, on: 5, by: "Bob"), (0 + 10 * 0.5) / 11),
            // The next number after those that are known.
            (.filing("NEXT", .buy, on: 5, by: "Cid"), 0.5),
            (
                .all([
                    .filing("NEXT", .buy, on: 5, by: "Ann"),
                    .filing("NEXT", .buy, on: 5, by: "Bob"),
                ]), 0.5
            ),
        ]
        for (rows, score) in cases {
            try expect([("politician_trailing_score", score)], of: try judged(rows))
        }
    }

    @Test("which way those went who were right more often than others, three rows at most")
    func skilledNetBuying() throws {
        // Half of all purchases were right; Ann was right half a filing more than that, over 11.
        let excess = 0.5 / 11
        func rows(_ side: TradeSide, _ count: Int, by filer: String = "Ann") -> Fact {
            .all((0..<count).map { _ in .filing("NEXT", side, on: 5, by: filer) })
        }
        for (rows, flow) in [
            (rows(.buy, 1), excess), (rows(.sell, 2), -2 * excess), (rows(.buy, 5), 3 * excess),
            (rows(.sell, 5), -3 * excess), (rows(.buy, 1, by: "Bob"), 0),
            (rows(.buy, 1, by: "Cid"), 0),
        ] { try expect([("skilled_net_buying", flow)], of: try judged(rows)) }
    }

    /// Ann's purchase of RISE after session 1 ends at the open of session 11, ten per cent higher:
    /// five average true ranges of 2.
    private func held(gain: Double = 0.1, spread: Double = 1, _ rows: Fact...) throws
        -> SignalGenerated
    {
        try market.with("timeout_days=10", "atr_sessions=1").given(
            .prices("RISE", spread: spread) { $0 < 10 ? 100 : 100 * (1 + gain) },
            .prices("NEXT", 100), .filing("RISE", .buy, on: 1, by: "Ann"), .index { _ in 300 }
        ).given(rows).when(12).one(SignalGenerated.self)
    }

    @Test("which way those go after whose filings prices went their way, the older the less")
    func skilledFlow() throws {
        let purchase = Fact.filing("NEXT", .buy, on: 12, by: "Ann")
        let sale = Fact.filing("NEXT", .sell, on: 12, by: "Ann")
        // Filed six days before: .4 of it is left.
        let older = Fact.all([
            .filing("NEXT", .buy, on: 8, by: "Ann"), .filing("NEXT", .buy, on: 12, by: "Cid"),
        ])
        // Filed ten days before, and nine.
        let oldest = Fact.all([
            .filing("NEXT", .buy, on: 4, by: "Ann", row: 1),
            .filing("NEXT", .buy, on: 12, by: "Cid", row: 2),
        ])
        for (rows, flow) in [
            (purchase, 5.0 / 31), (sale, -5.0 / 31), (older, 0.4 * 5 / 31), (oldest, 0),
            (.all([purchase, purchase]), 5.0 / 31), (.all([purchase, purchase, sale]), 0),
        ] { try expect([("skilled_flow", flow)], of: try held(rows)) }
        // Sixteen ranges at most; and none below zero.
        try expect([("skilled_flow", 16.0 / 31)], of: try held(gain: 0.5, purchase))
        try expect([("skilled_flow", 0)], of: try held(gain: -0.1, purchase))
        // Without a range nothing measures the trade.
        try expect([("skilled_flow", .nan)], of: try held(spread: 0, purchase))
    }

    @Test("the volatility index, the index and the share of tickers above their mean")
    func world() throws {
        let rising = Scenario(
            "lookback_days=90", "emit_threshold=0.1", "feature_history_sessions=60",
            base: Scenario.learning
        ).given(
            .prices("ACME") { 100 + Double($0) }, .prices("FALL") { 200 - Double($0) },
            .prices("SOME") { 100 + Double($0) }, .noBar("SOME", in: 61...61),
            .index { 300 + Double($0) }, .index(series: .volatility) { 10 + Double($0) },
            .filing("ACME", .buy, on: 61))
        let signal = try rising.when(61).one(SignalGenerated.self)
        try expect(
            [
                ("vix_level", 71), ("market_return_20d", 361.0 / 341 - 1),
                ("market_momentum", 361.0 / 301 - 1), ("market_breadth", 0.5),
                ("return_20", 161.0 / 141 - 1),
            ], of: signal)
    }

    @Test("a sector's return is the mean of its tickers that trade and are known long enough")
    func sectors() throws {
        let rising = Scenario(
            "lookback_days=90", "emit_threshold=0.1", "feature_history_sessions=20",
            base: Scenario.learning
        ).given(
            .prices("ACME") { 100 + Double($0) }, .prices("FALL") { 200 - Double($0) },
            .prices("GONE", 100), .noBar("GONE", in: 25...25), .prices("LATE", 50, in: 20...),
            .prices("ELSE") { 100 + 2 * Double($0) }, .filing("ACME", .buy, on: 25),
            .sector("ACME", "Tools"), .sector("FALL", "Tools"), .sector("GONE", "Tools"),
            .sector("LATE", "Tools"), .sector("ELSE", "Food"), .sector("NONE", "Tools"))
        func performance(_ scenario: Scenario) throws -> SignalGenerated {
            try scenario.when(25).one(SignalGenerated.self)
        }
        let (up, down) = (125.0 / 105 - 1, 175.0 / 195 - 1)
        try expect([("sector_performance", (up + down) / 2)], of: try performance(rising))
        // Moved to another sector the ticker is measured with that one, and the first without it.
        let moved = rising.given(.sector("ACME", "Food", on: 3))
        let food = 150.0 / 110 - 1
        try expect([("sector_performance", (up + food) / 2)], of: try performance(moved))
        let left = rising.given(.sector("FALL", "Food", on: 3))
        try expect([("sector_performance", up)], of: try performance(left))
    }
}
