import Market

/// What prices alone say of a ticker: the façade's answer where there is no model, marked as such.
/// Nothing that the loop decides reads it.
///
/// p = .4·σ(5·mom20) + .3·σ(−.1·(RSI14 − 50)) + .3·σ(−2·z50), and .8 of that where the mean of 20
/// closes lies under the mean of 50: the return over 20 bars, the relative strength index and how
/// many sample deviations of 50 closes the latest lies from their mean. Confidence is the share of
/// the three that agree with p, times 4·|p − .5|, at most 1.
public struct Momentum: Hashable, Sendable {
    /// One of its three parts.
    public struct Part: Hashable, Sendable {
        /// What it is called.
        public let name: String
        /// What was measured.
        public let value: Double
        /// What it says, from 0 (down) to 1 (up).
        public let share: Double
        /// How much it counts.
        public let weight: Double
    }

    /// The parts, in the order of the formula.
    public let parts: [Part]
    /// Whether the mean of 20 closes lies under that of 50.
    public let isBelowTrend: Bool
    /// The chance of a rise that it gives.
    public let probability: Double
    /// How sure it is, from 0 to 1.
    public let confidence: Double

    /// Bars that it needs.
    public static let bars = 50

    /// Reads the latest bars; nil where there are fewer than it needs.
    public init?(_ prices: borrowing PriceWindow) {
        guard prices.closes.count >= Momentum.bars else { return nil }
        let change = prices.simpleReturn(20)
        let strength = prices.relativeStrength(14)
        let deviation = Momentum.deviations(prices.closes.suffix(Momentum.bars))
        parts = [
            Part(
                name: "return over 20 sessions", value: change,
                share: Momentum.logistic(5 * change), weight: 0.4),
            Part(
                name: "relative strength index 14", value: strength,
                share: Momentum.logistic(-0.1 * (strength - 50)), weight: 0.3),
            Part(
                name: "deviations from the mean of 50", value: deviation,
                share: Momentum.logistic(-2 * deviation), weight: 0.3),
        ]
        isBelowTrend =
            Momentum.mean(prices.closes.suffix(20)) < Momentum.mean(prices.closes.suffix(50))
        let mixed = parts.reduce(0) { $0 + $1.weight * $1.share }
        let probability = isBelowTrend ? 0.8 * mixed : mixed
        self.probability = probability
        let agreeing = parts.reduce(0.0) {
            $0 + (($1.share - 0.5) * (probability - 0.5) > 0 ? 1 : 0)
        }
        confidence = min(1, agreeing / 3 * 4 * (probability - 0.5).magnitude)
    }

    private static func mean(_ values: ArraySlice<Double>) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    /// Sample deviations (n − 1) of the latest value from the mean; 0 when nothing moved.
    private static func deviations(_ values: ArraySlice<Double>) -> Double {
        guard let latest = values.last, values.count > 1 else { return 0 }
        let mean = mean(values)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(values.count - 1)).squareRoot()
        return deviation == 0 ? 0 : (latest - mean) / deviation
    }

    private static func logistic(_ value: Double) -> Double { 1 / (1 + Elementary.exp(-value)) }
}
