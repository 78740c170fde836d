import Events

/// The mean difference in correctness, challenger − champion, on rows decided after both models
/// were trained, with a confidence sequence: it may be looked at each week, for ever, and the
/// chance that it ever misses the truth is at most 5 %.
///
/// The values are means over blocks of consecutive sessions. Labels of neighbouring blocks overlap,
/// those of every second block do not when a block is as long as a label looks ahead; so the blocks
/// with even and with odd numbers make two sequences, each with half the error, and what both leave
/// is the answer. The mean is one of blocks, not of rows: a busy block weighs no more than a quiet
/// one. It is assumed that a block's expected difference does not depend on blocks before.
public struct MaturedDifference: Hashable, Sendable {
    /// The chance, over all times together, that the interval misses the truth.
    public static let error = 0.05

    /// Sessions of a block.
    public let blockSessions: Int
    /// The mean difference of each whole block that has rows, in order.
    public let means: [Double]
    /// Rows in those blocks.
    public let rows: Int
    /// Which mean differences are left, from −1 to 1; nil when none is, which has a chance of 5 %
    /// at most if the assumption holds.
    public let interval: Interval?

    /// The mean of the block means; nil without a block.
    public var mean: Double? {
        means.isEmpty ? nil : means.reduce(0, +) / Double(means.count)
    }

    /// Looks at rows whose labels are mature.
    ///
    /// A block counts once all its labels are mature: a mean that could still change would let
    /// chance be looked at twice.
    ///
    /// - Parameters:
    ///   - rows: in canonical order, each with a champion's prediction.
    ///   - firstSession: the first decision session after both models were trained.
    ///   - maturedThrough: the last decision session all of whose labels are mature.
    ///   - blockSessions: as long as a label looks ahead, or longer.
    public init(
        rows: [HoldoutRow], firstSession: Int, maturedThrough: Int, blockSessions: Int
    ) {
        precondition(blockSessions > 0, "a block has sessions")
        let wholeBlocks = max(0, maturedThrough - firstSession + 1) / blockSessions
        var (sums, counts) = (
            [Int](repeating: 0, count: wholeBlocks), [Int](repeating: 0, count: wholeBlocks)
        )
        for row in rows where row.session >= firstSession {
            guard let champion = row.champion else {
                preconditionFailure("a matured difference is one against a champion")
            }
            let block = (row.session - firstSession) / blockSessions
            guard block < wholeBlocks else { continue }
            counts[block] += 1
            sums[block] += row.challenger.predicted == row.label ? 1 : 0
            sums[block] -= champion.predicted == row.label ? 1 : 0
        }
        let filled = counts.indices.filter { counts[$0] > 0 }
        self.blockSessions = blockSessions
        means = filled.map { Double(sums[$0]) / Double(counts[$0]) }
        self.rows = counts.reduce(0, +)
        let parities = [0, 1].map { parity in
            filled.filter { $0 % 2 == parity }.map { block in
                (Double(sums[block]) / Double(counts[block]) + 1) / 2
            }
        }
        interval = MaturedDifference.common(parities)
    }

    /// What both sequences leave, brought from [0, 1] to [−1, 1].
    private static func common(_ parities: [[Double]]) -> Interval? {
        var (low, high) = (0.0, 1.0)
        for values in parities {
            guard let part = BettingBound.interval(values, error: error / 2) else { return nil }
            (low, high) = (max(low, part.low), min(high, part.high))
        }
        return low <= high ? Interval(low: 2 * low - 1, high: 2 * high - 1) : nil
    }
}
