public import Events

/// The sessions of a test's market, by number from 0: every weekday but the holidays.
public struct Sessions: Sendable {
    private let first: Day
    private let holidays: [Day]

    init(from first: Day, holidays: [Day]) {
        (self.first, self.holidays) = (first, holidays)
    }

    /// The date of a session.
    public subscript(number: Int) -> Day {
        precondition(number >= 0, "sessions are counted from 0")
        var (day, left) = (first, number)
        while true {
            if day.isoWeekday <= 5, !holidays.contains(day) {
                if left == 0 { return day }
                left -= 1
            }
            day = day + 1
        }
    }

    /// From the close of a session to that of the one after it.
    func span(_ number: Int) -> Range<Instant> {
        Instant(self[number], hour: 21)..<Instant(self[number + 1], hour: 21)
    }
}
