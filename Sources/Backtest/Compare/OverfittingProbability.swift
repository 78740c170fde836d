import Market

/// The probability of backtest overfitting: how often the variant that was best in one half of the
/// window is below the median in the other, over all ways to make halves of 16 blocks.
///
/// Source: Bailey, Borwein, López de Prado and Zhu, "The probability of backtest overfitting"
/// (2017): combinatorially symmetric cross-validation, judged by the Sharpe ratio.
public struct OverfittingProbability: Hashable, Sendable {
    /// Blocks of consecutive sessions.
    public static let blocks = 16
    /// Fewest variants: with fewer the ranks say too little.
    public static let fewestVariants = 10

    /// Share of the splits whose best variant ranks at or below the median in the other half.
    public var probability: Double
    /// Mean logit of that relative rank: above 0 is better than chance.
    public var meanLogit: Double
    /// Share of the splits whose best variant has a Sharpe ratio below 0 in the other half.
    public var lossShare: Double
    /// Splits.
    public var splits: Int

    /// The probability of a sweep: one series of returns a variant, all over the same sessions.
    ///
    /// Nil for fewer than ten variants or than two sessions a block. Sessions that do not fill the
    /// blocks are left off the end.
    ///
    /// - Precondition: the series are of one length.
    public init?(_ variants: [[Double]]) {
        guard variants.count >= OverfittingProbability.fewestVariants else { return nil }
        let sessions = variants[0].count
        precondition(variants.allSatisfy { $0.count == sessions }, "variants share one window")
        let length = sessions / OverfittingProbability.blocks
        guard length >= 2 else { return nil }
        let sums = variants.map { OverfittingProbability.blockSums($0, length) }
        let half = OverfittingProbability.blocks / 2
        let count = length * half
        var (below, losses, logits, splits) = (0, 0, 0.0, 0)
        var inside = Array(repeating: 0.0, count: variants.count)
        var outside = inside
        for mask in 0..<(1 << OverfittingProbability.blocks)
        where mask.nonzeroBitCount == half {
            for (place, sum) in sums.enumerated() {
                let (chosen, rest) = OverfittingProbability.split(sum, mask)
                inside[place] = PrimaryDifference.ratio(chosen.x, chosen.y, count)
                outside[place] = PrimaryDifference.ratio(rest.x, rest.y, count)
            }
            let best = inside.indices.max { inside[$0] < inside[$1] } ?? 0
            let lower = outside.count { $0 < outside[best] }
            let equal = outside.count { $0 == outside[best] }
            let rank = Double(lower) + Double(equal + 1) / 2
            let share = rank / Double(variants.count + 1)
            logits += Elementary.log(share / (1 - share))
            if share <= 0.5 { below += 1 }
            if outside[best] < 0 { losses += 1 }
            splits += 1
        }
        probability = Double(below) / Double(splits)
        meanLogit = logits / Double(splits)
        lossShare = Double(losses) / Double(splits)
        self.splits = splits
    }

    /// Sums of values and squares of each block.
    private static func blockSums(_ values: [Double], _ length: Int) -> [SIMD2<Double>] {
        (0..<blocks).map { block in
            values[block * length..<(block + 1) * length].reduce(into: .zero) {
                $0 += SIMD2($1, $1 * $1)
            }
        }
    }

    /// The sums of the blocks that a mask names, and of the others.
    private static func split(_ sums: [SIMD2<Double>], _ mask: Int)
        -> (chosen: SIMD2<Double>, rest: SIMD2<Double>)
    {
        var (chosen, rest) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
        for (block, sum) in sums.enumerated() {
            if mask >> block & 1 == 1 { chosen += sum } else { rest += sum }
        }
        return (chosen, rest)
    }
}
