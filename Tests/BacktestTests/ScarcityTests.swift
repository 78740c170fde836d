import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Market
import Pipeline
import TestKit
import TestWorlds
import Testing

@testable import Backtest

/// Under 30 trades, or 30 sessions with a return, a ratio says nothing and is not said.
@Suite("Ratios of too little")
struct ScarcityTests {
    /// A run of 300 sessions that moved in `moving` of them, its trades spread over them.
    static func run(_ name: String, trades: Int, moving: Int = 300) -> BacktestReport {
        var run = PairedRuns.run(name, sessions: 300, trades: 0, ratio: 1, seed: 1)
        let start = run.facts.startingValue.dollars
        let moved = run.returns
        var value = start
        for place in run.daily.indices {
            if place < moving { value *= 1 + moved[place] }
            run.daily[place].value = Money(dollars: value)
        }
        run.trades = (0..<trades).map {
            Fixtures.trade(
                "T\($0)", $0 % 3 == 0 ? 0.04 : -0.01, on: "\(run.daily[5 + $0 * 290 / trades].day)")
        }
        return run
    }

    private static let ratios = [
        "sharpe", "sortino", "calmar", "alpha", "beta", "information_ratio",
        "equal_exposure_information_ratio", "profit_factor",
    ]

    private func metrics(_ report: BacktestReport) throws -> [String: Any] {
        let json = try JSONSerialization.jsonObject(with: Data(report.json().utf8))
        return try #require((json as? [String: Any])?["metrics"] as? [String: Any])
    }

    // Of the first session the index's return is not known: 31 are 30 of its ratios.
    @Test(
        "under 30 trades, or 30 sessions with a return, no ratio is a number; from 30 on all are",
        arguments: [(29, 300, false), (30, 300, true), (30, 29, false), (30, 31, true)])
    func floor(trades: Int, moving: Int, isKnown: Bool) throws {
        let report = ScarcityTests.run("a", trades: trades, moving: moving)
        let metrics = try metrics(report)
        for ratio in ScarcityTests.ratios {
            #expect((metrics[ratio] is NSNull) == !isKnown, "\(ratio)")
        }
        for figure in ["win_rate", "total_return", "max_drawdown", "volatility", "closed_trades"] {
            #expect(!(metrics[figure] is NSNull), "\(figure) is no ratio")
        }
        let text = report.text()
        for row in [
            "Sharpe ratio", "Sortino ratio", "Calmar ratio", "Beta", "Profit factor, gross",
        ] {
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(row) })
            let whole = line.dropFirst(row.count).split(separator: " ").first
            #expect((whole == "n/a") == !isKnown, "\(line)")
        }
        #expect(text.contains("Ratios and intervals are n/a: ") == !isKnown)
        #expect(
            text.contains(trades == 29 ? "29 closed trades, under the 30 of a ratio" : "\n"))
        #expect(report.scarcity == (isKnown ? nil : trades == 29 ? .trades(29) : .returns(29)))
    }

    @Test("each half is judged by its own trades")
    func halves() {
        var report = ScarcityTests.run("a", trades: 40)
        let first = report.daily[10].day
        report.trades = report.trades.enumerated().map { number, trade in
            var moved = trade
            if number < 32 { (moved.entryDay, moved.exitDay) = (first - 2, first) }
            return moved
        }
        let (early, late) = report.halves
        #expect(early.scarcity == nil && early.returns.sharpe != nil)
        #expect(late.scarcity != nil && late.returns.sharpe == nil && late.index.beta == nil)
        #expect(late.trades.profitFactor == nil && late.trades.winRate != nil)
    }

    @Test("a comparison with too few trades on one side has no metric, interval or deflated ratio")
    func compared() throws {
        let few = ScarcityTests.run("few", trades: 29)
        let many = ScarcityTests.run("many", trades: 200)
        let page = try ComparePage(
            [few, many].map { report in
                ComparePage.Side(
                    name: report.facts.run,
                    run: ComparedRun(
                        report: report, entries: RunEntries(), fills: RunFills(),
                        costs: Costs(slippageBasisPoints: 0, commissionBasisPoints: 0)))
            }, family: TrialBook().family(TrialPlan.commonFamily), isSimulated: false)
        let contest = page.contests[0]
        #expect(contest.comparison.primary == nil && contest.comparison.verdict == .insufficient)
        #expect(contest.comparison.sensitivity.isEmpty)
        #expect(try contest.comparison.tally(seeds: 3, draws: 10) == nil)
        #expect(contest.halves.first == nil && contest.halves.second == nil)
        for row in contest.secondary.rows {
            #expect(row.interval == nil, "\(row.figure)")
            #expect((row.reference == nil) == row.figure.isRatio, "\(row.figure)")
            #expect(row.challenger != nil)
        }
        #expect(page.sides[0].deflated == nil && page.sides[1].deflated != nil)
        #expect(page.text().contains("n/a: 29 closed trades, under the 30 of a ratio"))
        #expect(page.text().contains("few: deflated Sharpe ratio n/a: 29 closed trades"))
        #expect(page.json().contains("\"primary\":null"))
        #expect(page.json().contains("\"deflated_sharpe\":{\"few\":null,"))
        #expect(
            page.html(ChartLibrary(script: "", style: "")).contains(
                "n/a: 29 closed trades, under the 30 of a ratio"))
    }

    @Test("a trial and a variant of a sweep with too few trades have no ratio")
    func trials() throws {
        let few = TrialResult(ScarcityTests.run("few", trades: 29), seal: nil)
        #expect(few.sharpe == nil && few.value == nil && few.skewness == nil)
        #expect(few.closedTrades == 29)
        let many = TrialResult(ScarcityTests.run("many", trades: 30), seal: nil)
        #expect(many.sharpe != nil && many.value != nil && many.skewness != nil)
        func variant(_ result: TrialResult) -> SweptVariant {
            SweptVariant(
                settings: ["a=1"], strategy: .zero, result: result, totalReturn: 0.5,
                maximumDrawdown: -0.1, excess: [])
        }
        let scratch = TemporaryFolder()
        let timeline = try SmallWorld.log(
            SmallWorld(sessions: 40).facts, kind: .timeline, at: "\(scratch.path)/timeline")
        let sessions = try #require(try TimelineSessions(timeline, window: ReplayWindow()))
        let table = SweepTable(
            strategy: "s", keys: ["a"], sessions: sessions, variants: [variant(few)]
        ) { _ in nil }
        #expect(table.best == nil && table.text().contains("No variant has an information ratio"))
        #expect(table.json().contains("\"information_ratio\":null,\"sharpe\":null"))
    }

    @Test("a trial that was recorded with the ratio of a few trades shows none")
    func recorded() {
        let at = Instant(Fixtures.day("2020-01-01"), hour: 12)
        func finished(_ trades: UInt32) -> TrialFinished {
            TrialFinished(
                envelope: Envelope(knownAt: at, recordedAt: at, actor: .person), trial: .none,
                seal: nil, value: 2, sharpe: 3, observations: 250, closedTrades: trades,
                skewness: 0, kurtosis: 3, outcome: .finished, text: [])
        }
        #expect(finished(29).shownSharpe == nil && finished(29).shownValue == nil)
        #expect(finished(30).shownSharpe == 3 && finished(30).shownValue == 2)
    }

    @Test("an ablation keeps the row of a fix that has no ratio, and adjusts over the others")
    func ablation() throws {
        let (few, many) = (
            ScarcityTests.run("few", trades: 3), ScarcityTests.run("many", trades: 60)
        )
        let other = PairedRuns.run("other", sessions: 300, trades: 60, ratio: 0, seed: 3)
        let fixes = ["one", "two"].map { Ablation.Fix(name: $0, given: [], taken: []) }
        let ablation = try Ablation(
            many, other, [(fixes[0], other, many), (fixes[1], few, many)], draws: 200)
        #expect(ablation.rows.count == 4)
        #expect(ablation.rows.map { $0.primary == nil } == [false, true, false, false])
        #expect(ablation.rows.map { $0.adjusted == nil } == [false, true, false, false])
    }
}
