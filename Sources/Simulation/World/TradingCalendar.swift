public import Events

/// Weekdays without the holidays of the New York Stock Exchange.
public struct TradingCalendar: Sendable {
    /// The sessions, ascending.
    public let sessions: [Day]
    private let numbers: [Int32]
    private let first: Day

    /// The first year of every world.
    public static let firstYear = 2012

    /// The sessions of `years` calendar years.
    init(years: Int) {
        var sessions: [Day] = []
        var numbers: [Int32] = []
        let firstYear = TradingCalendar.firstYear
        first = TradingCalendar.day(firstYear, 1, 1)
        for year in firstYear..<(firstYear + years) {
            let holidays = TradingCalendar.holidays(year)
            var day = TradingCalendar.day(year, 1, 1)
            let end = TradingCalendar.day(year + 1, 1, 1)
            while day < end {
                numbers.append(Int32(sessions.count))
                if day.isoWeekday <= 5, !holidays.contains(day) { sessions.append(day) }
                day = day + 1
            }
        }
        self.sessions = sessions
        self.numbers = numbers
    }

    /// The last calendar day.
    var lastDay: Day { first + (numbers.count - 1) }
    /// The first calendar day.
    var firstDay: Day { first }

    /// The number of the first session on `day` or later, nil behind the last.
    public func session(onOrAfter day: Day) -> Int? {
        let offset = max(day - first, 0)
        guard offset < numbers.count, Int(numbers[offset]) < sessions.count else { return nil }
        return Int(numbers[offset])
    }

    /// The number of the session at whose open a filing of `day` can first be traded: the filing
    /// is known at 05:00 UTC of the day after.
    public func firstOpen(afterFilingOn day: Day) -> Int? { session(onOrAfter: day + 1) }

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Day {
        guard let day = Day(year: year, month: month, day: day) else {
            preconditionFailure("\(year)-\(month)-\(day) is a date")
        }
        return day
    }

    private static func holidays(_ year: Int) -> [Day] {
        [
            observed(day(year, 1, 1)), nth(3, 1, day(year, 1, 1)), nth(3, 1, day(year, 2, 1)),
            easter(year) - 2, nth(1, 1, day(year, 5, 25)), observed(day(year, 7, 4)),
            nth(1, 1, day(year, 9, 1)), nth(4, 4, day(year, 11, 1)), observed(day(year, 12, 25)),
        ]
    }

    /// The `count`-th such weekday on or after `day`.
    private static func nth(_ count: Int, _ weekday: Int, _ day: Day) -> Day {
        day + ((weekday - day.isoWeekday + 7) % 7 + 7 * (count - 1))
    }

    private static func observed(_ day: Day) -> Day {
        switch day.isoWeekday {
        case 6: day - 1
        case 7: day + 1
        default: day
        }
    }

    /// Easter Sunday, by the anonymous Gregorian algorithm.
    private static func easter(_ year: Int) -> Day {
        let (golden, century) = (year % 19, year / 100)
        let epact =
            (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30
        let weekday = (32 + 2 * (century % 4) + 2 * (year % 100 / 4) - epact - year % 100 % 4) % 7
        let shift = (golden + 11 * epact + 22 * weekday) / 451
        let number = epact + weekday - 7 * shift + 114
        return day(year, number / 31, number % 31 + 1)
    }
}
