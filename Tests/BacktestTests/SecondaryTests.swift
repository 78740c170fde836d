import Events
import Learning
import Testing

@testable import Backtest

@Suite("Secondary figures and many comparisons")
struct SecondaryTests {
    private let first = PairedRuns.run("a", sessions: 400, trades: 40, ratio: 0.5, seed: 1)
    private let idle = PairedRuns.run("a", sessions: 400, trades: 0, ratio: 0.5, seed: 1)
    private let second: BacktestReport = {
        var run = PairedRuns.run("b", sessions: 400, trades: 0, ratio: 1, seed: 2)
        for number in 0..<150 {
            run.trades.append(
                Fixtures.trade(
                    "T\(number)", number % 3 == 0 ? 0.04 : -0.01,
                    on: "\(run.daily[number * 2].day)"))
        }
        return run
    }()

    private func row(_ figure: SecondaryFigure, idle isIdle: Bool = false) throws
        -> SecondaryDifferences.Row
    {
        let differences = SecondaryDifferences(isIdle ? idle : first, second, draws: 200)
        return try #require(differences.rows.first { $0.figure == figure })
    }

    @Test("each point is the one that the report of its side has")
    func points() throws {
        let whole = second.whole
        #expect(agrees(try row(.sharpe).challenger, whole.returns.sharpe ?? 9))
        #expect(agrees(try row(.sortino).challenger, whole.returns.sortino ?? 9))
        #expect(agrees(try row(.totalReturn).challenger, whole.returns.totalReturn ?? 9))
        #expect(agrees(try row(.drawdown).challenger, whole.returns.maximumDrawdown ?? 9))
        #expect(agrees(try row(.winRate).challenger, whole.trades.winRate ?? 9))
        #expect(agrees(try row(.profitFactor).challenger, whole.trades.profitFactor ?? 9))
        #expect(agrees(try row(.exposure).challenger, whole.meanExposure ?? 9))
        #expect(try row(.closedTrades).challenger == 150)
        let primary = try #require(try Comparison(first, second, draws: 10).primary)
        #expect(agrees(try row(.excessSharpe).difference, primary.difference))
    }

    @Test("a side without trades has no win rate, and no interval of the difference")
    func missing() throws {
        let winRate = try row(.winRate, idle: true)
        #expect(winRate.reference == nil && winRate.difference == nil)
        #expect(winRate.interval == nil && winRate.relative == nil)
        #expect(try row(.sharpe).interval != nil)
        let sharpe = try row(.sharpe, idle: true)
        #expect(sharpe.reference == nil && sharpe.interval == nil && sharpe.challenger != nil)
        #expect(try row(.totalReturn, idle: true).reference != nil, "what it is needs no ratio")
    }

    @Test("the interval of the excess ratio is about that of the primary metric")
    func interval() throws {
        let rows = SecondaryDifferences(first, second).rows
        let excess = try #require(rows.first { $0.figure == .excessSharpe }?.interval)
        let primary = try #require(try Comparison(first, second).primary).interval
        #expect((excess.low - primary.low).magnitude < 0.3)
        #expect((excess.high - primary.high).magnitude < 0.3)
    }

    @Test("a single comparison is adjusted to its own two-sided p-value")
    func single() {
        var draws = SplitMix64(seed: 3)
        let drawn = (0..<999).map { _ in 1.5 + PairedRuns.normal(&draws) }
        let adjusted = RomanoWolf.adjusted([1.5], draws: [drawn])
        let extreme = drawn.count { ($0 - 1.5).magnitude >= 1.5 }
        #expect(adjusted == [Double(1 + extreme) / 1_000])
    }

    @Test("adjusted values keep the order of the statistics, and are never below the single ones")
    func stepdown() {
        var draws = SplitMix64(seed: 4)
        let differences = [0.2, -4.0, 1.0, 2.6, 0.0]
        let drawn = differences.map { difference in
            (0..<2_000).map { _ in difference + PairedRuns.normal(&draws) }
        }
        let together = RomanoWolf.adjusted(differences, draws: drawn)
        for (place, difference) in differences.enumerated() {
            let alone = RomanoWolf.adjusted([difference], draws: [drawn[place]])[0]
            #expect(together[place] >= alone)
        }
        #expect(together[1] < 0.01)
        #expect(together[1] <= together[3] && together[3] <= together[2])
        #expect(together[2] <= together[0] && together[0] <= together[4])
        // The largest of five against all five: about 1 − (1 − p)^5; the last as if alone.
        #expect(together[3] > 0.02 && together[3] < 0.06)
        #expect(together[4] > 0.9)
    }

    @Test("copies of one comparison are adjusted as one: they cannot differ by chance")
    func copies() {
        var draws = SplitMix64(seed: 5)
        let drawn = (0..<1_000).map { _ in 2 + PairedRuns.normal(&draws) }
        let alone = RomanoWolf.adjusted([2], draws: [drawn])[0]
        let copies = RomanoWolf.adjusted([2, 2, 2], draws: [drawn, drawn, drawn])
        #expect(copies == [alone, alone, alone])
        #expect(RomanoWolf.adjusted([2, 0], draws: [drawn, drawn.map { _ in 0 }])[1] == 1)
    }

    @Test("a control's p-value counts the permuted worlds at or above the true one, and itself")
    func control() {
        #expect(ControlTest(observed: 3, permuted: [1, 2, 4]).pValue == 0.5)
        #expect(ControlTest(observed: 4, permuted: [1, 2, 4]).pValue == 0.5)
        #expect(ControlTest(observed: 5, permuted: [1, 2, 4]).pValue == 0.25)
        #expect(ControlTest(observed: 5, permuted: [4, 1, 2]).median == 2)
        #expect(ControlTest(observed: 5, permuted: [4, 1]).median == 2.5)
        let gain = ControlTest.difference(
            ControlTest(observed: 5, permuted: [4, 1]), ControlTest(observed: 1, permuted: [1, 3]))
        #expect(gain.observed == 4 && gain.permuted == [3, -2])
    }
}
