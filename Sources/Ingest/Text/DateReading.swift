import Events

/// Which of two numbers before a year is the month.
public enum DateOrder: String, Sendable {
    /// 12/31/2020, as Americans write.
    case monthFirst = "month-first"
    /// 31/12/2020, as most others do.
    case dayFirst = "day-first"
}

/// How the dates of a file are read.
///
/// Besides ISO dates: `20200131`, `2020/01/31`, `31.01.2020`, `31 Jan 2020`, `Jan 31, 2020`; any of
/// them with a time; seconds, milli-, micro- or nanoseconds since 1970. A moment with a zone is the
/// day in New York, where the exchanges and Congress's clerks count days; midnight, in whatever
/// zone, is its own calendar day, for that is how a date is written where a moment must stand.
struct DateReading: Equatable, Sendable {
    /// For dates like 01/02/2020; nil takes those that can be read in one way only.
    var order: DateOrder?

    /// As House, Senate and American exchanges write.
    static let american = DateReading(order: .monthFirst)

    /// The day that a text says, blanks around it allowed.
    func day(_ text: String) -> Day? {
        let text = trimmed(text)
        return text.withBytes(day)
    }

    /// The same over bytes without blanks around them.
    @inline(__always)
    func day(_ bytes: Span<UInt8>) -> Day? {
        if bytes.count == 10, let day = DateText.iso(bytes) { return day }
        if order == .monthFirst, let day = DateText.day(bytes) { return day }
        return slowDay(bytes)
    }

    @inline(never)
    private func slowDay(_ bytes: Span<UInt8>) -> Day? {
        guard (6...40).contains(bytes.count) else { return nil }
        let text = (0..<bytes.count).map { bytes[$0] }
        if text.allSatisfy(isDigit) { return DateReading.number(text) }
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return date(text[...]) }
        guard let gap = text[..<colon].lastIndex(where: { [0x20, 0x54, 0x74].contains($0) }),
            let day = date(text[..<gap]),
            let time = ClockText(String(decoding: text[(gap + 1)...], as: UTF8.self))
        else { return nil }
        guard let offset = time.offset, time.seconds != 0 else { return day }
        return NewYork.day(at: Int(day.rawValue) * 86_400 + time.seconds - offset)
    }

    /// `YYYYMMDD`, or a count since 1970 whose unit its length tells.
    private static func number(_ digits: [UInt8]) -> Day? {
        guard let value = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
        let seconds: Int
        switch digits.count {
        case 8: return checked(value / 10_000, value / 100 % 100, value % 100)
        case 10: seconds = value
        case 13: seconds = value / 1_000
        case 16: seconds = value / 1_000_000
        case 19: seconds = value / 1_000_000_000
        default: return nil
        }
        guard seconds < 7_258_118_400 else { return nil }
        return seconds % 86_400 == 0
            ? Day(rawValue: Int32(seconds / 86_400)) : NewYork.day(at: seconds)
    }

    /// A date without a time.
    private func date(_ bytes: ArraySlice<UInt8>) -> Day? {
        if bytes.count == 8, bytes.allSatisfy(isDigit) { return DateReading.number(Array(bytes)) }
        if bytes.contains(where: isLetter) { return DateReading.words(bytes) }
        guard let parts = DateParts(bytes) else { return nil }
        switch parts.order {
        case .yearFirst: return DateReading.checked(parts.first, parts.second, parts.third)
        case .yearLast(let isDotted):
            let order = isDotted ? .dayFirst : order ?? parts.onlyOrder
            switch order {
            case .monthFirst: return DateReading.checked(parts.third, parts.first, parts.second)
            case .dayFirst: return DateReading.checked(parts.third, parts.second, parts.first)
            case nil: return nil
            }
        }
    }

    /// `13 Feb 2023`, `Feb 13, 2023`, `13-Feb-2023`.
    private static func words(_ bytes: ArraySlice<UInt8>) -> Day? {
        let parts = bytes.split {
            $0 == 0x20 || $0 == 0x2C || $0 == 0x2D || $0 == 0x2E || $0 == 0x2F
        }
        guard parts.count == 3 else { return nil }
        let isMonthFirst = isLetter(parts[0][parts[0].startIndex])
        guard let month = month(parts[isMonthFirst ? 0 : 1]) else { return nil }
        // The year is the part of four digits, wherever it stands.
        var (day, year) = (parts[isMonthFirst ? 1 : 0], parts[2])
        if day.count == 4 { (day, year) = (year, day) }
        guard year.count == 4, day.count <= 2, year.allSatisfy(isDigit), day.allSatisfy(isDigit)
        else { return nil }
        return checked(number(year), month, number(day))
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int {
        digits.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
    }

    /// The month of an English name, or of its first three letters; September's first four too.
    private static func month(_ word: ArraySlice<UInt8>) -> Int? {
        guard word.count >= 3 else { return nil }
        let place = months.firstIndex { name in
            word.count <= name.count && zip(word, name).allSatisfy { $0 | 0x20 == $1 }
        }
        guard let place else { return nil }
        let isWhole = word.count == 3 || word.count == months[place].count
        return isWhole || (place == 8 && word.count == 4) ? place + 1 : nil
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    ].map { Array($0.utf8) }

    private static func checked(_ year: Int, _ month: Int, _ day: Int) -> Day? {
        guard (1900...2199).contains(year) else { return nil }
        return Day(year: year, month: month, day: day)
    }
}

/// The three numbers of a date.
struct DateParts {
    enum Order: Equatable {
        case yearFirst
        case yearLast(isDotted: Bool)
    }

    var first: Int
    var second: Int
    var third: Int
    var order: Order

    init?(_ bytes: ArraySlice<UInt8>) {
        guard let mark = bytes.first(where: { !isDigit($0) }), [0x2D, 0x2E, 0x2F].contains(mark)
        else { return nil }
        let parts = bytes.split(separator: mark, omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.allSatisfy(isDigit) && !$0.isEmpty }),
            parts[1].count <= 2
        else { return nil }
        let numbers = parts.map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
        (first, second, third) = (numbers[0], numbers[1], numbers[2])
        switch (parts[0].count, parts[2].count) {
        case (4, 1...2): order = .yearFirst
        case (1...2, 4): order = .yearLast(isDotted: mark == 0x2E)
        default: return nil
        }
    }

    /// The order in which alone this is a date; nil when both are.
    var onlyOrder: DateOrder? {
        if first > 12, second <= 12 { return .dayFirst }
        if second > 12, first <= 12 { return .monthFirst }
        return first == second ? .monthFirst : nil
    }
}

/// A time of day with a zone, or without.
struct ClockText {
    /// Seconds after midnight.
    var seconds: Int
    /// Seconds east of UTC; nil without a zone.
    var offset: Int?

    /// Reads `16:30`, `16:30:00.25`, `4:30 PM`, then `Z`, `UTC`, `+01:00`, `-0500` or nothing.
    init?(_ text: String) {
        var rest = Substring(text.uppercased())
        var numbers: [Int] = []
        while numbers.count < 3 {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard (1...2).contains(digits.count), let number = Int(digits) else { return nil }
            numbers.append(number)
            rest = rest.dropFirst(digits.count)
            guard rest.first == ":" else { break }
            rest = rest.dropFirst()
        }
        guard numbers.count >= 2, numbers[0] < 24, numbers[1] < 60, numbers.last ?? 0 < 61 else {
            return nil
        }
        if rest.first == "." { rest = rest.dropFirst().drop { $0.isASCII && $0.isNumber } }
        var hour = numbers[0]
        var zone = trimmed(rest)
        for (mark, shift) in [("AM", 0), ("PM", 12)] where zone.hasPrefix(mark) {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + shift
            zone = trimmed(zone.dropFirst(2))
        }
        seconds = hour * 3_600 + numbers[1] * 60 + (numbers.count > 2 ? numbers[2] : 0)
        switch zone {
        case "": offset = nil
        case "Z", "UTC", "GMT": offset = 0
        case "EST": offset = -5 * 3_600
        case "EDT": offset = -4 * 3_600
        default:
            guard let offset = ClockText.offset(zone) else { return nil }
            self.offset = offset
        }
    }

    private static func offset(_ zone: String) -> Int? {
        guard let sign = zone.first, sign == "+" || sign == "-" else { return nil }
        let digits = zone.dropFirst().filter { $0 != ":" }
        guard digits.utf8.count == 4 || digits.utf8.count == 2,
            digits.utf8.allSatisfy(isDigit), let number = Int(digits)
        else { return nil }
        let (hours, minutes) = digits.utf8.count == 4 ? (number / 100, number % 100) : (number, 0)
        guard hours < 15, minutes < 60 else { return nil }
        return (sign == "+" ? 1 : -1) * (hours * 3_600 + minutes * 60)
    }
}
