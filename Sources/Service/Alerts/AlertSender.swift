public import Events

/// What came of one sending.
public enum AlertAnswer: Hashable, Sendable {
    /// It was taken.
    case taken
    /// It was not, and why: without a secret, for it is recorded.
    case refused(String)
}

/// A way by which alerts go out. It is called by one thread of its own, and may take its time.
public protocol AlertSender: Sendable {
    /// As it is recorded.
    var channel: AlertChannel { get }
    /// Where it leads, in words without a secret.
    var place: String { get }
    /// Sends an alert and waits for the answer, at most some 30 s, and less once `isOver`.
    func send(_ alert: Alert, at now: Instant, until isOver: () -> Bool) -> AlertAnswer
}

/// Why alerts cannot go out as the settings ask: what, and what to do.
public struct AlertRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// All of it.
    public let description: String

    /// Of a text.
    public init(description: String) { self.description = description }
}

/// When an alert that was not taken is sent again, and when it is given up.
struct AlertSchedule: Sendable {
    /// Seconds after the first attempts; the last is repeated.
    var delays = [1.0, 5, 30, 120, 600, 3_600]
    /// Seconds after the first attempt, as often as there are delays, until it is given up.
    var limit = 86_400.0

    /// Seconds until the next attempt after so many; nil to give up.
    func delay(after attempts: Int, since first: Double, at now: Double) -> Double? {
        guard attempts < delays.count || now - first < limit else { return nil }
        return delays[min(attempts, delays.count) - 1]
    }
}
