import Events

/// The sessions of a timeline, in order.
struct SessionCalendar: Sendable {
    /// Ascending.
    private(set) var days: [Day] = []

    /// A session closed; it is later than all before it.
    mutating func append(_ day: Day) { days.append(day) }

    /// Number of a session, from 0; nil for a day that is none.
    func number(of day: Day) -> Int? {
        var (low, high) = (0, days.count)
        while low < high {
            let middle = (low + high) / 2
            if days[middle] < day { low = middle + 1 } else { high = middle }
        }
        return low < days.count && days[low] == day ? low : nil
    }

    /// The last session on or before a day; the first of all where none is.
    func last(through day: Day) -> Day? { days.last { $0 <= day } ?? days.first }

    /// Whether `day` is a session that had closed at an instant.
    func closed(_ day: Day, before instant: Instant) -> Bool {
        Instant(day, hour: 21) <= instant && number(of: day) != nil
    }
}
