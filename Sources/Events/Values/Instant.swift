/// A moment in time: nanoseconds since 1970-01-01 00:00 UTC, negative before.
///
/// Every instant in Recount is UTC all year; no time-zone table decides anything. They reach from
/// 1677-09-21 to 2262-04-11; what lies beyond is capped there, and trapped nowhere.
public struct Instant: RawRepresentable, Hashable, Comparable, Sendable {
    /// Nanoseconds since 1970-01-01 00:00 UTC.
    public var rawValue: Int64

    /// Wraps nanoseconds since 1970-01-01 00:00 UTC.
    @inlinable
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// The moment of `day` at `hour`:`minute` UTC.
    @inlinable
    public init(_ day: Day, hour: Int = 0, minute: Int = 0) {
        let seconds = Int64(day.rawValue) * 86_400 + Int64(hour * 3_600 + minute * 60)
        self = Instant.epoch.adding(seconds: seconds)
    }

    /// The UTC calendar day this moment lies in.
    @inlinable
    public var day: Day {
        let nanosecondsPerDay: Int64 = 86_400_000_000_000
        let (quotient, remainder) = rawValue.quotientAndRemainder(dividingBy: nanosecondsPerDay)
        return Day(rawValue: Int32(truncatingIfNeeded: remainder < 0 ? quotient - 1 : quotient))
    }

    /// 1970-01-01 00:00 UTC, at which undated reference facts are taken as known.
    public static let epoch = Instant(rawValue: 0)

    /// Whether `left` is earlier.
    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool {
        left.rawValue < right.rawValue
    }

    /// This moment moved by whole seconds.
    @inlinable
    public func adding(seconds: Int64) -> Instant {
        let moved = Int128(rawValue) + Int128(seconds) * 1_000_000_000
        return Instant(rawValue: Int64(clamping: max(moved, Int128(Int64.least))))
    }

    /// This moment moved by nanoseconds.
    @inlinable
    public func adding(nanoseconds: Int64) -> Instant {
        Instant(rawValue: rawValue.adding(capped: nanoseconds))
    }
}

extension Instant: CustomStringConvertible {
    /// ISO 8601 in UTC, `2019-01-02T21:00:00Z`; the fraction is printed only when there is one.
    public var description: String {
        let nanosecondsPerDay: Int64 = 86_400_000_000_000
        let day = self.day
        // By remainders: the start of the first day lies outside Int64.
        let remainder = rawValue % nanosecondsPerDay
        let inDay = remainder < 0 ? remainder + nanosecondsPerDay : remainder
        let (seconds, fraction) = inDay.quotientAndRemainder(dividingBy: 1_000_000_000)
        let clock =
            "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        return fraction == 0
            ? "\(day)T\(clock)Z" : "\(day)T\(clock).\(padded(fraction, 9))Z"
    }
}

/// `value` in decimal with leading zeros up to `width` digits.
@usableFromInline
func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
