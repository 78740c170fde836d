/// Where a figure stands among those of permuted worlds.
public struct ControlTest: Hashable, Sendable {
    /// In the true world.
    public var observed: Double
    /// In the permuted ones, in order of their seeds.
    public var permuted: [Double]

    /// A test of a figure.
    public init(observed: Double, permuted: [Double]) {
        self.observed = observed
        self.permuted = permuted
    }

    /// (1 + permuted ones at or above the observed) / (permuted ones + 1).
    public var pValue: Double {
        Double(1 + permuted.count { $0 >= observed }) / Double(permuted.count + 1)
    }

    /// The middle of the permuted ones; nil without.
    public var median: Double? {
        guard !permuted.isEmpty else { return nil }
        let sorted = permuted.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// What one run has more than another, world by world.
    ///
    /// - Precondition: both saw the same permuted worlds.
    static func difference(_ run: ControlTest, _ other: ControlTest) -> ControlTest {
        precondition(run.permuted.count == other.permuted.count, "both saw the same worlds")
        return ControlTest(
            observed: run.observed - other.observed,
            permuted: zip(run.permuted, other.permuted).map { $0 - $1 })
    }
}
