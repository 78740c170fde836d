public import Events
import Foundation

/// The time that a service goes by, and how it waits.
public protocol ServiceClock: Sendable {
    /// Now.
    func now() -> Instant
    /// Seconds of a clock that nobody sets and that goes on while the machine sleeps.
    func elapsed() -> Double
    /// How many of its seconds pass in a second of the machine: more than 1 in a world whose days
    /// are short.
    var pace: Double { get }
    /// Waits at most so many seconds of this clock, and less when `isDone` says so; it is asked
    /// about twenty times a second.
    func wait(_ seconds: Double, until isDone: () -> Bool)
}

extension ServiceClock {
    /// As the machine's.
    public var pace: Double { 1 }
}

/// The machine's clock.
public struct SystemClock: ServiceClock {
    /// The machine's clock.
    public init() {}

    /// Now, to the microsecond.
    public func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(rawValue: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Seconds since the machine started.
    public func elapsed() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Waits, looking every 50 ms whether it is done.
    public func wait(_ seconds: Double, until isDone: () -> Bool) {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        while clock.now < end, !isDone() { usleep(50_000) }
    }
}
