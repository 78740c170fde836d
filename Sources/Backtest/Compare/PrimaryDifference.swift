public import Learning

/// The primary metric of a comparison: the difference of the annualised information ratio of
/// r_t − exposure_{t−1} · index_t, challenger less reference, with its sampling error by a paired
/// stationary bootstrap.
public struct PrimaryDifference: Hashable, Sendable {
    /// Information ratio of the run that is compared with.
    public var reference: Double
    /// Information ratio of the run that is compared.
    public var challenger: Double
    /// Two-sided 95 % percentile interval of `difference`.
    public var interval: Interval
    /// Share of the draws with a difference of at most 0, both ends counted:
    /// (1 + draws at or below 0) / (draws + 1).
    public var shareNotAbove: Double
    /// Mean sessions of a block.
    public var meanBlock: Int
    /// Draws.
    public var draws: Int
    /// Seed of the draws.
    public var seed: UInt64

    /// Challenger less reference.
    public var difference: Double { challenger - reference }

    /// The metric of paired sessions; nil where either side has too few trades or returns for a
    /// ratio (`Scarcity`), or returns without dispersion.
    public init?(_ pairs: ExcessPairs, meanBlock: Int = 21, draws: Int = 10_000, seed: UInt64 = 1) {
        guard pairs.scarcity == nil, draws > 0, Moments.dispersion(pairs.reference) != nil,
            Moments.dispersion(pairs.challenger) != nil
        else { return nil }
        let values = PrimaryDifference.resampled(
            pairs, meanBlock: meanBlock, draws: draws, seed: seed)
        reference = PrimaryDifference.ratio(pairs.reference)
        challenger = PrimaryDifference.ratio(pairs.challenger)
        interval = Interval(middle95: values)
        shareNotAbove = Double(1 + values.count { $0 <= 0 }) / Double(draws + 1)
        self.meanBlock = meanBlock
        self.draws = draws
        self.seed = seed
    }

    /// The difference of each draw.
    ///
    /// A draw costs its blocks, not its sessions: sums up to every session are kept, once more
    /// round the end.
    public static func resampled(
        _ pairs: ExcessPairs, meanBlock: Int, draws: Int, seed: UInt64
    ) -> [Double] {
        let sessions = pairs.days.count
        var sums: [SIMD4<Double>] = [.zero]
        sums.reserveCapacity(2 * sessions + 1)
        for place in 0..<(2 * sessions) {
            let own = pairs.reference[place % sessions]
            let other = pairs.challenger[place % sessions]
            sums.append(sums[place] + SIMD4(own, own * own, other, other * other))
        }
        var blocks = StationaryDraws(units: sessions, meanLength: meanBlock, seed: seed)
        return (0..<draws).map { _ in
            var total = SIMD4<Double>.zero
            blocks.draw { start, length in total += sums[start + length] - sums[start] }
            return ratio(total.z, total.w, sessions) - ratio(total.x, total.y, sessions)
        }
    }

    private static func ratio(_ values: [Double]) -> Double {
        ratio(Moments.sum(values), Moments.sum(values.map { $0 * $0 }), values.count)
    }

    /// Mean over sample deviation, a year, from sums of values and squares; 0 without dispersion,
    /// which is a run that held nothing.
    static func ratio(_ sum: Double, _ squares: Double, _ count: Int) -> Double {
        let n = Double(count)
        let variance = (squares - sum * sum / n) / (n - 1)
        guard variance > 0, Moments.isDispersion(variance.squareRoot(), of: sum / n) else {
            return 0
        }
        return sum / n / variance.squareRoot() * ReturnMetrics.sessionsPerYear.squareRoot()
    }
}
