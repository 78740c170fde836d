import Events
import Testing

@testable import Backtest

@Suite("Results by group")
struct AttributionTests {
    private func entry(
        _ ticker: String, profit: Double, confidence: Double? = 0.8, filings: [UInt64] = []
    ) -> RunEntry {
        let day = Day(year: 2020, month: 3, day: 2)!
        let order = OrderSubmitted(
            envelope: Envelope(knownAt: .epoch, recordedAt: .epoch, actor: .loop),
            signal: .none, holding: .none, trigger: .none, quantity: Quantity(shares: 1),
            referencePrice: 100, reservedCash: .zero, calibration: .none, day: day,
            timeoutDays: 0, attempt: 0, ticker: Ticker(ticker)!, side: .buy, leg: .entry,
            orderType: .market, timing: .nextOpen)
        let outcome = OutcomeRecorded(
            envelope: order.envelope, entryOrder: .own(1), exitFill: .own(2), signal: .none,
            quantity: Quantity(shares: 1), entryPrice: 100, exitPrice: 100 + profit,
            netReturn: profit / 100, returnDollars: Money(dollars: profit),
            indexReturn: 0.01, excessReturn: profit / 100 - 0.01, entryDay: day,
            exitDay: day + 1, ticker: Ticker(ticker)!, holdingDays: 1, holdingSessions: 1,
            featureSchema: 0, outcome: profit > 0.5 ? .win : .loss, direction: .long, source: .loop,
            reason: .timeout)
        return RunEntry(
            order: order, price: 100, quantity: Quantity(shares: 1), cost: 100, day: day,
            timing: .nextOpen,
            signal: confidence.map { RunEntry.Signal(confidence: $0, regime: .bull, filings: []) },
            filings: filings, outcome: outcome)
    }

    @Test("a trade is split equally over its purchases; its sales get nothing")
    func split() throws {
        var facts = TimelineFacts()
        let monday = SmallFacts.weekday(0)
        let rows: [(String, TradeSide, String)] = [
            ("A", .buy, "Ann"), ("A", .buy, "Bob"), ("A", .sell, "Cid"), ("A", .buy, "Ann"),
            ("B", .buy, "Bob"),
        ]
        for (number, row) in rows.enumerated() {
            let message = SmallFacts.filing(
                number, (row.0, row.1, row.2, monday - 30 * (number + 1), monday))
            try facts.take(message.span.bytes, at: UInt64(number + 1))
        }
        let entries = [
            entry("A", profit: 30, filings: [1, 2, 3, 4]), entry("B", profit: -10, filings: [5]),
            entry("C", profit: 5, filings: [3]),
        ]
        let all = Attribution.all(entries, facts)
        let filers = try #require(all.first { $0.title == "Filer" })
        #expect(filers.groups.map(\.name) == ["Bob", "Ann", "Unknown"])
        let (bob, ann) = (filers.groups[0].all, filers.groups[1].all)
        #expect(agrees(ann.trades, 2.0 / 3) && agrees(ann.profit, 20))
        #expect(agrees(bob.trades, 4.0 / 3) && agrees(bob.profit, 0))
        #expect(agrees(bob.winRate, 0.25))
        #expect(agrees(bob.meanReturn, (0.3 / 3 - 0.1) / (4.0 / 3)))
        #expect(agrees(bob.meanExcess, (0.29 / 3 - 0.11) / (4.0 / 3)))
        let lags = try #require(all.first { $0.title.hasPrefix("Lag") })
        #expect(
            lags.groups.map(\.name) == [
                "16 to 30 days", "46 to 60 days (late)", "over 60 days (late)", "Unknown",
            ])
        #expect(lags.isSplit && !all[0].isSplit)
        #expect(agrees(all[0].groups[0].all.profit, 25))
        let parts = filers.groups.reduce(0) { $0 + $1.all.profit }
        #expect(agrees(parts, 25))
    }

    @Test("without the best five parts the rest remains, nothing of a group of five")
    func withoutBest() throws {
        let entries = [9, 1, 7, 3, 5, 8, -2].map { entry("A", profit: $0) }
        let all = Attribution("All", entries) { _ in [("all", 0, 1)] }.groups[0]
        #expect(agrees(all.all.profit, 31))
        #expect(agrees(all.withoutBest.profit, -1))
        #expect(all.withoutBest.trades == 2)
        let five = Attribution("All", Array(entries.prefix(5))) { _ in [("all", 0, 1)] }.groups[0]
        #expect(five.withoutBest.trades == 0 && five.withoutBest.meanReturn == nil)
    }

    @Test("equal confidences share a decile, and every trade has one")
    func deciles() throws {
        let values = [0.75, 0.75, 0.75, 0.75, 0.8, 0.85, 0.85, 0.9, 0.95, 0.95]
        let entries = values.map { entry("A", profit: 1, confidence: $0) }
        let groups = try #require(
            Attribution.all(entries, TimelineFacts()).first { $0.title == "Confidence decile" }
        ).groups
        #expect(groups.map(\.name) == ["3: 0.75", "5: 0.80", "7: 0.85", "8: 0.90", "10: 0.95"])
        #expect(groups.map(\.all.trades) == [4, 1, 2, 1, 2])
    }
}
