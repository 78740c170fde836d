public import Market

/// A ticker's latest closes and volumes, oldest first, and the indicators over them.
///
/// Every indicator is a function of a fixed number of bars, so that it does not depend on when
/// replay began; sums run from the oldest bar on. NaN when too few bars are known. None changes
/// when all prices are multiplied by a constant.
public struct PriceWindow: Sendable {
    /// Closes, dollars, oldest first.
    public private(set) var closes: [Double] = []
    /// Shares traded, in the same order.
    public private(set) var volumes: [Double] = []

    /// No bars.
    public init() {}

    /// The latest bars of a slot, at most as many as `bars`.
    public init(_ prices: borrowing PriceBook, slot: Int, bars: Int) {
        var (closes, volumes): ([Double], [Double]) = ([], [])
        closes.reserveCapacity(min(bars, prices.barCount(slot)))
        volumes.reserveCapacity(closes.capacity)
        prices.forEachBar(slot, latest: bars) {
            closes.append($0.close)
            volumes.append($0.volume)
        }
        (self.closes, self.volumes) = (closes, volumes)
    }

    /// Bars given as closes and volumes, oldest first.
    ///
    /// - Precondition: there are as many of each.
    public init(closes: [Double], volumes: [Double]) {
        precondition(closes.count == volumes.count, "each bar has a close and a volume")
        (self.closes, self.volumes) = (closes, volumes)
    }

    private func last(_ count: Int) -> ArraySlice<Double>? {
        closes.count >= count ? closes[(closes.count - count)...] : nil
    }

    /// Close over the close `bars` bars ago, less 1.
    public func simpleReturn(_ bars: Int) -> Double {
        guard closes.count > bars else { return .nan }
        return closes[closes.count - 1] / closes[closes.count - 1 - bars] - 1
    }

    /// Sample deviation (n − 1) of the latest `bars` log returns, a year of 252 sessions.
    public func volatility(_ bars: Int) -> Double {
        guard let window = last(bars + 1), bars > 1 else { return .nan }
        var returns: [Double] = []
        for index in window.indices.dropFirst() {
            returns.append(Elementary.log(window[index] / window[index - 1]))
        }
        let mean = returns.reduce(0, +) / Double(bars)
        let squares = returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(bars - 1) * 252).squareRoot()
    }

    /// The relative strength index with plain sums; 50 when nothing moved.
    ///
    /// Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978); plain sums in
    /// place of his smoothing are David Cutler's, and depend on `bars` changes only.
    public func relativeStrength(_ bars: Int) -> Double {
        guard let window = last(bars + 1) else { return .nan }
        var (gains, losses) = (0.0, 0.0)
        for index in window.indices.dropFirst() {
            let change = window[index] - window[index - 1]
            if change > 0 { gains += change } else { losses -= change }
        }
        return gains + losses == 0 ? 50 : 100 * gains / (gains + losses)
    }

    /// Moving average convergence/divergence as a fraction of the close: exponential means of span
    /// n weigh the newest close by 2 / (n + 1) and begin with the oldest close kept.
    ///
    /// NaN under `slow` bars. Source: Gerald Appel, Technical Analysis: Power Tools (2005).
    public func convergence(_ fast: Int, _ slow: Int) -> Double {
        guard closes.count >= slow, let first = closes.first else { return .nan }
        let (fastShare, slowShare) = (2 / Double(fast + 1), 2 / Double(slow + 1))
        var (quick, lazy) = (first, first)
        for close in closes.dropFirst() {
            quick += fastShare * (close - quick)
            lazy += slowShare * (close - lazy)
        }
        return (quick - lazy) / closes[closes.count - 1]
    }

    /// How many bands of two population deviations the close lies from the mean; 0 when nothing
    /// moved. Source: John Bollinger, Bollinger on Bollinger Bands (2001), with 0 in the middle.
    public func bandPosition(_ bars: Int) -> Double {
        guard let window = last(bars) else { return .nan }
        let mean = window.reduce(0, +) / Double(bars)
        let squares = window.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(bars)).squareRoot()
        return deviation == 0 ? 0 : (closes[closes.count - 1] - mean) / (2 * deviation)
    }

    /// The latest volume over the mean of the latest `bars`; NaN when none was traded.
    public func volumeRatio(_ bars: Int) -> Double {
        guard volumes.count >= bars, let latest = volumes.last else { return .nan }
        let mean = volumes[(volumes.count - bars)...].reduce(0, +) / Double(bars)
        return mean == 0 ? .nan : latest / mean
    }

    /// The close over the highest close of the latest bars, at most `bars` and at least 20, less 1.
    public func drawdown(_ bars: Int) -> Double {
        guard closes.count >= 20, let close = closes.last else { return .nan }
        let high = closes.suffix(bars).reduce(close) { max($0, $1) }
        return close / high - 1
    }

    /// Whether the close lies above the mean of the latest `bars` closes; nil under that many.
    public static func isAboveMean(
        _ prices: borrowing PriceBook, slot: Int, bars: Int
    ) -> Bool? {
        guard prices.barCount(slot) >= bars else { return nil }
        var sum = 0.0
        prices.forEachBar(slot, latest: bars) { sum += $0.close }
        return prices.latestBar(slot).close > sum / Double(bars)
    }
}
