import Events

/// The bars of a JSON file as lines of CSV, one an object.
final class JSONBars: ByteSource {
    private var scanner: JSONScanner
    private let members: [PriceField: [String]]
    private let hasDateKeys: Bool
    private let header: [PriceField]

    /// Reads `file`; a line has the fields of `header`.
    init(
        _ file: InputFile, _ members: [PriceField: [String]], hasDateKeys: Bool,
        header: [PriceField]
    ) {
        scanner = JSONScanner(file)
        self.members = members
        self.hasDateKeys = hasDateKeys
        self.header = header
    }

    func read(into buffer: inout [UInt8], limit: Int) throws(IngestError) -> Int {
        let before = buffer.count
        while buffer.count - before < min(limit, 256 << 10), try scanner.advance() {
            guard !scanner.isMalformed, let row = try? JSONParser.parse(scanner.element) else {
                // One field, which is not the number of fields of a bar.
                append(String(decoding: scanner.element.prefix(4_096), as: UTF8.self), &buffer)
                buffer.append(0x0A)
                continue
            }
            for (place, field) in header.enumerated() {
                if place > 0 { buffer.append(CSVReader.comma) }
                append(text(of: field, row), &buffer)
            }
            buffer.append(0x0A)
        }
        return buffer.count - before
    }

    private func text(of field: PriceField, _ row: JSONValue) -> String {
        let text = members[field]?.lazy.compactMap { row[$0]?.text }.first
        switch field {
        case .ticker: return text ?? scanner.key
        case .date: return text ?? (hasDateKeys ? scanner.key : "")
        default: return text ?? ""
        }
    }

    private func append(_ text: String, _ buffer: inout [UInt8]) {
        let isPlain = text.utf8.allSatisfy { $0 > 0x1F && $0 != 0x22 && $0 != 0x2C }
        if isPlain, !text.isEmpty {
            buffer += text.utf8
            return
        }
        buffer.append(0x22)
        for byte in text.utf8 {
            if byte == 0x22 { buffer.append(0x22) }
            buffer.append(byte)
        }
        buffer.append(0x22)
    }
}
