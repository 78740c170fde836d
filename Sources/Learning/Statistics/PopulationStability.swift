import Market

/// The population stability index: how far a model's P(win) has moved between its training rows and
/// a holdout. Σ (h − t)·ln(h/t) over bins that the training rows' deciles bound.
public struct PopulationStability: Hashable, Sendable {
    /// One bin.
    public struct Bin: Hashable, Sendable {
        /// The highest value in the bin; nil in the last.
        public var through: Double?
        /// Training rows in the bin.
        public var training: Int
        /// Holdout rows in the bin.
        public var holdout: Int
    }

    /// The bins, in order. Equal deciles make one bound, so there may be fewer than ten.
    public let bins: [Bin]

    /// The share that stands for an empty bin's.
    public static let smallestShare = 0.0001

    /// Compares two sets of values, in any order; nil when one is empty.
    ///
    /// The decile bounds are values of the training rows: of n sorted, the one at place ⌈i·n/10⌉
    /// counted from one (numpy's `inverted_cdf`). A value that equals a bound is in the bin below.
    ///
    /// - Precondition: no value is NaN.
    public init?(training: [Double], holdout: [Double]) {
        guard !training.isEmpty, !holdout.isEmpty else { return nil }
        let deciles = (1...9).map { ($0 * training.count + 9) / 10 - 1 }
        var bounds: [Double] = []
        for bound in MiddleValue.values(at: deciles, of: training) where bounds.last != bound {
            bounds.append(bound)
        }
        let before = PopulationStability.counts(training, bounds)
        let after = PopulationStability.counts(holdout, bounds)
        bins = before.indices.map { bin in
            Bin(
                through: bin < bounds.count ? bounds[bin] : nil, training: before[bin],
                holdout: after[bin])
        }
    }

    /// The index; by convention under .1 is stable and over .25 has shifted.
    public var index: Double {
        let training = Double(bins.reduce(0) { $0 + $1.training })
        let holdout = Double(bins.reduce(0) { $0 + $1.holdout })
        var sum = 0.0
        for bin in bins {
            let before = max(Double(bin.training) / training, PopulationStability.smallestShare)
            let after = max(Double(bin.holdout) / holdout, PopulationStability.smallestShare)
            sum += (after - before) * Elementary.log(after / before)
        }
        return sum
    }

    /// How many values lie above the bound before and up to each of the ascending bounds, and above
    /// the last.
    private static func counts(_ values: [Double], _ bounds: [Double]) -> [Int] {
        var counts = [Int](repeating: 0, count: bounds.count + 1)
        let bounds = bounds.span
        for value in values {
            // There are nine at most: to look at each costs less than to guess where to go on.
            var bin = 0
            for index in bounds.indices where value > bounds[unchecked: index] { bin += 1 }
            counts[bin] += 1
        }
        return counts
    }
}
