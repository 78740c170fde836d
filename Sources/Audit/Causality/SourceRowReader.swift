import Events
import Foundation

/// Finds the filing date in a source row, by another way than the importer's.
///
/// It shares no code with the importers on purpose: what both get wrong is wrong twice.
enum SourceRowReader {
    /// The filing date of a row as `DisclosureFiled` carries it; nil when there is none.
    static func filedOn(_ row: [UInt8], format: SourceFormat) -> Day? {
        if row.first == UInt8(ascii: "{") { return jsonDate(row) }
        guard let end = row.firstIndex(of: 0x0A) else { return nil }
        let header = fields(String(decoding: row[..<end], as: UTF8.self))
        let values = fields(String(decoding: row[(end + 1)...], as: UTF8.self))
        let names = ["disclosure_date", "date_received", "date_recieved"]
        guard let column = header.firstIndex(where: { names.contains($0.lowercased()) }),
            column < values.count
        else { return nil }
        return day(values[column])
    }

    private static func jsonDate(_ row: [UInt8]) -> Day? {
        guard let object = try? JSONSerialization.jsonObject(with: Data(row)),
            let filing = object as? [String: Any]
        else { return nil }
        let text = filing["date_recieved"] ?? filing["date_received"]
        return (text as? String).flatMap(day)
    }

    /// Splits one CSV record at the commas outside quotes.
    private static func fields(_ line: String) -> [String] {
        var fields = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    }

    private static func day(_ text: String) -> Day? {
        let parts = text.split { $0 == "/" || $0 == "-" }.map(String.init)
        guard parts.count == 3, let a = Int(parts[0]), let b = Int(parts[1]), let c = Int(parts[2])
        else { return nil }
        return text.contains("/") ? Day(year: c, month: a, day: b) : Day(year: a, month: b, day: c)
    }
}
