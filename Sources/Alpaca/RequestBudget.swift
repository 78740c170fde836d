import Brokerage
public import Events

/// How many requests may still be sent: at most so many in any 60 seconds, of which some are kept
/// for what must not wait.
public struct RequestBudget: Hashable, Sendable {
    /// Requests in 60 seconds.
    public let limit: Int
    /// Of these, kept for orders and cancels.
    public let reserve: Int
    private var sent: [Instant] = []

    /// A budget.
    public init(limit: Int = 200, reserve: Int = 50) {
        precondition(0..<limit ~= reserve, "a reserve is a part of the budget")
        (self.limit, self.reserve) = (limit, reserve)
    }

    /// Counts a request that is sent now; or gives when it may be sent, and counts none.
    public mutating func wait(at now: Instant, isUrgent: Bool) -> Instant? {
        let begun = now.adding(seconds: -60)
        sent.removeAll { $0 <= begun }
        let allowed = isUrgent ? limit : limit - reserve
        guard sent.count >= allowed else {
            sent.append(now)
            return nil
        }
        return sent[sent.count - allowed].adding(seconds: 60)
    }
}

/// How long to wait after failures in a row: twice as long after each, with jitter, from the second
/// on; a single failure is followed up at once.
public struct BackOff: Hashable, Sendable {
    /// Seconds after the second failure, and at most: what protects a holding waits no longer.
    public let (first, most): (Int64, Int64)
    private var failures = 0
    private var chance: SeededChance
    private var until: Instant?

    /// A back-off whose jitter is of a seed.
    public init(seed: UInt64, first: Int64 = 1, most: Int64 = 15) {
        (self.first, self.most) = (first, most)
        chance = SeededChance(seed: seed)
    }

    /// When the next request may be sent; nil at once.
    public func wait(at now: Instant) -> Instant? {
        until.flatMap { now < $0 ? $0 : nil }
    }

    /// An answer came.
    public mutating func succeed() {
        (failures, until) = (0, nil)
    }

    /// No answer came.
    public mutating func fail(at now: Instant) {
        failures += 1
        guard failures > 1 else { return }
        let seconds = min(most, first << Int64(min(failures - 2, 20)))
        // Half of it to three halves.
        let jitter = Int64.random(in: 500...1_500, using: &chance)
        until = now.adding(nanoseconds: seconds * jitter * 1_000_000)
    }

    /// The broker names the instant.
    public mutating func hold(until instant: Instant) {
        until = max(until ?? instant, instant)
    }
}
