/// How single sessions went: the tail, the extremes, and how long good and bad ones lasted.
public struct DayMetrics: Sendable {
    /// Sessions without a break, all above 0 or all below.
    public struct Streak: Hashable, Sendable {
        /// The first of them.
        public var first: Int
        /// How many.
        public var count: Int
    }

    /// The part of the sessions that the tail is.
    public static let tail = 0.05
    /// Sessions that are shown at each end.
    public static let shown = 5

    /// The 5 % quantile of daily returns, as they were, between two of them by their distance.
    /// Equals `numpy.percentile(returns, 5)`, `empyrical.value_at_risk`; `ReturnMetrics` has that
    /// of a normal distribution.
    public var valueAtRisk: Double?
    /// The mean of the returns at or below it. Equals `quantstats.stats.cvar` with
    /// `method="historical"`.
    public var conditionalValueAtRisk: Double?
    /// The sessions with the highest returns, the highest first.
    public var best: [Int]
    /// The sessions with the lowest returns, the lowest first.
    public var worst: [Int]
    /// The longest run of sessions above 0; of equal ones the first. Its length equals
    /// `quantstats.stats.consecutive_wins`.
    public var longestGain: Streak?
    /// The longest run of sessions below 0. Its length equals
    /// `quantstats.stats.consecutive_losses`.
    public var longestLoss: Streak?
    /// Sessions above 0 / sessions that are not 0. Equals `quantstats.stats.win_rate`.
    public var shareAboveZero: Double?

    /// The figures of a series.
    ///
    /// - Precondition: every return is finite.
    public init(_ returns: [Double]) {
        precondition(returns.allSatisfy(\.isFinite), "a daily return is a finite number")
        let order = returns.indices.sorted { left, right in
            returns[left] == returns[right] ? left < right : returns[left] < returns[right]
        }
        worst = order.prefix(Self.shown).filter { returns[$0] < 0 }
        best = order.suffix(Self.shown).reversed().filter { returns[$0] > 0 }
        longestGain = Self.longest(returns) { $0 > 0 }
        longestLoss = Self.longest(returns) { $0 < 0 }
        let above = returns.count { $0 > 0 }
        let moved = returns.count { $0 != 0 }
        shareAboveZero = moved > 0 ? Double(above) / Double(moved) : nil
        guard returns.count >= 2 else { return }
        let place = Double(returns.count - 1) * Self.tail
        let low = Int(place.rounded(.down))
        let (below, next) = (returns[order[low]], returns[order[min(low + 1, returns.count - 1)]])
        let quantile = below + (next - below) * (place - Double(low))
        valueAtRisk = quantile
        conditionalValueAtRisk = Moments.mean(returns.filter { $0 <= quantile })
    }

    private static func longest(_ returns: [Double], _ holds: (Double) -> Bool) -> Streak? {
        var longest: Streak?
        var current = Streak(first: 0, count: 0)
        for (place, value) in returns.enumerated() {
            guard holds(value) else {
                current = Streak(first: place + 1, count: 0)
                continue
            }
            current.count += 1
            if current.count > longest?.count ?? 0 { longest = current }
        }
        return longest
    }
}
