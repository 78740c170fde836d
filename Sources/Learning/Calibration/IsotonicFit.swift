/// The monotone function that is nearest to some outcomes in squares: from a confidence to the
/// share of wins, by pooling adjacent violators (Barlow et al., Statistical Inference under Order
/// Restrictions, 1972). Linear between the pools' mean confidences, flat beyond them.
public struct IsotonicFit: Hashable, Sendable {
    /// A pool of confidences, and what it came to.
    public struct Knot: Hashable, Sendable {
        /// Mean confidence of the pool.
        public var raw: Double
        /// Share of wins in it.
        public var calibrated: Double

        /// A knot from its parts.
        public init(raw: Double, calibrated: Double) {
            self.raw = raw
            self.calibrated = calibrated
        }
    }

    /// Ascending in both.
    public let knots: [Knot]

    /// A fit read back.
    public init(knots: [Knot]) {
        self.knots = knots
    }

    /// Fits confidences to whether each was a win; order does not matter. No rows give no knots.
    public init(_ rows: [(confidence: Double, isWin: Bool)]) {
        var pools: [(sum: Double, wins: Int, rows: Int)] = []
        for row in rows.sorted(by: {
            ($0.confidence, $0.isWin ? 1 : 0) < ($1.confidence, $1.isWin ? 1 : 0)
        }) {
            // Equal confidences are one pool from the start.
            if let last = pools.indices.last,
                pools[last].sum == row.confidence * Double(pools[last].rows)
            {
                pools[last].wins += row.isWin ? 1 : 0
                pools[last].rows += 1
                pools[last].sum = row.confidence * Double(pools[last].rows)
            } else {
                pools.append((row.confidence, row.isWin ? 1 : 0, 1))
            }
        }
        var merged: [(sum: Double, wins: Int, rows: Int)] = []
        for pool in pools {
            merged.append(pool)
            // The rate of the one before is at least that of the last: in whole numbers.
            while merged.count > 1,
                merged[merged.count - 2].wins * merged[merged.count - 1].rows
                    >= merged[merged.count - 1].wins * merged[merged.count - 2].rows
            {
                let last = merged.removeLast()
                merged[merged.count - 1].sum += last.sum
                merged[merged.count - 1].wins += last.wins
                merged[merged.count - 1].rows += last.rows
            }
        }
        knots = merged.map {
            Knot(
                raw: $0.sum / Double($0.rows), calibrated: Double($0.wins) / Double($0.rows))
        }
    }

    /// The calibrated value of a confidence; nil without knots.
    public func callAsFunction(_ confidence: Double) -> Double? {
        guard let first = knots.first, let last = knots.last else { return nil }
        if confidence <= first.raw { return first.calibrated }
        if confidence >= last.raw { return last.calibrated }
        var low = 0
        while low + 1 < knots.count, knots[low + 1].raw <= confidence { low += 1 }
        let (left, right) = (knots[low], knots[low + 1])
        let share = (confidence - left.raw) / (right.raw - left.raw)
        return left.calibrated + share * (right.calibrated - left.calibrated)
    }
}
