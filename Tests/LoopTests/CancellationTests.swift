import Events
import LoopKit
import Testing

@Suite("Why an order is cancelled")
struct CancellationTests {
    /// A thousand shares of ACME at 100, all the cash there is, ordered after session 0.
    static let all = SkipTests.spent

    static let rows: [(reason: CancellationReason, scenario: Scenario, shares: Double)] = [
        (.noBar, all.given(.noBar("ACME", in: 1...1), .prices("OTHER", 1)), 1_000),
        (.zeroVolume, all.given(.bar("ACME", in: 1, open: 100, volume: 0)), 1_000),
        // 100,000 buy 990 at 101, and nothing at 100,001.
        (.insufficientCash, all.given(.bar("ACME", in: 1, open: 101)), 10),
        (.insufficientCash, all.given(.bar("ACME", in: 1, open: 100_001)), 1_000),
        // Both apply: the bar is asked first.
        (.zeroVolume, all.given(.bar("ACME", in: 1, open: 100_001, volume: 0)), 1_000),
    ]

    /// What no run of today can record, and why.
    static let unreachable: [(CancellationReason, because: String)] = [
        (.volumeCap, "the cap by volume cuts the size at the decision"),
        (.halted, "the simulated market halts nothing"),
        (.broker, "there is no broker yet"),
        (.person, "nobody cancels an order yet"),
        (.endOfRun, "an order that is open at the end stays open"),
    ]

    @Test("each reason is named for the shares that are not bought", arguments: rows.indices)
    func named(index: Int) throws {
        let row = CancellationTests.rows[index]
        let episode = try row.scenario.when(1)
        episode.then(.cancelled("ACME", row.reason, shares: row.shares))
        if row.shares == 1_000 {
            episode.thenNo(OrderFilled.self)
        } else {
            episode.then(.filled("ACME", shares: 1_000 - row.shares, price: 101))
        }
    }

    @Test("every reason is in the table, or is known never to be named")
    func complete() {
        let tested =
            CancellationTests.rows.map(\.reason) + CancellationTests.unreachable.map { $0.0 }
        for reason in CancellationReason.allCases { #expect(tested.contains(reason), "\(reason)") }
        for (reason, _) in CancellationTests.unreachable {
            #expect(!CancellationTests.rows.contains { $0.reason == reason }, "\(reason)")
        }
    }

    @Test("a cancelled entry is over: it is not filled later, and its ticker is free again")
    func over() throws {
        let scenario = CancellationTests.rows[0].scenario
        try scenario.when(2).thenNo(OrderFilled.self, OrderCancelled.self, OrderSubmitted.self)
        try scenario.given(.purchases("ACME", on: 2, confidence: 75)).when(2).then(
            .ordered("ACME", shares: 1_000))
    }

    @Test("an exit without a bar, or with zero volume, is not cancelled: it fills on the next bar")
    func exitsWait() throws {
        let due = SkipTests.holding.with("timeout_days=1")
        let closed = due.given(.noBar("ACME", in: 3...4), .prices("OTHER", 1))
        try closed.when(3...4).thenNo(OrderFilled.self, OrderCancelled.self)
        try closed.when(5).then(.filled("ACME", .exit, shares: 10, price: 100))
        let quiet = due.given(.bar("ACME", in: 3, open: 90, volume: 0))
        try quiet.when(3).thenNo(OrderFilled.self, OrderCancelled.self)
        try quiet.when(4).then(.filled("ACME", .exit, shares: 10, price: 100))
    }

    @Test("what was filled before a cancellation is held, and its cost is what was paid")
    func partial() throws {
        let cut = CancellationTests.rows[2].scenario.with("timeout_days=1")
        try cut.when(1).then(.filled("ACME", shares: 990, price: 101))
        try cut.when(3).then(.filled("ACME", .exit, shares: 990, price: 100)).then(
            .outcome("ACME", .loss, .timeout, net: 100.0 / 101 - 1))
    }
}
