public import Events

/// New York's hours in UTC, for hours of trade: nothing here asks a time-zone table.
public enum NewYorkTime {
    /// An hour of the afternoon in New York on a day of 1987 or later.
    static func instant(_ day: Day, hour: Int) -> Instant {
        instant(day, minute: 60 * hour)
    }

    /// A minute of a day in New York, from 02:00 on, of 1987 or later.
    public static func instant(_ day: Day, minute: Int) -> Instant {
        Instant(day, hour: isDaylightSaving(day) ? 4 : 5, minute: minute)
    }

    /// The date in New York and the minute of its day, 0 to 1,439. In the night in which clocks
    /// change it is an hour off until 02:00, when nobody trades.
    public static func local(_ instant: Instant) -> (day: Day, minute: Int) {
        let behind = isDaylightSaving(instant.adding(seconds: -5 * 3_600).day) ? 4 : 5
        let moved = instant.adding(seconds: Int64(-behind) * 3_600)
        let day = moved.day
        let nanoseconds = moved.rawValue - Instant(day).rawValue
        return (day, Int(nanoseconds / 60_000_000_000))
    }

    /// Whether a day's afternoon is on daylight saving time, four hours behind UTC and not five.
    ///
    /// From the first Sunday of April to the last of October by Public Law 99-359, in force from
    /// 1987; from the second of March to the first of November by the Energy Policy Act of 2005
    /// (Public Law 109-58, section 110), in force from 2007. Clocks change at two in the morning.
    static func isDaylightSaving(_ day: Day) -> Bool {
        let year = day.civil.year
        return year < 2007
            ? day >= sunday(1, of: 4, year) && day < sunday(1, of: 11, year) - 7
            : day >= sunday(2, of: 3, year) && day < sunday(1, of: 11, year)
    }

    /// The `number`th Sunday of a month.
    private static func sunday(_ number: Int, of month: Int, _ year: Int) -> Day {
        guard let first = Day(year: year, month: month, day: 1) else {
            preconditionFailure("every month has a first day")
        }
        return first + (7 - first.isoWeekday) + 7 * (number - 1)
    }
}
