import Events
import Learning
import TestKit
import Testing

@testable import Backtest

/// Paired runs of the tests: the index moves by chance, each side earns a gain a session over what
/// it holds of it.
enum PairedRuns {
    /// A run of `sessions`, half invested, whose excess has `gain` a year in standard deviations.
    static func run(
        _ name: String, sessions: Int, trades: Int, ratio: Double, seed: UInt64,
        from first: String = "2015-01-01"
    ) -> BacktestReport {
        var market = SplitMix64(seed: 77)
        var own = SplitMix64(seed: seed)
        var value = 1_000_000.0
        var values: [Double] = []
        var index: [Double?] = []
        for session in 0..<sessions {
            let change = normal(&market) * 0.01
            let excess = (normal(&own) + ratio / 252.0.squareRoot()) * 0.005
            value *= 1 + excess + (session == 0 ? 0 : 0.5) * change
            values.append(value)
            index.append(session == 0 ? nil : change)
        }
        var facts = Fixtures.facts
        facts.run = name
        facts.startingValue = Money(dollars: 1_000_000)
        return BacktestReport(
            facts: facts, daily: Fixtures.daily(values, index: index, from: first),
            trades: (0..<trades).map { Fixtures.trade("T\($0)", 0.01, on: "2015-03-01") },
            open: [], signals: SignalCounts())
    }

    /// Near enough to a normal draw: twelve uniform ones.
    static func normal(_ draws: inout SplitMix64) -> Double {
        (0..<12).reduce(-6.0) { sum, _ in sum + draws.unit() }
    }
}

@Suite("Comparison")
struct ComparisonTests {
    @Test("each side's ratio is the one that its own report shows")
    func ratios() throws {
        let first = PairedRuns.run("a", sessions: 400, trades: 120, ratio: 0.5, seed: 1)
        let second = PairedRuns.run("b", sessions: 400, trades: 120, ratio: 1, seed: 2)
        let primary = try #require(try Comparison(first, second).primary)
        #expect(agrees(primary.reference, first.whole.index.equalExposureInformationRatio ?? 9))
        #expect(agrees(primary.challenger, second.whole.index.equalExposureInformationRatio ?? 9))
        #expect(primary.difference == primary.challenger - primary.reference)
    }

    @Test(
        "ratios and intervals are those that numpy gives for the same draws",
        arguments: [
            (5, -3.3373412537163527, 1.6417744128471576, 0.7509249075092491),
            (21, -2.9903177712508295, 1.2766114995783018, 0.7785221477852214),
            (63, -2.659517472691533, 0.8713282967923417, 0.8283171682831717),
        ])
    func golden(meanBlock: Int, low: Double, high: Double, share: Double) throws {
        // By `resampled` of Tools/check-compare.py, seed 1, 10,000 draws.
        let pairs = ExcessPairs(
            days: (0..<300).map { Fixtures.day("2020-01-01") + $0 },
            reference: Fixtures.mixed.returns, challenger: Fixtures.mixed.index)
        let primary = try #require(PrimaryDifference(pairs, meanBlock: meanBlock))
        #expect(agrees(primary.reference, -0.08237261859581438))
        #expect(agrees(primary.challenger, -0.9210854125758166))
        #expect(agrees(primary.interval.low, low))
        #expect(agrees(primary.interval.high, high))
        #expect(agrees(primary.shareNotAbove, share))
    }

    @Test("a large gain is shown, a large loss worse, and neither when they are alike")
    func verdicts() throws {
        let plain = PairedRuns.run("a", sessions: 1_500, trades: 120, ratio: 0, seed: 1)
        let good = PairedRuns.run("b", sessions: 1_500, trades: 120, ratio: 3, seed: 2)
        let alike = PairedRuns.run("c", sessions: 1_500, trades: 120, ratio: 0, seed: 3)
        #expect(try Comparison(plain, good).verdict == .shown)
        #expect(try Comparison(good, plain).verdict == .worse)
        #expect(try Comparison(plain, alike).verdict == .notShown)
    }

    @Test("swapped sides have the mirrored interval, draw for draw")
    func mirrored() throws {
        let first = PairedRuns.run("a", sessions: 300, trades: 100, ratio: 0, seed: 1)
        let second = PairedRuns.run("b", sessions: 300, trades: 100, ratio: 1, seed: 2)
        let there = PrimaryDifference.resampled(
            try ExcessPairs(first, second), meanBlock: 21, draws: 50, seed: 4)
        let back = PrimaryDifference.resampled(
            try ExcessPairs(second, first), meanBlock: 21, draws: 50, seed: 4)
        #expect(there == back.map { -$0 })
    }

    @Test(
        "a session or a trade too few is insufficient, whatever the gain",
        arguments: [(251, 100, false), (252, 100, true), (252, 99, false)])
    func thin(sessions: Int, trades: Int, speaks: Bool) throws {
        let plain = PairedRuns.run("a", sessions: sessions, trades: 500, ratio: -9, seed: 1)
        let good = PairedRuns.run("b", sessions: sessions, trades: trades, ratio: 9, seed: 2)
        #expect(try Comparison(plain, good).verdict == (speaks ? .shown : .insufficient))
        #expect(try Comparison(good, plain).verdict == (speaks ? .worse : .insufficient))
    }

    @Test("a run that never traded has no ratio, and the comparison no metric and no verdict")
    func idle() throws {
        var idle = PairedRuns.run("a", sessions: 300, trades: 0, ratio: 0, seed: 1)
        for place in idle.daily.indices {
            idle.daily[place].value = Money(dollars: 1_000_000)
            idle.daily[place].exposure = 0
        }
        let other = PairedRuns.run("b", sessions: 300, trades: 200, ratio: 0, seed: 2)
        let comparison = try Comparison(idle, other)
        #expect(comparison.primary == nil && comparison.sensitivity.isEmpty)
        #expect(comparison.scarcity == .trades(0))
        #expect(comparison.verdict == .insufficient)
    }

    @Test("runs that do not share one window are refused with the session")
    func windows() {
        let first = PairedRuns.run("a", sessions: 300, trades: 0, ratio: 0, seed: 1)
        let later = PairedRuns.run(
            "b", sessions: 300, trades: 0, ratio: 0, seed: 1, from: "2015-01-02")
        let shorter = PairedRuns.run("c", sessions: 299, trades: 0, ratio: 0, seed: 1)
        #expect(throws: ComparisonError.differentSessions("a", "b", Fixtures.day("2015-01-01"))) {
            _ = try Comparison(first, later)
        }
        #expect(throws: ComparisonError.differentSessions("a", "c", first.daily[299].day)) {
            _ = try Comparison(first, shorter)
        }
    }

    @Test("sessions whose index return is not known are left out of both sides")
    func unknownIndex() throws {
        var first = PairedRuns.run("a", sessions: 300, trades: 0, ratio: 0, seed: 1)
        let second = PairedRuns.run("b", sessions: 300, trades: 0, ratio: 0, seed: 2)
        first.daily[100].indexReturn = nil
        let pairs = try ExcessPairs(first, second)
        #expect(pairs.days.count == 298)
        #expect(!pairs.days.contains(first.daily[100].day))
        #expect(pairs.reference.count == 298 && pairs.challenger.count == 298)
    }

    @Test("two strategies without a difference are told apart about as often as chance allows")
    func coverage() throws {
        var verdicts: [Verdict] = []
        for seed in 0..<200 as Range<UInt64> {
            let first = PairedRuns.run(
                "a", sessions: 300, trades: 100, ratio: 0.5, seed: 1_000 + 2 * seed)
            let second = PairedRuns.run(
                "b", sessions: 300, trades: 100, ratio: 0.5, seed: 1_001 + 2 * seed)
            verdicts.append(
                try Comparison(first, second, draws: 400, withSensitivity: false).verdict)
        }
        // Of 200 at 2.5 % a side, with a share more for so short a window: five standard errors.
        #expect(verdicts.count { $0 == .shown } <= 18)
        #expect(verdicts.count { $0 == .worse } <= 18)
        #expect(verdicts.count { $0 == .notShown } >= 170)
    }

    @Test("blocks fill each draw, are of the mean length and begin anywhere alike")
    func blocks() {
        var draws = StationaryDraws(units: 1_000, meanLength: 21, seed: 5)
        var (starts, blocks, whole) = (Array(repeating: 0, count: 4), 0, 0.0)
        for _ in 0..<400 {
            var lengths: [Int] = []
            draws.draw { start, length in
                starts[start / 250] += 1
                lengths.append(length)
            }
            #expect(lengths.reduce(0, +) == 1_000)
            #expect(lengths.allSatisfy { $0 >= 1 })
            blocks += lengths.count
            whole += 1_000
        }
        // The cut of the last block takes a little from the mean.
        #expect((whole / Double(blocks) - 21).magnitude < 1)
        #expect(starts.allSatisfy { ($0 * 4 - blocks).magnitude < blocks / 8 })
    }
}
