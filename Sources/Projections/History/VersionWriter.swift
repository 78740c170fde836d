import Events
import GRDB

/// Takes what each event changes and keeps the versions that a history has to keep.
struct VersionWriter {
    private var tables: [TableWriter]

    init(_ tables: [VersionTable]) { self.tables = tables.map { TableWriter($0) } }

    /// Keeps what one event changed, at its position.
    mutating func apply(
        _ changes: RowChanges, at position: UInt64, _ database: Database
    ) throws {
        try changes.withRows { rows in
            for change in changes.changes {
                let row = UnsafeRawBufferPointer(rebasing: rows[change.row])
                if case .parent(let parent, _, _, _) = tables[change.table].table.beginning {
                    try tables[change.table].follow(change.key, tables[parent].made, position)
                    continue
                }
                switch change.kind {
                case .insert: try tables[change.table].insert(change.key, row, position, database)
                case .put: try tables[change.table].put(change.key, row, position, database)
                case .patch: try tables[change.table].patch(change, position, database)
                }
            }
        }
    }
}

/// The versions of one table.
private struct TableWriter {
    let table: VersionTable
    /// The row that was made last.
    private(set) var made: (position: UInt64, key: RowKey)?
    /// What would be kept of a first version that is not, in canonical bytes.
    private let first: [UInt8]
    /// The values before of the columns that change once, in canonical bytes.
    private let onceFirst: [[UInt8]]
    // Room for what was kept last, what is to be kept, values of the read model, and one value.
    private var (old, next, fixed, scratch) = (
        RowEncoder(), RowEncoder(), RowEncoder(), RowEncoder()
    )
    private var offsets: [Int] = []
    private var fixedOffsets: [Int] = []

    init(_ table: VersionTable) {
        self.table = table
        var encoder = RowEncoder()
        for value in table.first { value.encode(into: &encoder) }
        if !table.once.isEmpty { encoder.integer(0) }
        first = encoder.bytes
        onceFirst = table.once.map { once in
            var encoder = RowEncoder()
            once.first.encode(into: &encoder)
            return encoder.bytes
        }
    }

    /// A new row that comes with another table's.
    func follow(
        _ key: RowKey, _ above: (position: UInt64, key: RowKey)?, _ position: UInt64
    ) throws {
        guard let above, above.position == position, above.key == key.first else {
            throw refusal(key, "comes without what it is of")
        }
    }

    /// A new row.
    mutating func insert(
        _ key: RowKey, _ row: UnsafeRawBufferPointer, _ position: UInt64, _ database: Database
    ) throws {
        made = (position, key)
        guard table.beginning != nil || table.isKept else { return }
        RowBytes.offsets(of: row, into: &offsets)
        if case .column(let column) = table.beginning {
            guard RowBytes.integer(of: row, at: offsets[column]) == Int64(clamping: position)
            else { throw refusal(key, "does not begin where its columns say") }
        }
        guard table.isKept else { return }
        try encode(key, row, database)
        if table.beginning != nil, next.bytes == first { return }
        try keep(key, position, database)
    }

    /// A row that may be new.
    mutating func put(
        _ key: RowKey, _ row: UnsafeRawBufferPointer, _ position: UInt64, _ database: Database
    ) throws {
        guard table.beginning == nil else {
            throw refusal(key, "is put, and says since when it is there")
        }
        RowBytes.offsets(of: row, into: &offsets)
        // What the read model has is what it will always have.
        if !table.fixed.isEmpty, try select(table.fixed, key, database) {
            for (index, column) in table.fixed.enumerated()
            where !isFixed(index, slice(row, column)) {
                throw refusal(key, "changes where it never does")
            }
        }
        try encode(key, row, database)
        // What stays as it was has no second version.
        if try RowStatement(database, table.select).row(key, into: &old), old.bytes == next.bytes {
            return
        }
        try keep(key, position, database)
    }

    /// Other values in some columns of a row.
    mutating func patch(
        _ change: RowChanges.Change, _ position: UInt64, _ database: Database
    ) throws {
        if try !RowStatement(database, table.select).row(change.key, into: &old) {
            guard table.beginning != nil else { throw ProjectionRefusal.noRow(change) }
            old.removeAll()
            first.withUnsafeBytes { old.append($0[...]) }
        }
        var set: Int64 = 0
        if !table.once.isEmpty {
            set = old.bytes.withUnsafeBytes { RowBytes.integer(of: $0, at: $0.count - 9) } ?? 0
            _ = try select(table.once.map { $0.column }, change.key, database)
        }
        var patches: [(column: Int, value: RowValue)] = []
        for patch in change.patches {
            if let place = table.changing.firstIndex(of: patch.column) {
                patches.append((place, patch.value))
                continue
            }
            guard let bit = table.once.firstIndex(where: { $0.column == patch.column }) else {
                throw refusal(change.key, "changes where it never does")
            }
            scratch.removeAll()
            patch.value.encode(into: &scratch)
            set = try scratch.bytes.withUnsafeBytes {
                try mark(bit, $0[...], of: change.key, in: set)
            }
        }
        if !table.once.isEmpty { patches.append((table.changing.count, .integer(set))) }
        next.removeAll()
        old.bytes.withUnsafeBytes { RowBytes.patch($0, patches, &scratch, into: &next) }
        guard next.bytes != old.bytes else { return }
        try keep(change.key, position, database)
    }

    /// Puts what is to be kept of a row, whose offsets are known, into `next`.
    private mutating func encode(
        _ key: RowKey, _ row: UnsafeRawBufferPointer, _ database: Database
    ) throws {
        next.removeAll()
        for column in table.changing { next.append(slice(row, column)) }
        guard !table.once.isEmpty else { return }
        var (set, isRead): (Int64, Bool) = (0, false)
        for (bit, once) in table.once.enumerated() {
            let value = slice(row, once.column)
            if !isRead, !value.elementsEqual(onceFirst[bit]) {
                isRead = try select(table.once.map { $0.column }, key, database)
            }
            set = try mark(bit, value, of: key, in: set)
        }
        next.integer(set)
    }

    /// Marks whether a column that changes once has changed; what it changed to is what the read
    /// model has, which was just selected.
    private func mark(
        _ bit: Int, _ value: Slice<UnsafeRawBufferPointer>, of key: RowKey, in set: Int64
    ) throws -> Int64 {
        if value.elementsEqual(onceFirst[bit]) { return set & ~(1 << Int64(bit)) }
        guard isFixed(bit, value) else { throw refusal(key, "changes again where it does once") }
        return set | 1 << Int64(bit)
    }

    /// Selects some columns of the read model's row; false when it is not there.
    private mutating func select(
        _ columns: [Int], _ key: RowKey, _ database: Database
    ) throws -> Bool {
        fixed.removeAll()
        let isThere = try RowStatement(database, table.selectRow(columns)).row(key, into: &fixed)
        if !isThere { fixed.removeAll() }
        fixed.bytes.withUnsafeBytes { RowBytes.offsets(of: $0, into: &fixedOffsets) }
        return isThere
    }

    /// Whether a value is that of one of the columns selected.
    private func isFixed(_ index: Int, _ value: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard index + 1 < fixedOffsets.count else { return false }
        return value.elementsEqual(fixed.bytes[fixedOffsets[index]..<fixedOffsets[index + 1]])
    }

    private func slice(
        _ row: UnsafeRawBufferPointer, _ column: Int
    ) -> Slice<UnsafeRawBufferPointer> {
        row[offsets[column]..<offsets[column + 1]]
    }

    /// Keeps what is in `next`.
    private mutating func keep(_ key: RowKey, _ position: UInt64, _ database: Database) throws {
        old.removeAll()
        key.encode(into: &old)
        next.bytes.withUnsafeBytes { old.append($0[...]) }
        old.integer(position)
        try old.bytes.withUnsafeBytes { try RowStatement(database, table.insert).run($0) }
    }

    /// A row that is not as its table says.
    private func refusal(_ key: RowKey, _ what: String) -> ProjectionRefusal {
        ProjectionRefusal(
            "the row \(key) of \(table.name) \(what); delete the history and run recount project "
                + "--rebuild; where that is not enough, this program's history of it is wrong")
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
