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
        let (training, holdout) = (training.sorted(), holdout.sorted())
        var bounds: [Double] = []
        for decile in 1...9 {
            let bound = training[(decile * training.count + 9) / 10 - 1]
            if bounds.last != bound { bounds.append(bound) }
        }
        var bins: [Bin] = []
        var done = (training: 0, holdout: 0)
        for bound in bounds.map(Optional.some) + [nil] {
            let ends = (
                training: PopulationStability.count(through: bound, training),
                holdout: PopulationStability.count(through: bound, holdout)
            )
            bins.append(
                Bin(
                    through: bound, training: ends.training - done.training,
                    holdout: ends.holdout - done.holdout))
            done = ends
        }
        self.bins = bins
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

    /// How many of the ascending values are at most `bound`.
    private static func count(through bound: Double?, _ ascending: [Double]) -> Int {
        guard let bound else { return ascending.count }
        var (low, high) = (0, ascending.count)
        while low < high {
            let middle = (low + high) / 2
            if ascending[middle] <= bound { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
