public import Events

/// The dates on which an exchange traded or will trade, and when each session really closes.
///
/// It has whole years and answers for no other date. What it says of the future is what is planned,
/// and what it says of the past is what came: that a session fell out because of a hurricane is
/// known here on the day before as well, so what decides must not ask it for sessions to come.
public struct ExchangeCalendar: Sendable {
    /// What a date is.
    public enum DateKind: Hashable, Sendable {
        /// A session, and the hour in New York at which it closes: 16, on short days 13 or 14.
        case session(closingHour: Int)
        /// A Saturday or Sunday.
        case weekend
        /// A weekday that the exchange's calendar of the year had as a holiday.
        case holiday
        /// A weekday on which the exchange was closed for what its calendar of the year could not
        /// have: an attack, a hurricane, mourning.
        case unplannedClosure
    }

    /// A date that is no ordinary weekday.
    private struct Exception: Sendable {
        let day: Day
        let kind: DateKind
    }

    /// The New York Stock Exchange.
    public static let xnys = ExchangeCalendar(name: "XNYS", xnysYears)

    /// The exchange's code, ISO 10383.
    public let name: String
    /// The years that it has, whole ones.
    public let years: ClosedRange<Int>
    private let days: ClosedRange<Day>
    /// Ascending by day.
    private let exceptions: [Exception]

    /// Years in their order, without a gap.
    init(name: String, _ table: [Year]) {
        guard let first = table.first?.number, let last = table.last?.number,
            let start = Day(year: first, month: 1, day: 1),
            let end = Day(year: last, month: 12, day: 31)
        else { preconditionFailure("a calendar has at least one year") }
        precondition(
            table.map(\.number) == Array(first...last), "a calendar's years follow one another")
        self.name = name
        years = first...last
        days = start...end
        exceptions = table.flatMap(\.exceptions).map { Exception(day: $0.day, kind: $0.kind) }
            .sorted { $0.day < $1.day }
    }

    /// What a date is. Throws where the calendar does not have its year.
    public func kind(of day: Day) throws(CalendarError) -> DateKind {
        guard days.contains(day) else { throw .outside(day, calendar: name, years: years) }
        if day.isoWeekday > 5 { return .weekend }
        var (low, high) = (0, exceptions.count)
        while low < high {
            let middle = (low + high) / 2
            if exceptions[middle].day < day { low = middle + 1 } else { high = middle }
        }
        return low < exceptions.count && exceptions[low].day == day
            ? exceptions[low].kind : .session(closingHour: 16)
    }

    /// Whether the exchange trades on a date.
    public func isSession(_ day: Day) throws(CalendarError) -> Bool {
        if case .session = try kind(of: day) { true } else { false }
    }

    /// The first session after a date, itself a session or not.
    public func session(after day: Day) throws(CalendarError) -> Day {
        try session(from: day, step: 1)
    }

    /// The last session before a date, itself a session or not.
    public func session(before day: Day) throws(CalendarError) -> Day {
        try session(from: day, step: -1)
    }

    private func session(from day: Day, step: Int) throws(CalendarError) -> Day {
        // Asked from outside, it would answer for a date whose neighbours it does not know.
        guard days.contains(day) else { throw .outside(day, calendar: name, years: years) }
        var next = day + step
        while try !isSession(next) { next = next + step }
        return next
    }

    /// When a session really closes: 16:00 in New York, on short days 13:00 or 14:00.
    public func close(of session: Day) throws(CalendarError) -> Instant {
        guard case .session(let hour) = try kind(of: session) else {
            throw .noSession(session, calendar: name)
        }
        return NewYorkTime.instant(session, hour: hour)
    }

    /// Whether what is known at an instant was known before a session's real close, and could have
    /// led to a fill at it. At the close itself it is too late.
    public func isKnown(
        at instant: Instant, beforeCloseOf session: Day
    ) throws(CalendarError) -> Bool {
        try instant < close(of: session)
    }
}

extension ExchangeCalendar {
    /// Weekdays without a session that bars must span before they can tell another market.
    static let leastClosedWeekdays = 3

    /// Whether bars are of another market: more than half of the weekdays between their first date
    /// and their last on which this exchange was closed have at least half as many bars as their
    /// median date. Bars of fewer such weekdays than three tell nothing.
    ///
    /// - Parameter dates: ascending, with the number of bars.
    /// - Throws: `CalendarError` for dates outside of its years.
    public func contradicts(_ dates: [(day: Day, bars: Int)]) throws(CalendarError) -> Bool {
        guard let first = dates.first?.day, let last = dates.last?.day else { return false }
        for day in [first, last] { _ = try kind(of: day) }
        let median = dates.map(\.bars).sorted()[dates.count / 2]
        let closed = exceptions.filter { exception in
            guard (first...last).contains(exception.day) else { return false }
            if case .session = exception.kind { return false } else { return true }
        }
        guard closed.count >= ExchangeCalendar.leastClosedWeekdays else { return false }
        var traded = 0
        var place = 0
        for day in closed.map(\.day) {
            while place < dates.count, dates[place].day < day { place += 1 }
            guard place < dates.count, dates[place].day == day else { continue }
            if 2 * dates[place].bars >= median { traded += 1 }
        }
        return 2 * traded > closed.count
    }

    /// A year's weekdays that are no ordinary ones, each as month and day: 704 is July 4.
    struct Year: Sendable {
        let number: Int
        var holidays: [Int] = []
        var unplanned: [Int] = []
        var closesAt13: [Int] = []
        var closesAt14: [Int] = []

        init(
            _ number: Int, holidays: [Int] = [], unplanned: [Int] = [], closesAt13: [Int] = [],
            closesAt14: [Int] = []
        ) {
            self.number = number
            self.holidays = holidays
            self.unplanned = unplanned
            self.closesAt13 = closesAt13
            self.closesAt14 = closesAt14
        }

        /// Its dates and what each is.
        var exceptions: [(day: Day, kind: DateKind)] {
            let all: [([Int], DateKind)] = [
                (holidays, .holiday), (unplanned, .unplannedClosure),
                (closesAt13, .session(closingHour: 13)), (closesAt14, .session(closingHour: 14)),
            ]
            return all.flatMap { dates, kind in
                dates.map { date in
                    guard let day = Day(year: number, month: date / 100, day: date % 100) else {
                        preconditionFailure("\(number) has no \(date)")
                    }
                    return (day, kind)
                }
            }
        }
    }
}
