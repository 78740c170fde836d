/// Reads a small CSV table by the names of its columns.
struct TableReader: ~Copyable {
    private var reader: CSVReader
    private let header: [String]
    let file: String

    init(_ name: String) throws(IngestError) {
        file = name
        var reader = CSVReader(try InputFile(name))
        guard try reader.advance() else {
            throw IngestError(.unknownHeader, file: name, "has no header line")
        }
        var names: [String] = []
        for index in 0..<reader.count { names.append(reader.text(index).lowercased()) }
        header = names
        reader.expectedFields = names.count
        self.reader = reader
    }

    var line: Int { reader.line }
    var record: [UInt8] { reader.record }
    var isWhole: Bool { !reader.isMalformed && reader.count == header.count }
    var columns: String { header.joined(separator: ", ") }

    func has(_ names: String...) -> Bool { names.allSatisfy(header.contains) }

    mutating func advance() throws(IngestError) -> Bool { try reader.advance() }

    /// The text under a column's name; empty where the file has no such column.
    func text(_ name: String) -> String {
        header.firstIndex(of: name).map { reader.text($0) } ?? ""
    }
}
