/// What the beginning of a text file tells of all of it.
struct TextOutline {
    /// The byte between fields: comma, semicolon, tab or bar.
    var delimiter: UInt8
    /// The first records, the header among them, as far as they are whole.
    var records: [[String]] = []

    /// Bytes that are looked at.
    static let sample = 64 << 10

    /// Looks at the beginning of a file.
    init(_ name: String) throws(IngestError) {
        let file = try InputFile(name)
        var bytes: [UInt8] = []
        while bytes.count < TextOutline.sample {
            if try file.read(into: &bytes, limit: TextOutline.sample) == 0 { break }
        }
        let isWhole = bytes.count < TextOutline.sample
        delimiter = TextOutline.delimiter(bytes)
        var reader = CSVReader(BytesInMemory(bytes), delimiter: delimiter)
        while records.count < 200, try reader.advance() {
            records.append((0..<reader.count).map { reader.text($0) })
        }
        // The last record may be cut.
        if !isWhole, records.count > 1, records.count < 200 { records.removeLast() }
    }

    /// The one that the first line has most of, outside quotes; the comma where none stands.
    private static func delimiter(_ bytes: [UInt8]) -> UInt8 {
        var counts = [UInt8(ascii: ","): 0, UInt8(ascii: ";"): 0, 0x09: 0, UInt8(ascii: "|"): 0]
        var isQuoted = false
        for byte in bytes.drop(while: { $0 == 0x0A || $0 == 0x0D }) {
            if byte == 0x22 { isQuoted.toggle() }
            if byte == 0x0A, !isQuoted { break }
            if !isQuoted, let count = counts[byte] { counts[byte] = count + 1 }
        }
        let order: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")]
        return order.reduce(order[0]) { (counts[$1] ?? 0) > (counts[$0] ?? 0) ? $1 : $0 }
    }
}

/// Text that lies in memory.
final class BytesInMemory: ByteSource {
    private var bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func read(into buffer: inout [UInt8], limit: Int) throws(IngestError) -> Int {
        let count = bytes.count
        buffer += bytes
        bytes = []
        return count
    }
}
