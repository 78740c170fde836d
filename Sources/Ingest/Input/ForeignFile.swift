/// Files that are no text, told by their first bytes, and how each becomes one that can be read.
enum ForeignFile {
    /// How many bytes of a file tell what it is.
    static let lookahead = 512

    /// What a file is that begins with these bytes and cannot be read; nil for text and gzip.
    static func remedy(_ bytes: [UInt8]) -> String? {
        if let kind = kinds.first(where: { bytes.starts(with: $0.magic) }) {
            return "\(kind.what); \(kind.remedy)"
        }
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return archive(bytes) }
        let start = bytes.drop { isBlank($0) || [0xEF, 0xBB, 0xBF].contains($0) }.prefix(64)
        let text = String(decoding: start, as: UTF8.self).lowercased()
        if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") {
            return "is a web page and no table; download the data itself, as CSV or JSON"
        }
        if text.hasPrefix("<?xml") {
            return "is XML; save it as CSV"
        }
        return nil
    }

    private static func archive(_ bytes: [UInt8]) -> String {
        // An Office document is a zip whose first member is one of these.
        let name = String(decoding: bytes.dropFirst(30), as: UTF8.self)
        if name.hasPrefix("[Content_Types].xml") || name.hasPrefix("_rels/")
            || name.hasPrefix("xl/") || name.hasPrefix("docProps/")
        {
            return "is an Excel workbook (xlsx); save the sheet as \"CSV UTF-8\""
        }
        return "is a zip archive; unpack it with: unzip FILE"
    }

    private static let kinds: [(magic: [UInt8], what: String, remedy: String)] = [
        (
            [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "is compressed by xz",
            "unpack it with: xz -dk FILE"
        ),
        ([0x28, 0xB5, 0x2F, 0xFD], "is compressed by zstd", "unpack it with: zstd -d FILE"),
        (Array("BZh".utf8), "is compressed by bzip2", "unpack it with: bzip2 -dk FILE"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "is a 7z archive", "unpack it with: 7z x FILE"),
        ([0x04, 0x22, 0x4D, 0x18], "is compressed by lz4", "unpack it with: lz4 -d FILE"),
        (
            [0xD0, 0xCF, 0x11, 0xE0], "is an old Excel workbook (xls)",
            "save the sheet as \"CSV UTF-8\""
        ),
        (
            Array("PAR1".utf8), "is Parquet",
            "convert it: duckdb -c \"COPY (FROM 'FILE') TO 'FILE.csv'\""
        ),
        (
            Array("ARROW1".utf8), "is an Arrow file (Feather)",
            "convert it: python3 -c "
                + "\"import pandas; pandas.read_feather('FILE').to_csv('FILE.csv')\""
        ),
        (
            Array("SQLite format 3".utf8), "is a SQLite database",
            "export the table: sqlite3 -header -csv FILE 'SELECT * FROM TABLE' >FILE.csv"
        ),
        (
            [0x89, 0x48, 0x44, 0x46], "is HDF5",
            "convert it: python3 -c \"import pandas; pandas.read_hdf('FILE').to_csv('FILE.csv')\""
        ),
        (Array("%PDF".utf8), "is a PDF", "its rows must be read out of it into a CSV first"),
    ]
}
