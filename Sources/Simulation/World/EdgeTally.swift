/// What filings were to earn over 42 sessions, and what they did, by kind.
///
/// Realised is the signed logarithm of the price over the index from the first open after the
/// filing to the 42nd close, half the variance added back: its expectation is the drift of all
/// filings whose windows overlap this one, its own included.
public struct EdgeTally: Hashable, Sendable {
    /// The filings of one kind.
    public struct Kind: Hashable, Sendable {
        /// `skilled_buys` and so on.
        public var name: String
        /// Filings with a whole window.
        public var count = 0
        var plantedSum = 0.0
        var sum = 0.0
        var squares = 0.0

        /// Mean planted edge, basis points.
        public var planted: Double? { count == 0 ? nil : plantedSum / Double(count) * 10_000 }
        /// Mean realised, basis points.
        public var realised: Double? { count == 0 ? nil : sum / Double(count) * 10_000 }
        /// Standard error of the mean as if windows were apart, basis points.
        public var standardError: Double? {
            guard count > 1 else { return nil }
            let mean = sum / Double(count)
            let variance = (squares - Double(count) * mean * mean) / Double(count - 1)
            return (max(variance, 0) / Double(count)).squareRoot() * 10_000
        }
    }

    /// Skilled buys and sells, other buys and sells, then all.
    public private(set) var kinds =
        ["skilled_buys", "skilled_sells", "other_buys", "other_sells", "all"].map { Kind(name: $0) }

    /// Nothing measured yet.
    public init() {}

    mutating func add(isBuy: Bool, isSkilled: Bool, planted: Double, realised: Double) {
        for index in [(isSkilled ? 0 : 2) + (isBuy ? 0 : 1), 4] {
            kinds[index].count += 1
            kinds[index].plantedSum += planted
            kinds[index].sum += realised
            kinds[index].squares += realised * realised
        }
    }
}
