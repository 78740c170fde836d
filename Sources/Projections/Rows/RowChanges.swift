import Events

/// A table of a read model, as its projection writes it.
public struct ProjectionTable: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Number of columns.
    public let columns: Int
    /// Number of leading columns that are its key.
    public let keyColumns: Int
    /// What a history keeps of its rows.
    public let history: RowHistory

    /// A table whose first `keyColumns` columns are its key.
    public init(
        _ name: String, columns: Int, keyColumns: Int = 1, history: RowHistory = .whole
    ) {
        self.name = name
        self.columns = columns
        self.keyColumns = keyColumns
        self.history = history
    }
}

/// The key of a row within its table.
public enum RowKey: Hashable, Sendable {
    /// A position, or another whole number.
    case integer(Int64)
    /// Two of them.
    case pair(Int64, Int64)
    /// A text.
    case text(String)

    /// An event's position.
    public static func position(_ position: UInt64) -> RowKey { .integer(Int64(position)) }
}

/// A value that takes the place of another in a row.
public enum RowValue: Hashable, Sendable {
    /// NULL.
    case null
    /// An integer.
    case integer(Int64)
    /// A real.
    case real(Double)
    /// A text.
    case text(String)

    func encode(into encoder: inout RowEncoder) {
        switch self {
        case .null: encoder.null()
        case .integer(let value): encoder.integer(value)
        case .real(let value): encoder.real(value)
        case .text(let value): encoder.text(value)
        }
    }
}

/// What a projection did to its rows since the last checkpoint, one change a row, the last
/// standing.
public struct RowChanges: Sendable {
    /// What happens to one row.
    enum Kind: Sendable {
        /// It is new.
        case insert
        /// It is new, or takes the place of the row with its key.
        case put
        /// Some of its values change; `patches` has them.
        case patch
    }

    /// One row's change.
    struct Change: Sendable {
        let table: Int
        let key: RowKey
        var kind: Kind
        /// Where its row stands among the bytes; empty for a patch.
        var row: Range<Int>
        var patches: [(column: Int, value: RowValue)] = []
    }

    /// In the order in which the rows were first touched.
    private(set) var changes: [Change] = []
    private var places = Lookup<Place, Int>()
    /// All rows one after another: tens of thousands of small arrays cost more than what is in
    /// them.
    private var encoder = RowEncoder()
    private var scratch = RowEncoder()
    private var old: [UInt8] = []
    private let tables: [ProjectionTable]

    private struct Place: Hashable, Sendable {
        let table: Int
        let key: RowKey
    }

    /// No changes to these tables.
    public init(tables: [ProjectionTable]) {
        self.tables = tables
    }

    /// Rows that changed.
    public var count: Int { changes.count }

    /// Bytes of the rows, those that others have taken the place of included.
    var size: Int { encoder.bytes.count }

    /// Lends all rows' bytes.
    func withRows<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try encoder.bytes.withUnsafeBytes(body)
    }

    /// Forgets all changes, and keeps their room: they were stored.
    mutating func removeAll() {
        changes.removeAll(keepingCapacity: true)
        places.removeAll()
        encoder.removeAll()
    }

    /// A row that was not there before.
    public mutating func insert(
        _ table: Int, _ key: RowKey, _ write: (inout RowEncoder) -> Void
    ) {
        let row = encoded(table, write)
        let place = Place(table: table, key: key)
        precondition(places[place] == nil, "a row of \(tables[table].name) is inserted once")
        places[place] = changes.count
        changes.append(Change(table: table, key: key, kind: .insert, row: row))
    }

    /// A row that takes the place of the one with its key, if there is one.
    public mutating func put(_ table: Int, _ key: RowKey, _ write: (inout RowEncoder) -> Void) {
        let row = encoded(table, write)
        let place = Place(table: table, key: key)
        if let index = places[place] {
            if changes[index].kind == .patch { changes[index].kind = .put }
            changes[index].row = row
            changes[index].patches = []
        } else {
            places[place] = changes.count
            changes.append(Change(table: table, key: key, kind: .put, row: row))
        }
    }

    /// Other values in some columns of a row that is there.
    public mutating func patch(
        _ table: Int, _ key: RowKey, _ values: [(column: Int, value: RowValue)]
    ) {
        let place = Place(table: table, key: key)
        guard let index = places[place] else {
            places[place] = changes.count
            changes.append(
                Change(table: table, key: key, kind: .patch, row: 0..<0, patches: values))
            return
        }
        if changes[index].kind == .patch {
            changes[index].patches += values
        } else {
            old.removeAll(keepingCapacity: true)
            old += encoder.bytes[changes[index].row]
            let start = encoder.bytes.count
            old.withUnsafeBytes { RowBytes.patch($0, values, &scratch, into: &encoder) }
            changes[index].row = start..<encoder.bytes.count
        }
    }

    private mutating func encoded(
        _ table: Int, _ write: (inout RowEncoder) -> Void
    ) -> Range<Int> {
        let (start, values) = (encoder.bytes.count, encoder.count)
        write(&encoder)
        precondition(
            encoder.count - values == tables[table].columns,
            "a row of \(tables[table].name) has \(tables[table].columns) values")
        return start..<encoder.bytes.count
    }
}

/// A row's canonical bytes, walked value by value.
enum RowBytes {
    /// Appends the row with some values replaced, the last one named for a column standing.
    static func patch(
        _ row: UnsafeRawBufferPointer, _ values: [(column: Int, value: RowValue)],
        _ scratch: inout RowEncoder, into result: inout RowEncoder
    ) {
        var (offset, column, copied) = (0, 0, 0)
        while offset < row.count {
            let end = offset + length(of: row, at: offset)
            var place = values.count - 1
            while place >= 0, values[place].column != column { place -= 1 }
            if place >= 0 {
                result.append(row[copied..<offset])
                scratch.removeAll()
                values[place].value.encode(into: &scratch)
                scratch.bytes.withUnsafeBytes { result.append($0[...]) }
                copied = end
            }
            offset = end
            column += 1
        }
        result.append(row[copied...])
    }

    /// Where each value begins, and the end.
    static func offsets(of row: UnsafeRawBufferPointer, into offsets: inout [Int]) {
        offsets.removeAll(keepingCapacity: true)
        var offset = 0
        while offset < row.count {
            offsets.append(offset)
            offset += length(of: row, at: offset)
        }
        offsets.append(offset)
    }

    /// The integer at an offset; nil for another value.
    static func integer(of row: UnsafeRawBufferPointer, at offset: Int) -> Int64? {
        guard row[offset] == RowTag.integer else { return nil }
        return Int64(littleEndian: row.loadUnaligned(fromByteOffset: offset + 1, as: Int64.self))
    }

    /// Bytes of the value at an offset, tag included.
    static func length(of row: UnsafeRawBufferPointer, at offset: Int) -> Int {
        switch row[offset] {
        case RowTag.null: 1
        case RowTag.integer, RowTag.real: 9
        default:
            5
                + Int(
                    UInt32(
                        littleEndian: row.loadUnaligned(fromByteOffset: offset + 1, as: UInt32.self)
                    ))
        }
    }
}
