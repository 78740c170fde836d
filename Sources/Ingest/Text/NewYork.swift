import Events

/// Days as the exchanges in New York count them.
enum NewYork {
    /// The day in New York at a moment, seconds since 1970-01-01 UTC.
    ///
    /// Daylight saving as since 2007 (second Sunday of March to first Sunday of November), and
    /// before as from 1987 (first Sunday of April to last Sunday of October), at 2:00.
    static func day(at seconds: Int) -> Day? {
        let utc = Day(rawValue: Int32(clamping: floorDivide(seconds, 86_400)))
        let standard = seconds - 5 * 3_600
        let year = utc.civil.year
        guard let start = summerStart(year), let end = summerEnd(year) else { return nil }
        let begins = Int(start.rawValue) * 86_400 + 7 * 3_600
        let ends = Int(end.rawValue) * 86_400 + 6 * 3_600
        let isSummer = seconds >= begins && seconds < ends
        return Day(
            rawValue: Int32(
                clamping: floorDivide(isSummer ? standard + 3_600 : standard, 86_400)))
    }

    private static func summerStart(_ year: Int) -> Day? {
        year >= 2007
            ? sunday(onOrAfter: Day(year: year, month: 3, day: 8))
            : sunday(onOrAfter: Day(year: year, month: 4, day: 1))
    }

    private static func summerEnd(_ year: Int) -> Day? {
        year >= 2007
            ? sunday(onOrAfter: Day(year: year, month: 11, day: 1))
            : sunday(onOrAfter: Day(year: year, month: 10, day: 25))
    }

    private static func sunday(onOrAfter day: Day?) -> Day? {
        day.map { $0 + (7 - $0.isoWeekday) }
    }
}

/// The quotient rounded down.
func floorDivide(_ value: Int, _ divisor: Int) -> Int {
    value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
}
