import Learning
public import Pipeline

/// What a comparison says under several seeds of its draws: how much of the verdict is the seed's.
///
/// It is no evidence beyond the verdict's own: every seed draws from the same sessions. A verdict
/// that changes with the seed stands on the edge and should be read as not shown.
public struct SeedTally: Hashable, Sendable {
    /// Seeds, from 1.
    public let seeds: Int
    /// How many gave each verdict, in the order of `Verdict.allCases`.
    public let counts: [Int]
    /// Least and greatest lower end of the interval.
    public let low: ClosedRange<Double>
    /// Least and greatest upper end.
    public let high: ClosedRange<Double>

    /// How many seeds gave a verdict.
    public func count(_ verdict: Verdict) -> Int {
        Verdict.allCases.firstIndex(of: verdict).map { counts[$0] } ?? 0
    }
}

extension Comparison {
    /// The verdict under the seeds 1 to `seeds`, on several threads; nil where there is no metric.
    public func tally(
        seeds: Int, draws: Int = 10_000, lanes: Int = Lanes.available
    ) throws -> SeedTally? {
        guard seeds > 0, primary != nil else { return nil }
        let pairs = try ExcessPairs(reference, challenger)
        let found = Lanes.map(Array(1...seeds), lanes: lanes) { _, seed in
            PrimaryDifference(
                pairs, meanBlock: Comparison.meanBlock, draws: draws, seed: UInt64(seed))
        }.compactMap { $0 }
        let trades = min(reference.trades.count, challenger.trades.count)
        let verdicts = found.map {
            Comparison.verdict(
                $0, sessions: sessions, measured: measuredSessions,
                withoutIndex: sessionsWithoutIndex, trades: trades)
        }
        let (lows, highs) = (found.map(\.interval.low), found.map(\.interval.high))
        guard let low = lows.min(), let lowMost = lows.max(), let high = highs.min(),
            let highMost = highs.max()
        else { return nil }
        return SeedTally(
            seeds: seeds,
            counts: Verdict.allCases.map { verdict in verdicts.count { $0 == verdict } },
            low: low...lowMost, high: high...highMost)
    }
}
