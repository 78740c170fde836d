public import Events

/// A stretch during which the portfolio was worth less than its highest value before.
public struct Drawdown: Hashable, Sendable {
    /// The last session at the high, nil when the high is the starting value.
    public var peak: Day?
    /// The first session below the high.
    public var start: Day
    /// The session of the lowest value, the first of equals.
    public var trough: Day
    /// The first session at or above the high again, nil when the run ended below it.
    public var recovery: Day?
    /// Lowest value / high − 1; negative.
    public var depth: Double
    /// Sessions below the high.
    public var sessions: Int

    /// Every drawdown of a run in order of time, comparing exact values.
    ///
    /// The depths equal `quantstats.stats.drawdown_details` ("max drawdown" / 100); its "end" is
    /// the last session below the high, where `recovery` is the session after it.
    public static func all(in daily: [DailyRecord], from startingValue: Money) -> [Drawdown] {
        var found: [Drawdown] = []
        var open: Drawdown?
        var high = startingValue
        var lowest = startingValue
        var peak: Day?
        for record in daily {
            if record.value >= high {
                if var ended = open {
                    ended.recovery = record.day
                    found.append(ended)
                    open = nil
                }
                high = record.value
                peak = record.day
                continue
            }
            var current =
                open
                ?? Drawdown(
                    peak: peak, start: record.day, trough: record.day, recovery: nil, depth: 0,
                    sessions: 0)
            if current.sessions == 0 || record.value < lowest {
                lowest = record.value
                current.trough = record.day
                current.depth = record.value.dollars / high.dollars - 1
            }
            current.sessions += 1
            open = current
        }
        if let open { found.append(open) }
        return found
    }

    /// The `count` deepest, the deepest first and the earlier of equals first.
    public static func deepest(_ count: Int, of drawdowns: [Drawdown]) -> [Drawdown] {
        Array(
            drawdowns.sorted { ($0.depth, $0.start) < ($1.depth, $1.start) }.prefix(count))
    }
}
