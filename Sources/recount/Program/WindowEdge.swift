import Events

/// An end of a window of time, `--from` or `--to`: a date, whose day lies within it, or an instant.
enum WindowEdge {
    /// The first instant within; of a date that no instant reaches the nearest.
    static func first(_ text: String) -> Instant? { Day(text).map { Instant($0) } ?? Instant(text) }

    /// The first instant behind it.
    static func behind(_ text: String) -> Instant? {
        Day(text).map { Instant($0 + 1) } ?? Instant(text)?.adding(nanoseconds: 1)
    }
}
