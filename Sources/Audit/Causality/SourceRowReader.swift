import Events
import Foundation

/// Finds the filing date in a source row, by another way than the importer's.
///
/// It shares no code with the importers on purpose: what both get wrong is wrong twice.
enum SourceRowReader {
    /// The filing date of a row as `DisclosureFiled` carries it; nil when there is none.
    static func filedOn(_ row: [UInt8], format: SourceFormat) -> Day? {
        if format == .columns { return named(row) }
        if row.first == UInt8(ascii: "{") { return jsonDate(row) }
        return csvDate(
            row, ["disclosure_date", "date_received", "date_recieved"], isDayFirst: false)
    }

    /// The date in the column that the row's first line names: `#filed=Published;dates=day-first`.
    private static func named(_ row: [UInt8]) -> Day? {
        guard row.starts(with: Array("#filed=".utf8)), let end = row.firstIndex(of: 0x0A),
            let order = lastRange(of: ";dates=", in: row[..<end])
        else { return nil }
        let column = String(decoding: row[7..<order], as: UTF8.self)
        let isDayFirst = row[..<end].suffix(9) == Array("day-first".utf8)[...]
        let rest = Array(row[(end + 1)...])
        guard rest.first == UInt8(ascii: "{") else {
            return csvDate(rest, [column.lowercased()], isDayFirst: isDayFirst)
        }
        guard let object = try? JSONSerialization.jsonObject(with: Data(rest)),
            let value = (object as? [String: Any])?[column]
        else { return nil }
        return day("\(value)", isDayFirst: isDayFirst)
    }

    private static func lastRange(of mark: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let mark = Array(mark.utf8)
        return bytes.indices.last { bytes[$0...].starts(with: mark) }
    }

    private static func csvDate(_ row: [UInt8], _ names: [String], isDayFirst: Bool) -> Day? {
        let text = String(decoding: row, as: UTF8.self)
        guard let end = text.firstIndex(where: \.isNewline) else { return nil }
        let line = text[..<end]
        let marks: [Character] = [",", ";", "\t", "|"]
        let counts = marks.map { mark in line.count { $0 == mark } }
        let most = counts.max() ?? 0
        let mark = marks[counts.firstIndex(of: most) ?? 0]
        let header = fields(String(line), mark)
        let values = fields(String(text[text.index(after: end)...]), mark)
        guard let column = header.firstIndex(where: { names.contains($0.lowercased()) }),
            column < values.count
        else { return nil }
        return day(values[column], isDayFirst: isDayFirst)
    }

    private static func jsonDate(_ row: [UInt8]) -> Day? {
        guard let object = try? JSONSerialization.jsonObject(with: Data(row)),
            let filing = object as? [String: Any]
        else { return nil }
        let text = filing["date_recieved"] ?? filing["date_received"]
        return (text as? String).flatMap { day($0, isDayFirst: false) }
    }

    /// Splits one CSV record at the marks outside quotes.
    private static func fields(_ line: String, _ mark: Character) -> [String] {
        var fields = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case mark where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    }

    /// A date, or the date in New York of a moment that is no midnight.
    private static func day(_ text: String, isDayFirst: Bool) -> Day? {
        if let colon = text.firstIndex(of: ":") { return moment(text, colon, isDayFirst) }
        let parts = text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        if parts.count == 1, let number = Int(text), text.count != 8 {
            let digits = [10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000]
            return digits[text.count].flatMap {
                day(at: Date(timeIntervalSince1970: Double(number / $0)))
            }
        }
        if parts.count == 1, text.count == 8, let number = Int(text) {
            return Day(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        }
        guard parts.count == 3 else { return nil }
        let month = parts.firstIndex { $0.contains(where: \.isLetter) }
        guard let numbers = numbers(parts) else { return nil }
        let (a, b, c) = (numbers[0], numbers[1], numbers[2])
        switch (month, parts[0].count == 4) {
        case (1, true), (nil, true): return Day(year: a, month: b, day: c)
        case (1, false): return Day(year: c, month: b, day: a)
        case (0, _): return Day(year: c, month: a, day: b)
        default:
            return isDayFirst || text.contains(".")
                ? Day(year: c, month: b, day: a) : Day(year: c, month: a, day: b)
        }
    }

    private static func numbers(_ parts: [String]) -> [Int]? {
        let names = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ]
        let numbers = parts.compactMap { part in
            Int(part) ?? names.firstIndex(of: String(part.lowercased().prefix(3))).map { $0 + 1 }
        }
        return numbers.count == 3 ? numbers : nil
    }

    private static func moment(_ text: String, _ colon: String.Index, _ isDayFirst: Bool) -> Day? {
        guard let gap = text[..<colon].lastIndex(where: { $0 == " " || $0 == "T" }),
            let date = day(String(text[..<gap]), isDayFirst: isDayFirst)
        else { return nil }
        let clock = text[text.index(after: gap)...]
        let isMidnight = clock.prefix { $0 != "Z" && $0 != "+" && $0 != "-" && $0 != " " }
            .allSatisfy { !("1"..."9").contains($0) }
        let zone = clock.drop { $0.isNumber || $0 == ":" || $0 == "." }.filter { $0 != " " }
        if isMidnight || zone.isEmpty || zone.hasPrefix("A") || zone.hasPrefix("P") { return date }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        let civil = date.civil
        let plain = clock.prefix { $0.isNumber || $0 == ":" }
        formatter.dateFormat = plain.count > 5 ? "y-M-d H:m:sZ" : "y-M-d H:mZ"
        let offset = zone == "Z" || zone == "UTC" || zone == "GMT" ? "+0000" : zone
        return formatter.date(from: "\(civil.year)-\(civil.month)-\(civil.day) \(plain)\(offset)")
            .flatMap(day(at:))
    }

    private static func day(at date: Date) -> Day? {
        var calendar = Calendar(identifier: .gregorian)
        guard let utc = TimeZone(identifier: "UTC"),
            let newYork = TimeZone(identifier: "America/New_York")
        else { return nil }
        let isMidnight = Int(date.timeIntervalSince1970) % 86_400 == 0
        calendar.timeZone = isMidnight ? utc : newYork
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        guard let year = parts.year, let month = parts.month, let day = parts.day else {
            return nil
        }
        return Day(year: year, month: month, day: day)
    }
}
