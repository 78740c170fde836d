import Events

/// Holds the wall clock against a clock that nobody sets, since they agreed last: a service decides
/// at instants of the wall clock, and one that was set to another day would run or miss days.
///
/// A slow drift is what time servers make and is taken; a step is not.
public struct ClockComparison: Sendable {
    /// Seconds between two comparisons while they agree, and seconds that they may differ by.
    public static let (interval, tolerance) = (60.0, 5.0)

    private var wall: Instant
    private var elapsed: Double
    /// Seconds that the wall clock was off when it was compared last; 0 while they agree.
    public private(set) var offset = 0.0

    /// They agree when the service starts: nothing says otherwise.
    public init(_ clock: any ServiceClock) {
        (wall, elapsed) = (clock.now(), clock.elapsed())
    }

    /// Whether scheduled instants may be run by the wall clock: at most once a minute it is
    /// compared, and while it is off each time.
    public mutating func agrees(_ clock: any ServiceClock) -> Bool {
        let (now, since) = (clock.now(), clock.elapsed())
        let passed = since - elapsed
        let shown = now.seconds(since: wall)
        guard
            offset != 0 || passed >= ClockComparison.interval
                || (shown - passed).magnitude > ClockComparison.tolerance
        else { return true }
        guard (shown - passed).magnitude <= ClockComparison.tolerance else {
            offset = shown - passed
            return false
        }
        (wall, elapsed, offset) = (now, since, 0)
        return true
    }
}

extension Instant {
    /// Seconds since another.
    fileprivate func seconds(since other: Instant) -> Double {
        Double(rawValue &- other.rawValue) / 1e9
    }
}
