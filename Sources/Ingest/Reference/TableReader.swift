/// Reads a small table by the names of its columns, which are compared by `columnKey`.
struct TableReader: ~Copyable {
    private var reader: CSVReader
    private let header: [String]
    private let keys: [String]
    let file: String

    init(_ name: String) throws(IngestError) {
        file = name
        let outline = try TextOutline(name)
        var reader = CSVReader(try InputFile(name), delimiter: outline.delimiter)
        guard try reader.advance() else {
            throw IngestError(.unknownHeader, file: name, "has no header line")
        }
        var names: [String] = []
        for index in 0..<reader.count { names.append(reader.text(index).lowercased()) }
        header = names
        keys = names.map(columnKey)
        reader.expectedFields = names.count
        self.reader = reader
    }

    var line: Int { reader.line }
    var record: [UInt8] { reader.record }
    var isWhole: Bool { !reader.isMalformed && reader.count == header.count }
    var columns: String { header.joined(separator: ", ") }

    func has(_ names: String...) -> Bool { names.allSatisfy { keys.contains(columnKey($0)) } }

    mutating func advance() throws(IngestError) -> Bool { try reader.advance() }

    /// The text under a column's name; empty where the file has no such column.
    func text(_ name: String) -> String {
        keys.firstIndex(of: columnKey(name)).map { reader.text($0) } ?? ""
    }
}
