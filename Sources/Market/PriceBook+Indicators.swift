extension PriceBook {
    /// The average true range over the ticker's latest `length` bars, in dollars, nil when fewer
    /// than `length + 1` bars are known.
    ///
    /// The mean of max(high − low, |high − previous close|, |low − previous close|), summed from
    /// the oldest bar on. Source: J. Welles Wilder, New Concepts in Technical Trading Systems
    /// (1978), with an arithmetic mean in place of his smoothing, so that it depends on `length`
    /// bars only.
    public func averageTrueRange(_ slot: Int, length: Int) -> Double? {
        guard length > 0, barCount(slot) > length else { return nil }
        var sum = 0.0
        var previousClose = bar(slot, age: length).close
        for age in (0..<length).reversed() {
            let bar = bar(slot, age: age)
            let range = max(
                bar.high - bar.low,
                max((bar.high - previousClose).magnitude, (bar.low - previousClose).magnitude))
            sum += range
            previousClose = bar.close
        }
        return sum / Double(length)
    }
}
