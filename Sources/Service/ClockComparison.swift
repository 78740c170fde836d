public import Events

/// Holds the wall clock against the broker's, at most once a minute, and where there is none or it
/// does not answer against a clock that nobody sets, since they agreed last: a service decides at
/// instants of the wall clock, and one that was set to another day would run or miss days.
///
/// A slow drift is what time servers make and is taken; a step is not.
public struct ClockComparison: Sendable {
    /// Seconds after which what is held against moves on, and seconds that they may differ by.
    public static let (interval, tolerance) = (60.0, 5.0)

    private var wall: Instant
    private var elapsed: Double
    /// When the broker was asked last, by the clock that nobody sets.
    private var askedAt: Double?
    /// Whether it is the broker's clock that it is off.
    public private(set) var isOfBroker = false
    /// Seconds that the wall clock was off when that was last told; 0 while they agree. A little
    /// more or less is the same trouble, and is told as it was.
    public private(set) var offset = 0.0

    /// They agree when the service starts: nothing says otherwise.
    public init(_ clock: any ServiceClock) {
        (wall, elapsed) = (clock.now(), clock.elapsed())
    }

    /// What the clock would show, had nobody set it since they agreed last.
    public func corrected(_ clock: any ServiceClock) -> Instant {
        wall.adding(nanoseconds: Int64((clock.elapsed() - elapsed) * 1e9))
    }

    /// Whether scheduled instants may be run by the wall clock. What it is held against moves on
    /// once a minute, while they agree; `broker` gives what the broker's clock shows, nil for none.
    public mutating func agrees(
        _ clock: any ServiceClock, broker: () -> Instant? = { nil }
    ) -> Bool {
        if askedAt.map({ clock.elapsed() - $0 >= ClockComparison.interval }) ?? true {
            askedAt = clock.elapsed()
            if let shown = broker() {
                (wall, elapsed, isOfBroker) = (shown, clock.elapsed(), true)
            }
        }
        let (now, since) = (clock.now(), clock.elapsed())
        let passed = since - elapsed
        let shown = now.seconds(since: wall)
        let difference = shown - passed
        guard difference.magnitude <= ClockComparison.tolerance else {
            if (difference - offset).magnitude > ClockComparison.tolerance {
                offset = difference
            }
            return false
        }
        offset = 0
        if passed >= ClockComparison.interval { (wall, elapsed) = (now, since) }
        return true
    }
}

extension Instant {
    /// Seconds since another.
    fileprivate func seconds(since other: Instant) -> Double {
        Double(rawValue &- other.rawValue) / 1e9
    }
}
