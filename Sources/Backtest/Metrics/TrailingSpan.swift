import Events

/// A span of sessions up to the last one, as tear sheets name them.
struct TrailingSpan: Hashable, Sendable {
    /// Its name.
    var name: String
    /// The number of its first session.
    var first: Int

    /// Month and year to date, and the last months and years, of those that are shorter than the
    /// whole window.
    ///
    /// A span of N months holds the sessions from the same day of the month N months before the
    /// last session on, or from the last day of that month where it has no such day: those that
    /// `quantstats.reports` shows, whose 3 and 5 years are a month shorter.
    static func all(_ days: [Day]) -> [TrailingSpan] {
        guard let last = days.last else { return [] }
        let (year, month, _) = last.civil
        let starts: [(String, Day?)] = [
            ("Month to date", Day(year: year, month: month, day: 1)),
            ("3 months", before(last, months: 3)), ("6 months", before(last, months: 6)),
            ("Year to date", Day(year: year, month: 1, day: 1)),
            ("1 year", before(last, months: 12)), ("3 years", before(last, months: 36)),
            ("5 years", before(last, months: 60)),
        ]
        return starts.compactMap { name, start in
            guard let start, let first = days.firstIndex(where: { $0 >= start }), first > 0 else {
                return nil
            }
            return TrailingSpan(name: name, first: first)
        }
    }

    /// The same day some months before, or the last day of that month.
    static func before(_ day: Day, months: Int) -> Day? {
        let (year, month, date) = day.civil
        let count = year * 12 + month - 1 - months
        let (own, number) = (count / 12, count % 12 + 1)
        for shown in stride(from: date, through: 28, by: -1) {
            if let found = Day(year: own, month: number, day: shown) { return found }
        }
        return Day(year: own, month: number, day: date)
    }
}
