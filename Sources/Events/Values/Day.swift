/// A calendar day: days since 1970-01-01 in the proleptic Gregorian calendar.
public struct Day: RawRepresentable, Hashable, Comparable, Sendable {
    /// Days since 1970-01-01, negative before.
    public var rawValue: Int32

    /// Wraps a number of days since 1970-01-01.
    @inlinable
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The day of a civil date, or nil when there is no such date.
    ///
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= Day.length(ofMonth: month, year: year),
            (-9_999...9_999).contains(year)
        else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.rawValue = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// The civil date of this day. Source: Hinnant, `civil_from_days`.
    public var civil: (year: Int, month: Int, day: Int) {
        let shifted = Int(rawValue) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// The ISO weekday, 1 for Monday to 7 for Sunday.
    @inlinable
    public var isoWeekday: Int {
        let shifted = (Int(rawValue) + 3) % 7
        return (shifted < 0 ? shifted + 7 : shifted) + 1
    }

    /// The Monday of this day's ISO week.
    @inlinable
    public var mondayOfWeek: Day {
        self - (isoWeekday - 1)
    }

    /// Whether `left` is earlier.
    @inlinable
    public static func < (left: Day, right: Day) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The day `days` after this one, capped at the ends of the range.
    @inlinable
    public static func + (day: Day, days: Int) -> Day {
        Day(rawValue: day.rawValue.adding(capped: Int32(clamping: days)))
    }

    /// The day `days` before this one, capped at the ends of the range.
    @inlinable
    public static func - (day: Day, days: Int) -> Day {
        Day(rawValue: day.rawValue.subtracting(capped: Int32(clamping: days)))
    }

    /// Days from `right` to `left`.
    @inlinable
    public static func - (left: Day, right: Day) -> Int {
        Int(left.rawValue) - Int(right.rawValue)
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Day: CustomStringConvertible, LosslessStringConvertible {
    /// ISO 8601, `2019-01-02`.
    public var description: String {
        let (year, month, day) = civil
        return "\(padded(Int64(year), 4))-\(padded(Int64(month), 2))-\(padded(Int64(day), 2))"
    }

    /// Reads `YYYY-MM-DD`, and nothing else.
    public init?(_ description: String) {
        let bytes = Array(description.utf8)
        guard bytes.count == 10, bytes[4] == 45, bytes[7] == 45,
            let year = Day.digits(bytes[0..<4]), let month = Day.digits(bytes[5..<7]),
            let day = Day.digits(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    private static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard byte >= 48, byte <= 57 else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        return value
    }
}
