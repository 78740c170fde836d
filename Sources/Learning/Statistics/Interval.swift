/// A range of values with both ends.
public struct Interval: Hashable, Sendable {
    /// The lower end.
    public var low: Double
    /// The upper end.
    public var high: Double

    /// An interval from its ends.
    public init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// The percentile interval that holds the middle 95 % of `draws`.
    ///
    /// The quantile at q of n sorted values lies at place q·(n − 1), with a straight line between
    /// neighbours (Hyndman and Fan's type 7, the default of numpy and R).
    ///
    /// - Precondition: there is a draw, and no draw is NaN.
    public init(middle95 draws: [Double]) {
        precondition(!draws.isEmpty, "an interval needs draws")
        let sorted = draws.sorted()
        self.init(low: Interval.quantile(1, of: sorted), high: Interval.quantile(39, of: sorted))
    }

    /// The quantile at `fortieths`/40 of ascending values.
    private static func quantile(_ fortieths: Int, of sorted: [Double]) -> Double {
        let (place, rest) = ((sorted.count - 1) * fortieths).quotientAndRemainder(dividingBy: 40)
        guard rest > 0 else { return sorted[place] }
        return sorted[place] + (sorted[place + 1] - sorted[place]) * (Double(rest) / 40)
    }
}
