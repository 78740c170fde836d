import Events
import LoopKit
import Testing

/// Why a signal becomes no order, in the order in which it is asked (Schemas/README.md).
@Suite("Why a signal is skipped")
struct SkipTests {
    /// A market in which each reason arises, and the session and ticker that it is named for.
    struct Row: Sendable, CustomTestStringConvertible {
        let reason: SkipReason
        let scenario: Scenario
        let session: Int
        var ticker: Ticker = "ACME"

        var testDescription: String { "\(reason) of \(ticker) after session \(session)" }
    }

    /// A buy of ACME after session 0, held from session 1 on.
    static let holding = Scenario()
        .given(.prices("ACME", 100), .purchases("ACME", on: 0, confidence: 75))
    /// The same, stopped out in session 2.
    static let stoppedOut = holding.with("trailing_stop=0.05")
        .given(.bar("ACME", in: 2, open: 90), .prices("ACME", 90, in: 3...))

    static let rows = [
        Row(
            reason: .belowQueueThreshold,
            scenario: Scenario()
                .given(.prices("ACME", 100), .purchases("ACME", on: 1, confidence: 70)),
            session: 1),
        Row(
            reason: .sellWithoutHolding,
            scenario: Scenario()
                .given(.prices("ACME", 100), .sales("ACME", on: 1, confidence: 75)), session: 1),
        Row(
            reason: .exitPending,
            scenario: holding.with("timeout_days=1")
                .given(.sales("ACME", on: 2, confidence: 75)), session: 2),
        Row(
            reason: .alreadyHeld,
            scenario: holding.given(.purchases("ACME", on: 1, confidence: 75)), session: 1),
        Row(
            reason: .cooldown,
            scenario: stoppedOut.given(.purchases("ACME", on: 3, confidence: 75)), session: 3),
        Row(
            reason: .noPrice,
            scenario: Scenario()
                .given(.prices("OTHER", 100), .purchases("ACME", on: 1, confidence: 75)),
            session: 1),
        Row(
            reason: .noPrice,
            scenario: Scenario().given(
                .prices("ACME", 100), .noBar("ACME", in: 1...1), .prices("OTHER", 100),
                .purchases("ACME", on: 1, confidence: 75)), session: 1),
        Row(
            reason: .noATR,
            scenario: Scenario("stop_atr=1.5", "atr_sessions=3")
                .given(.prices("ACME", 100), .purchases("ACME", on: 2, confidence: 75)),
            session: 2),
        Row(
            reason: .lowConfidenceWhenFull,
            scenario: holding.with("crowded_positions=1", "crowded_confidence=0.8")
                .given(.prices("OTHER", 100), .purchases("OTHER", on: 1, confidence: 75)),
            session: 1, ticker: "OTHER"),
        Row(
            reason: .positionLimit,
            scenario: holding.with("max_positions=1")
                .given(.prices("OTHER", 100), .purchases("OTHER", on: 1, confidence: 75)),
            session: 1, ticker: "OTHER"),
        Row(
            reason: .dailyLimit,
            scenario: holding.with("max_entries_per_day=1")
                .given(.prices("OTHER", 100), .purchases("OTHER", on: 0, confidence: 75)),
            session: 0, ticker: "OTHER"),
        Row(
            reason: .sizeBelowOneShare,
            scenario: Scenario()
                .given(.prices("ACME", 1_000.01), .purchases("ACME", on: 0, confidence: 75)),
            session: 0),
        Row(
            reason: .sizeLimit,  // 100,000 dollars buy 11 billion shares
            scenario: Scenario("base_size=1", "max_trade=1", "max_position=1", "max_volume=0")
                .given(.prices("ACME", 0.000_009), .purchases("ACME", on: 0, confidence: 75)),
            session: 0),
        Row(
            reason: .insufficientCash,
            scenario: spent.given(
                .prices("OTHER", 100), .purchases("OTHER", on: 0, confidence: 75)),
            session: 0, ticker: "OTHER"),
    ]

    /// One entry takes all the cash.
    static let spent = holding.with("base_size=1", "max_trade=1", "max_position=1")

    /// What no run of today can record, and why.
    static let unreachable: [(SkipReason, because: String)] = [
        (.expired, "each queued signal becomes an order or is skipped in its own cycle"),
        (
            .orderPending,
            "an entry is filled or cancelled at the next open, before another cycle; an exit's "
                + "order that waits for a bar has its holding, which is asked first"
        ),
        (.entriesHalted, "nothing halts entries yet"),
        (.volumeCap, "the cap by volume cuts the size, and under one share that is the reason"),
    ]

    @Test("each reason is named where it alone applies", arguments: rows)
    func named(row: Row) throws {
        try row.scenario.when(row.session).then(
            .skipped(row.ticker, row.reason))
    }

    @Test("every reason is in the table, or is known never to be named")
    func complete() {
        let tested = SkipTests.rows.map(\.reason) + SkipTests.unreachable.map { $0.0 }
        for reason in SkipReason.allCases {
            #expect(tested.contains(reason), "\(reason) is neither tested nor unreachable")
        }
        for (reason, _) in SkipTests.unreachable {
            #expect(!SkipTests.rows.contains { $0.reason == reason }, "\(reason) is reachable")
        }
    }

    @Test("a skipped signal submits nothing", arguments: rows)
    func nothing(row: Row) throws {
        let episode = try row.scenario.when(row.session)
        let skipped = try episode.one(SignalSkipped.self)
        #expect(!episode.all(OrderSubmitted.self).contains { $0.signal == skipped.signal })
        #expect(skipped.envelope.causation == skipped.signal)
    }

    /// Two reasons that both apply, of which the first is named.
    static let pairs = [
        Row(
            reason: .belowQueueThreshold,  // before sellWithoutHolding
            scenario: Scenario()
                .given(.prices("ACME", 100), .sales("ACME", on: 1, confidence: 70)), session: 1),
        Row(
            reason: .belowQueueThreshold,  // before exitPending
            scenario: holding.with("timeout_days=1")
                .given(.sales("ACME", on: 2, confidence: 70)), session: 2),
        Row(
            reason: .belowQueueThreshold,  // before alreadyHeld
            scenario: holding.given(.purchases("ACME", on: 1, confidence: 70)), session: 1),
        Row(
            reason: .alreadyHeld,  // before orderPending: the exit's order waits for a bar
            scenario: holding.with("timeout_days=1").given(
                .noBar("ACME", in: 3...3), .prices("OTHER", 1),
                .purchases("ACME", on: 3, confidence: 75)),
            session: 3),
        Row(
            reason: .alreadyHeld,  // before noPrice
            scenario: holding.given(
                .noBar("ACME", in: 3...3), .prices("OTHER", 1),
                .purchases("ACME", on: 3, confidence: 75)), session: 3),
        Row(
            reason: .cooldown,  // before noPrice
            scenario: stoppedOut.given(
                .noBar("ACME", in: 3...3), .prices("OTHER", 1),
                .purchases("ACME", on: 3, confidence: 75)), session: 3),
        Row(
            reason: .noPrice,  // before noATR
            scenario: Scenario("stop_atr=1.5", "atr_sessions=3").given(
                .prices("ACME", 100), .noBar("ACME", in: 1...1), .prices("OTHER", 1),
                .purchases("ACME", on: 1, confidence: 75)), session: 1),
        Row(
            reason: .noATR,  // before lowConfidenceWhenFull
            scenario: Scenario(
                "stop_atr=1.5", "atr_sessions=3", "crowded_positions=0", "crowded_confidence=0.8"
            ).given(.prices("ACME", 100), .purchases("ACME", on: 1, confidence: 75)), session: 1),
        Row(
            reason: .lowConfidenceWhenFull,  // before positionLimit
            scenario: holding.with(
                "crowded_positions=1", "crowded_confidence=0.8", "max_positions=1"
            ).given(.prices("OTHER", 100), .purchases("OTHER", on: 1, confidence: 75)),
            session: 1, ticker: "OTHER"),
        Row(
            reason: .positionLimit,  // before dailyLimit
            scenario: holding.with("max_positions=1", "max_entries_per_day=1")
                .given(.prices("OTHER", 100), .purchases("OTHER", on: 0, confidence: 75)),
            session: 0, ticker: "OTHER"),
        Row(
            reason: .dailyLimit,  // before sizeBelowOneShare
            scenario: holding.with("max_entries_per_day=1")
                .given(.prices("OTHER", 2_000), .purchases("OTHER", on: 0, confidence: 75)),
            session: 0, ticker: "OTHER"),
        Row(
            reason: .sizeBelowOneShare,  // before insufficientCash
            scenario: spent.given(
                .prices("OTHER", 100_001), .purchases("OTHER", on: 0, confidence: 75)),
            session: 0, ticker: "OTHER"),
    ]

    @Test("where two reasons apply the first is named", arguments: pairs)
    func precedence(row: Row) throws {
        try row.scenario.when(row.session).then(.skipped(row.ticker, row.reason))
    }
}

/// The limits of the portfolio on both sides of their boundaries.
@Suite("Limits of the portfolio")
struct LimitTests {
    @Test("after a stop a ticker is refused for ten sessions, and bought again in the tenth")
    func cooldown() throws {
        for (session, isRefused) in [(3, true), (11, true), (12, false)] {
            let episode = try SkipTests.stoppedOut
                .given(.purchases("ACME", on: session, confidence: 75)).when(session)
            if isRefused {
                episode.then(.skipped("ACME", .cooldown))
            } else {
                episode.then(.ordered("ACME"))
            }
        }
    }

    @Test("other exits have no cooldown, and 0 sessions are none after a stop")
    func noCooldown() throws {
        try SkipTests.holding.with("timeout_days=1")
            .given(.purchases("ACME", on: 3, confidence: 75)).when(3).then(.ordered("ACME"))
        try SkipTests.stoppedOut.with("cooldown_sessions=0")
            .given(.purchases("ACME", on: 2, confidence: 75)).when(2).then(.ordered("ACME"))
    }

    /// Fifteen tickers, bought five a day after sessions 0, 1 and 2.
    private func crowd(_ count: Int) -> [Fact] {
        (0..<count).flatMap { number -> [Fact] in
            let ticker = Ticker("T\(number)")!
            return [
                .prices(ticker, 100), .purchases(ticker, on: number / 5, confidence: 75),
            ]
        }
    }

    @Test("with 15 open and the threshold lowered an entry needs .70; with 14 it does not")
    func crowded() throws {
        let lowered = Scenario("emit_threshold=0.65", "queue_threshold=0.65")
            .given(.prices("ACME", 100))
        try lowered.given(crowd(15)).given(.purchases("ACME", on: 3, confidence: 65)).when(3)
            .then(.skipped("ACME", .lowConfidenceWhenFull))
        try lowered.given(crowd(15)).given(.purchases("ACME", on: 3, confidence: 70)).when(3)
            .then(.ordered("ACME"))
        try lowered.given(crowd(14)).given(.purchases("ACME", on: 3, confidence: 65)).when(3)
            .then(.ordered("ACME"))
    }

    @Test("pending entries are open positions too: of 15 the last asks for .70 in the same cycle")
    func pending() throws {
        let lowered = Scenario(
            "emit_threshold=0.65", "queue_threshold=0.65", "max_entries_per_day=16"
        ).given(.prices("ZZZ", 100), .purchases("ZZZ", on: 0, confidence: 65))
        let crowd = (0..<15).flatMap { number -> [Fact] in
            let ticker = Ticker("T\(number)")!
            return [.prices(ticker, 100), .purchases(ticker, on: 0, confidence: 75)]
        }
        try lowered.given(crowd).when(0).then(.skipped("ZZZ", .lowConfidenceWhenFull))
    }

    @Test("the twentieth position is opened, the twenty-first is not")
    func positions() throws {
        let twenty = (0..<20).flatMap { number -> [Fact] in
            let ticker = Ticker("T\(number)")!
            return [.prices(ticker, 100), .purchases(ticker, on: number / 5, confidence: 75)]
        }
        let scenario = Scenario().given(.prices("ACME", 100))
        try scenario.given(twenty).given(.purchases("ACME", on: 4, confidence: 75)).when(4)
            .then(.skipped("ACME", .positionLimit))
        try scenario.given(Array(twenty.dropLast(2)))
            .given(.purchases("ACME", on: 4, confidence: 75)).when(4).then(.ordered("ACME"))
    }

    @Test("five entries a day: the sixth by rank waits for none, the next day counts anew")
    func daily() throws {
        let six = (0..<6).flatMap { number -> [Fact] in
            let ticker = Ticker("T\(number)")!
            return [.prices(ticker, 100), .purchases(ticker, on: 0, confidence: 75)]
        }
        let scenario = Scenario().given(six)
        let day = try scenario.when(0)
        #expect(day.all(OrderSubmitted.self).count == 5)
        day.then(.skipped("T5", .dailyLimit))
        try scenario.given(.purchases("T5", on: 1, confidence: 75)).when(1).then(.ordered("T5"))
    }

    @Test("exits take nothing of the day's count")
    func exitsAreFree() throws {
        try SkipTests.holding.with("max_entries_per_day=1", "timeout_days=1").given(
            .prices("OTHER", 100), .purchases("OTHER", on: 2, confidence: 75)
        ).when(2).then(.ordered("ACME", .exit), .ordered("OTHER"))
    }
}
