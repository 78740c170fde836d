import Events
import GRDB

/// Takes what each event changes and keeps the versions that a history has to keep.
struct VersionWriter {
    private let tables: [VersionTable]
    /// The values of first versions that are not kept, in canonical bytes, by table.
    private let firsts: [[UInt8]]
    /// The place of each column among the changing ones, by table.
    private let places: [[Int?]]
    /// The row that was made last in each table.
    private var made: [(position: UInt64, key: RowKey)?]
    // Room for a version that is there, for one to be kept, for fixed values, and for a value.
    private var (old, next, fixed, scratch) = (
        RowEncoder(), RowEncoder(), RowEncoder(), RowEncoder()
    )
    private var offsets: [Int] = []

    init(_ tables: [VersionTable]) {
        self.tables = tables
        firsts = tables.map { table in
            var encoder = RowEncoder()
            for value in table.first { value.encode(into: &encoder) }
            return encoder.bytes
        }
        places = tables.map { table in
            table.columns.indices.map { table.changing.firstIndex(of: $0) }
        }
        made = Array(repeating: nil, count: tables.count)
    }

    /// Keeps what one event changed, at its position.
    mutating func apply(
        _ changes: RowChanges, at position: UInt64, _ database: Database
    ) throws {
        try changes.withRows { rows in
            for change in changes.changes {
                let row = UnsafeRawBufferPointer(rebasing: rows[change.row])
                switch change.kind {
                case .insert: try insert(change, row, at: position, database)
                case .put: try put(change, row, at: position, database)
                case .patch: try patch(change, at: position, database)
                }
            }
        }
    }

    /// A new row.
    private mutating func insert(
        _ change: RowChanges.Change, _ row: UnsafeRawBufferPointer, at position: UInt64,
        _ database: Database
    ) throws {
        let table = tables[change.table]
        made[change.table] = (position, change.key)
        RowBytes.offsets(of: row, into: &offsets)
        switch table.beginning {
        case .column(let column):
            guard RowBytes.integer(of: row, at: offsets[column]) == Int64(clamping: position)
            else {
                throw table.refusal(change.key, "does not begin where its columns say")
            }
        case .parent(let parent, _, _, _):
            guard let above = made[parent], above.position == position,
                above.key == change.key.first
            else { throw table.refusal(change.key, "comes without what it is of") }
        case nil: break
        }
        guard table.isKept else { return }
        encodeChanging(row, table)
        if table.beginning != nil, old.bytes == firsts[change.table] { return }
        try keep(change.key, table, old.bytes, at: position, database)
    }

    /// A row that may be new.
    private mutating func put(
        _ change: RowChanges.Change, _ row: UnsafeRawBufferPointer, at position: UInt64,
        _ database: Database
    ) throws {
        let table = tables[change.table]
        guard table.beginning == nil else {
            throw table.refusal(change.key, "is put, and says since when it is there")
        }
        RowBytes.offsets(of: row, into: &offsets)
        fixed.removeAll()
        for column in table.fixed { fixed.append(row[offsets[column]..<offsets[column + 1]]) }
        encodeChanging(row, table)
        let version = old.bytes
        // What the read model has is what it will always have.
        if !table.fixed.isEmpty,
            try RowStatement(database, table.selectFixed).row(change.key, into: &scratch),
            scratch.bytes != fixed.bytes
        {
            throw table.refusal(change.key, "changes where it never does")
        }
        // What stays as it was has no second version.
        if try RowStatement(database, table.select).row(change.key, into: &scratch),
            scratch.bytes == version
        {
            return
        }
        try keep(change.key, table, version, at: position, database)
    }

    /// Other values in some columns of a row.
    private mutating func patch(
        _ change: RowChanges.Change, at position: UInt64, _ database: Database
    ) throws {
        let table = tables[change.table]
        let isThere = try RowStatement(database, table.select).row(change.key, into: &old)
        if !isThere {
            guard table.beginning != nil else { throw ProjectionRefusal.noRow(change) }
            old.removeAll()
            firsts[change.table].withUnsafeBytes { old.append($0[...]) }
        }
        let patches = try change.patches.map { patch in
            guard let place = places[change.table][patch.column] else {
                throw table.refusal(change.key, "changes where it never does")
            }
            return (column: place, value: patch.value)
        }
        fixed.removeAll()
        old.bytes.withUnsafeBytes { RowBytes.patch($0, patches, &scratch, into: &fixed) }
        guard fixed.bytes != old.bytes else { return }
        try keep(change.key, table, fixed.bytes, at: position, database)
    }

    /// Puts the changing columns of a row, whose offsets are known, into `old`.
    private mutating func encodeChanging(_ row: UnsafeRawBufferPointer, _ table: VersionTable) {
        old.removeAll()
        for column in table.changing { old.append(row[offsets[column]..<offsets[column + 1]]) }
    }

    private mutating func keep(
        _ key: RowKey, _ table: VersionTable, _ version: [UInt8], at position: UInt64,
        _ database: Database
    ) throws {
        next.removeAll()
        key.encode(into: &next)
        version.withUnsafeBytes { next.append($0[...]) }
        next.integer(position)
        try next.bytes.withUnsafeBytes { try RowStatement(database, table.insert).run($0) }
    }
}

extension VersionTable {
    /// A row that is not as its table says.
    fileprivate func refusal(_ key: RowKey, _ what: String) -> ProjectionRefusal {
        ProjectionRefusal(
            "the row \(key) of \(name) \(what); delete the history and the read model, and if it is "
                + "said again report the program")
    }
}

extension RowKey {
    /// The first of its values, as a key.
    fileprivate var first: RowKey {
        if case .pair(let first, _) = self { .integer(first) } else { self }
    }

    /// The key's values.
    func encode(into row: inout RowEncoder) {
        switch self {
        case .integer(let value): row.integer(value)
        case .pair(let first, let second):
            row.integer(first)
            row.integer(second)
        case .text(let text): row.text(text)
        }
    }
}
