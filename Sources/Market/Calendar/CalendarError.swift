public import Events

/// Why a calendar does not answer.
public enum CalendarError: Error, Hashable, Sendable {
    /// The date lies outside of the years that the calendar knows: an error, never a guess.
    case outside(Day, calendar: String, years: ClosedRange<Int>)
    /// The exchange did not trade on the date, so that there is no close.
    case noSession(Day, calendar: String)
}

extension CalendarError: CustomStringConvertible {
    /// The date, what is wrong with it, and what to do.
    public var description: String {
        switch self {
        case .outside(let day, let calendar, let years):
            "\(day) lies outside of the calendar \(calendar), which has the years "
                + "\(years.lowerBound) to \(years.upperBound); with --calendar none the dates that "
                + "most tickers have a bar of are the sessions"
        case .noSession(let day, let calendar):
            "\(day) is no session of \(calendar), and has no close"
        }
    }
}
