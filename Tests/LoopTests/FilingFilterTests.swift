import Events
import FeedbackLoop
import LoopKit
import Testing

/// Whom to follow: which filed rows the deciders read.
@Suite("Whose filings are followed")
struct FilingFilterTests {
    private static let follow = "disclosure-follow"

    /// Six tickers, each filed on by somebody else in another way, all on session 1.
    private static let filed: [Fact] = [
        .politician("Ann Lee", .democrat), .committee("Ann Lee", [.energy], through: 2),
        .committee("Bob Ray", [.energy], from: 2),
        .filing("AAA", .buy, on: 1, by: "Ann Lee", dollars: 15_001, chamber: .senate),
        .filing(
            "BBB", .buy, on: 1, by: "Bob Ray", party: .republican, dollars: 1_001, owner: .spouse,
            chamber: .house),
        .filing("CCC", .sell, on: 1, by: "Ann Lee", dollars: 15_001, chamber: .senate),
        .filing("DDD", .buy, on: 1, by: "Cy Poe", band: (nil, nil), owner: .unknown),
        .filing(
            "EEE", .buy, on: 1, by: "Lee, Ann B.", dollars: 50_001, owner: .joint,
            chamber: .senate),
        .filing("FFF", .buy, on: 1, by: "Di Fox", party: .other, dollars: 9, owner: .child),
    ]
    private static let tickers = ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF"]

    private func scenario(_ settings: String, _ strategy: String = "feedback") -> Scenario {
        let plain = strategy == Self.follow ? ["min_confidence=0"] : Scenario.plain
        return Scenario(settings, base: plain, strategy: strategy)
            .given(Self.tickers.map { .prices(Ticker($0)!, 100) }).given(Self.filed)
    }

    /// The tickers that an evaluation thinks of at all.
    private func evaluated(_ scenario: Scenario) throws -> [String] {
        let episode = try scenario.when(1)
        let signals = episode.all(SignalGenerated.self).map(\.ticker)
        return (signals + episode.all(SignalSuppressed.self).map(\.ticker)).map { "\($0)" }.sorted()
    }

    @Test(
        "a setting lets other rows through than it says, or not those",
        arguments: [
            ("follow_members=Ann Lee", ["AAA", "CCC", "EEE"]),
            ("follow_members=Bob Ray; Cy Poe", ["BBB", "DDD"]),
            ("follow_chamber=senate", ["AAA", "CCC", "EEE"]), ("follow_chamber=house", ["BBB"]),
            ("follow_party=democrat", ["AAA", "CCC", "EEE"]),
            ("follow_party=republican", ["BBB"]), ("follow_party=other", ["FFF"]),
            ("follow_committee=HSAG", ["AAA", "CCC", "EEE"]),
            ("follow_committee=HSBA", []), ("follow_owner=self", ["AAA", "CCC"]),
            ("follow_owner=spouse", ["BBB"]), ("follow_owner=joint", ["EEE"]),
            ("follow_owner=child", ["FFF"]),
            ("follow_buys_only=true", ["AAA", "BBB", "DDD", "EEE", "FFF"]),
            ("follow_least_band=15000", ["AAA", "CCC", "EEE"]),
            ("follow_least_band=15001", ["AAA", "CCC", "EEE"]),
            ("follow_least_band=15002", ["EEE"]),
            ("follow_chamber=any", ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF"]),
        ])
    func followed(setting: String, expected: [String]) throws {
        #expect(try evaluated(scenario(setting)) == expected)
        #expect(try evaluated(scenario(setting, "oracle").with("filers=nobody")).isEmpty)
        let buys = try scenario(setting, Self.follow).when(1).all(OrderSubmitted.self)
        #expect(buys.map { "\($0.ticker)" } == expected.filter { $0 != "CCC" })
    }

    @Test("a party or a committee that became known later is read into an earlier row")
    func asKnownThen() throws {
        // The committee's seat of Bob Ray begins a day after his row was filed.
        let early = scenario("follow_committee=HSAG")
        #expect(try !evaluated(early).contains("BBB"))
        let late = Scenario("follow_party=republican")
            .given(.prices("AAA", 100), .filing("AAA", .buy, on: 0, by: "Ann Lee"))
            .given(.filing("AAA", .buy, on: 2, by: "Ann Lee", party: .republican))
        #expect(try late.when(0).all(SignalSuppressed.self).isEmpty)
        #expect(try late.when(0).all(SignalGenerated.self).isEmpty)
        #expect(try evaluations(late.when(2)) == [1])
    }

    /// Rows that each evaluation counted.
    private func evaluations(_ episode: Episode) -> [UInt16] {
        episode.all(SignalGenerated.self).map(\.transactions)
            + episode.all(SignalSuppressed.self).map(\.transactions)
    }

    @Test("an amendment that is not followed leaves the row that it replaces")
    func amended() throws {
        let scenario = Scenario("follow_buys_only=true", "lookback_days=30").given(
            .prices("AAA", 100), .filing("AAA", .buy, on: 0, by: "Ann Lee", id: "F1"),
            .filing("AAA", .buy, on: 1, by: "Bob Ray"),
            .amendment(of: "F1", "AAA", .sell, on: 1, by: "Ann Lee"))
        #expect(try evaluations(scenario.when(0)) == [1])
        #expect(try evaluations(scenario.when(1)) == [1], "Bob's alone: Ann's row is amended")
    }

    @Test("a row that is not followed teaches the trailing scores of its filer")
    func features() throws {
        let whole = Scenario.learning + ["lookback_days=30"]
        func features(_ setting: String, _ facts: [Fact]) throws -> [[Float]] {
            let episode = try Scenario(setting, base: whole).given(.prices("AAA", 100))
                .given(facts).when(0...8)
            return episode.all(SignalSuppressed.self).map { $0.features.map(\.value) }
                + episode.all(SignalGenerated.self).map { $0.features.map(\.value) }
        }
        let mine = [
            Fact.filing("AAA", .sell, on: 0, by: "Ann Lee", dollars: 20_000),
            .filing("AAA", .sell, on: 4, by: "Ann Lee", dollars: 20_000),
        ]
        let others = [
            Fact.filing("AAA", .buy, on: 0, by: "Bob Ray", dollars: 1_000_000),
            .filing("AAA", .sell, on: 4, by: "Bob Ray", dollars: 1_000_000),
        ]
        let alone = try features("follow_members=any", mine)
        let filtered = try features("follow_members=Ann Lee", mine + others)
        let all = try features("follow_members=any", mine + others)
        #expect(!alone.isEmpty && filtered.map(Self.bits) == alone.map(Self.bits))
        #expect(all.map(Self.bits) != alone.map(Self.bits))
    }

    private static func bits(_ features: [Float]) -> [UInt32] { features.map(\.bitPattern) }

    @Test("a value that nothing takes is taken, or refused without what may be meant")
    func refused() throws {
        for (setting, part) in [
            ("follow_chamber=senat", "did you mean senate?"),
            ("follow_party=republicans", "did you mean republican?"),
            ("follow_owner=wife", "is not one of any, self, spouse, child, joint"),
            ("follow_members=", "names nobody"), ("follow_members=Ann: Lee", "names nobody"),
            ("follow_committee=HSAX", "did you mean HSA"),
            ("follow_committee=Judiciary", "write House or Senate before it"),
            ("follow_least_band=-1", "is outside"),
            ("follow_buys_only=yes", "is not true or false"),
            ("follow_member=Ann", "did you mean follow_members?"),
        ] {
            for strategy in ["feedback", "baseline", Self.follow, "oracle"] {
                let error = #expect(throws: (any Error).self) {
                    try scenario(setting, strategy).when(1)
                }
                let text = try "\(#require(error))"
                #expect(text.contains(part), "\(strategy) \(text)")
            }
        }
    }
}
