import Events
import LoopKit
import Testing

/// Why an evaluation emits nothing, in the order in which it is asked (Schemas/README.md).
@Suite("Why an evaluation is suppressed")
struct SuppressionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let reason: SuppressionReason
        let scenario: Scenario

        var testDescription: String { "\(reason)" }
    }

    private static func filed(_ settings: String..., facts: [Fact]) -> Scenario {
        settings.reduce(Scenario()) { $0.with($1) }.given(.prices("ACME", 100)).given(facts)
    }

    private static let purchase = Fact.purchases("ACME", on: 0, confidence: 65)
    private static let both = Fact.all([
        .filing("ACME", .buy, on: 0), .filing("ACME", .sell, on: 0),
    ])
    /// A champion that says sell of what the heuristic buys.
    private static let opposed = Scenario(base: Scenario.learning).given(
        .prices("ACME", 100), .champion, .prediction("ACME", on: 0, win: 0.1, loss: 0.8),
        .purchases("ACME", on: 0, confidence: 95))

    static let rows = [
        Row(reason: .tooFewPoliticians, scenario: filed("min_politicians=2", facts: [purchase])),
        Row(reason: .tooFewTransactions, scenario: filed("min_transactions=2", facts: [purchase])),
        Row(reason: .hold, scenario: filed("emit_threshold=0.5", facts: [both])),
        Row(reason: .oppositeDirections, scenario: opposed.with("emit_threshold=0.4")),
        Row(reason: .belowEmitThreshold, scenario: filed("emit_threshold=0.66", facts: [purchase])),
    ]

    /// Two reasons that both apply, of which the first is named. That a hold is opposed cannot be:
    /// it has no direction.
    static let pairs = [
        Row(
            reason: .tooFewPoliticians,  // before tooFewTransactions
            scenario: filed("min_politicians=2", "min_transactions=2", facts: [purchase])),
        Row(
            reason: .tooFewTransactions,  // before hold
            scenario: filed("min_transactions=3", facts: [both])),
        Row(reason: .hold, scenario: filed(facts: [both])),  // before belowEmitThreshold
        Row(
            reason: .oppositeDirections,  // before belowEmitThreshold
            scenario: opposed),
    ]

    @Test("each reason is named where it alone applies", arguments: rows)
    func named(row: Row) throws {
        try row.scenario.when(0).then(.suppressed("ACME", row.reason)).thenNo(
            SignalGenerated.self, SignalQueued.self, OrderSubmitted.self)
    }

    @Test("where two reasons apply the first is named", arguments: pairs)
    func precedence(row: Row) throws {
        try row.scenario.when(0).then(.suppressed("ACME", row.reason))
    }

    @Test("every reason is in the table but noPrice, which no code names")
    func complete() {
        let tested = SuppressionTests.rows.map(\.reason)
        for reason in SuppressionReason.allCases where reason != .noPrice {
            #expect(tested.contains(reason), "\(reason)")
        }
        #expect(!tested.contains(.noPrice))
    }

    @Test("at the threshold a signal is emitted, just under it is not")
    func emitThreshold() throws {
        try SuppressionTests.filed("emit_threshold=0.65", facts: [SuppressionTests.purchase])
            .when(0).then(.generated("ACME", .strongBuy, confidence: 0.65))
    }

    @Test("two filers and two rows are enough where two are asked for")
    func minima() throws {
        try Scenario("min_politicians=2", "min_transactions=2").given(
            .prices("ACME", 100), .purchases("ACME", on: 0, confidence: 75)
        ).when(0).then(.generated("ACME", .strongBuy, confidence: 0.75))
    }

    @Test("halved instead of suppressed, an opposed signal has half the smaller confidence")
    func halved() throws {
        let halved = SuppressionTests.opposed.with("opposition=halve", "emit_threshold=0.4")
        // .5 · min(.95, mapped .8/.9)
        try halved.when(0).then(
            .event(SignalGenerated.self, "half of 8/9") {
                ($0.confidence - 0.4444).magnitude < 1e-9
            })
        try halved.with("emit_threshold=0.45").when(0).then(
            .suppressed("ACME", .belowEmitThreshold))
    }
}
