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

    /// Reasons of exits alone: what is bought is bounded by cash.
    static let ofExits: [CancellationReason] = [.sizeLimit]

    /// What no run at the simulated market can record, and why.
    static let unreachable: [(CancellationReason, because: String)] = [
        (.volumeCap, "the cap by volume cuts the size at the decision"),
        (.halted, "of live runs: HaltTests.cancels"),
        (.broker, "of live runs with a broker: BrokerCaseTests"),
        (.missedWindow, "of live runs with a broker: BrokerRequests"),
        (.untradable, "a broker refuses it, and nobody asks before"),
        (.corporateAction, "of live runs with a broker: BrokerCaseTests.split"),
        (.replaced, "of live runs with a broker: BrokerRunTests"),
        (.gaveUp, "of live runs with a broker: BrokerRunTests.faults"),
        (.expired, "of live runs with a broker: BrokerCaseTests.expired"),
        (.exitDue, "of live runs with a broker: BrokerRunTests"),
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
            CancellationTests.rows.map(\.reason) + CancellationTests.ofExits
            + CancellationTests.unreachable.map { $0.0 }
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

    @Test("an exit for more than a ledger holds is cancelled, stays due, and is tried again")
    func beyondLedger() throws {
        // Ten billion shares at a thousandth of a cent; in sessions 3 and 4 a share is 1e8 dollars.
        let scenario = Scenario(
            "base_size=1", "max_trade=1", "max_position=1", "max_volume=0", "timeout_days=1"
        ).given(
            .prices("ACME") { 3...4 ~= $0 ? 1e8 : 0.000_01 },
            .purchases("ACME", on: 0, confidence: 75))
        let shares = 10_000_000_000.0
        try scenario.when(2).then(.exit("ACME", .timeout))
        try scenario.when(3).then(.cancelled("ACME", .sizeLimit, shares: shares))
            .thenNo(OrderFilled.self)
        try scenario.when(4).then(.cancelled("ACME", .sizeLimit, shares: shares))
        try scenario.when(5).then(.filled("ACME", .exit, shares: shares, price: 0.000_01))
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
