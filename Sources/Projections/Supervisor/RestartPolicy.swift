/// How long a process that ended waits for its next start: longer each time, up to a bound, and
/// from the beginning again when it had run well for a while.
struct RestartPolicy: Hashable, Sendable {
    /// Seconds before the first start again.
    static let shortest = 0.25
    /// The most seconds.
    static let longest = 30.0
    /// Seconds after which a process had run well.
    static let good = 60.0

    /// Ends since it last ran well.
    private(set) var failures = 0

    /// Seconds to wait, when a process ended that had run for so many.
    mutating func delay(after seconds: Double) -> Double {
        if seconds >= RestartPolicy.good { failures = 0 }
        defer { failures += 1 }
        return min(RestartPolicy.longest, RestartPolicy.shortest * Double(1 << min(failures, 16)))
    }
}
