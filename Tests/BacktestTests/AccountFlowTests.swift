import Events
import FeedbackLoop
import Market
import Testing

@testable import Backtest

@Suite("Money put in and taken out")
struct AccountFlowTests {
    private let day = Day(year: 2026, month: 3, day: 2)!

    /// The marks of an account: what moved its cash before each session's close.
    private func marks(_ sessions: [[(CashKind, Double)]]) -> [SessionMark] {
        var world = World(
            rules: LoopConfiguration.baseline.marketRules, cash: Money(dollars: 100_000),
            historySessions: 5)
        let envelope = Envelope(knownAt: .epoch, recordedAt: .epoch, actor: .loop)
        let terms = BrokerTerms(name: BrokerTerms.paper, prefix: 1).text
        world.apply(
            ConfigurationChanged(
                envelope: envelope, digest: .zero, scope: .service, name: "service",
                parent: .zero, forkedAt: .own(1), text: Array(terms.utf8)),
            at: 1, EventOrigin.own)
        return sessions.enumerated().map { index, moves in
            for (kind, dollars) in moves {
                world.apply(
                    CashMoved(
                        envelope: envelope, amount: Money(dollars: dollars), day: day + index,
                        kind: kind, activityID: "\(index)"),
                    at: 1, EventOrigin.timeline)
            }
            return SessionMark(day + index, world)
        }
    }

    @Test("a run at a broker begins with the account's cash, not with the configured")
    func opening() throws {
        let marks = marks([[(.opening, 25_000)], [(.interest, 250)], []])
        let flows = try #require(AccountFlows(marks))
        #expect(flows.opening == Money(dollars: 25_000))
        #expect(flows.text == "the account began with 25000.00000000")
        let values = BacktestReport.records(marks).map(\.value.dollars)
        #expect(values == [25_000, 25_250, 25_250])
    }

    @Test("a deposit and a withdrawal are no return, and what is earned on them is")
    func deposit() throws {
        // 1 % on 10,000; 10,000 come and 2 % are earned on 20,100; 5,000 go, and 1 % is lost.
        let marks = marks([
            [(.opening, 10_000)], [(.interest, 100)], [(.deposit, 10_000), (.interest, 402)],
            [(.withdrawal, -5_000), (.fee, -155.02)],
        ])
        let values = BacktestReport.records(marks).map(\.value.dollars)
        let expected = [10_000, 10_100, 10_100 * 1.02, 10_100 * 1.02 * 0.99]
        for (value, wanted) in zip(values, expected) {
            #expect((value - wanted).magnitude < 1e-6, "\(value), not \(wanted)")
        }
        #expect(AccountFlows(marks)?.text.contains("5000.00000000 were put in") == true)
    }

    @Test("at the simulated market there are none, and every value is as it was marked")
    func none() {
        var world = World(
            rules: LoopConfiguration.baseline.marketRules, cash: Money(dollars: 7),
            historySessions: 5)
        world.mark()
        let marks = [SessionMark(day, world)]
        #expect(AccountFlows(marks) == nil)
        #expect(BacktestReport.records(marks).map(\.value) == [Money(dollars: 7)])
    }
}
