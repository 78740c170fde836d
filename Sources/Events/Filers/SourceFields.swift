/// The fields of a source row that a rejection keeps: a CSV header line and the row, or a filing as
/// JSON with one transaction.
///
/// It reads names and texts alone, of objects in objects too; the first of a name counts. What is
/// neither form has no fields.
public struct SourceFields: Sendable {
    private var fields: [(name: String, value: String)] = []

    /// Reads a row.
    public init(_ row: [UInt8]) {
        var bytes = row[...]
        // The first line of a recognised layout says how it was read.
        if bytes.first == UInt8(ascii: "#"), let end = bytes.firstIndex(of: 0x0A) {
            bytes = bytes[(end + 1)...]
        }
        if bytes.first == UInt8(ascii: "{") { readObject(bytes) } else { readTable(bytes) }
    }

    /// The text of the first of some names that has one, in any case; empty without.
    public func text(_ names: String...) -> String {
        for name in names {
            if let field = fields.first(where: { $0.name == name && !$0.value.isEmpty }) {
                return field.value
            }
        }
        return ""
    }

    private mutating func readTable(_ bytes: ArraySlice<UInt8>) {
        guard let end = bytes.firstIndex(of: 0x0A) else { return }
        let head = bytes[..<end]
        let marks = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")]
        var mark = marks[0]
        for other in marks
        where head.count(where: { $0 == other }) > head.count(where: { $0 == mark }) {
            mark = other
        }
        let names = SourceFields.cells(head, mark)
        let values = SourceFields.cells(bytes[(end + 1)...], mark)
        for (name, value) in zip(names, values) { fields.append((name.lowercased(), value)) }
    }

    /// The cells of one record.
    private static func cells(_ record: ArraySlice<UInt8>, _ mark: UInt8) -> [String] {
        var cells: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in record {
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == mark, !isQuoted {
                cells.append([])
            } else {
                cells[cells.count - 1].append(byte)
            }
        }
        return cells.map { trimmed(String(decoding: $0, as: UTF8.self)) }
    }

    private mutating func readObject(_ bytes: ArraySlice<UInt8>) {
        var place = bytes.startIndex
        var name: String?
        while place < bytes.endIndex {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\"") {
                let text = SourceFields.quoted(bytes, &place)
                var next = place
                while next < bytes.endIndex, bytes[next] <= 0x20 { next += 1 }
                if next < bytes.endIndex, bytes[next] == UInt8(ascii: ":") {
                    name = text
                    place = next + 1
                } else if let key = name {
                    fields.append((key.lowercased(), SourceFields.trimmed(text)))
                    name = nil
                }
                continue
            }
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { name = nil }
            place += 1
        }
    }

    /// The text in the quotation marks that begin at `place`, which moves behind them.
    private static func quoted(_ bytes: ArraySlice<UInt8>, _ place: inout Int) -> String {
        var text: [UInt8] = []
        place += 1
        while place < bytes.endIndex, bytes[place] != UInt8(ascii: "\"") {
            if bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.endIndex {
                place += 1
                switch bytes[place] {
                case UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "r"): text.append(0x20)
                // What stands beyond ASCII is told apart by nothing that is read here.
                case UInt8(ascii: "u"):
                    place = min(place + 4, bytes.endIndex - 1)
                    text.append(UInt8(ascii: "?"))
                case let other: text.append(other)
                }
            } else {
                text.append(bytes[place])
            }
            place += 1
        }
        place += 1
        return String(decoding: text, as: UTF8.self)
    }

    private static func trimmed(_ text: String) -> String {
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
