import Events

/// An end of a window of time, `--from` or `--to`: a date, whose day lies within it, or an instant.
enum WindowEdge {
    /// The first instant within.
    static func first(_ text: String) -> Instant? { Moment.first(text) }

    /// The first instant behind it.
    static func behind(_ text: String) -> Instant? {
        guard let day = Day(text) else { return Instant(text)?.adding(nanoseconds: 1) }
        let end = Instant(day + 1)
        return end.day == day + 1 ? end : nil
    }
}
