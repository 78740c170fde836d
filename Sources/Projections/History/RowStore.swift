import Events

/// Where a fold puts its rows: SQLite, with every version, or memory, with the present ones.
protocol RowStore {
    /// Takes what one event changed.
    mutating func apply(_ changes: RowChanges, at position: UInt64) throws
}

/// Rows in memory, for a fold that ends somewhere and is compared.
struct MemoryRows: RowStore {
    /// A row's place.
    struct Place: Hashable {
        let table: Int
        let key: RowKey
    }

    /// The canonical bytes of each row.
    private(set) var rows: [Place: [UInt8]] = [:]
    private(set) var digest = StateDigest()
    private let names: [[UInt8]]

    /// No rows of a projection's tables.
    init(_ projection: any Projection.Type) {
        names = projection.tables.map { Array($0.name.utf8) + [0] }
    }

    mutating func apply(_ changes: RowChanges, at position: UInt64) throws {
        var (scratch, patched) = (RowEncoder(), RowEncoder())
        try changes.withRows { bytes in
            for change in changes.changes {
                let place = Place(table: change.table, key: change.key)
                let old = rows[place]
                if let old { digest.remove(hash(old, change.table)) }
                var row = Array(bytes[change.row])
                if change.kind == .patch {
                    guard let old else { throw ProjectionRefusal.noRow(change) }
                    patched.removeAll()
                    old.withUnsafeBytes {
                        RowBytes.patch($0, change.patches, &scratch, into: &patched)
                    }
                    row = patched.bytes
                }
                digest.add(hash(row, change.table))
                rows[place] = row
            }
        }
    }

    private func hash(_ row: [UInt8], _ table: Int) -> Digest {
        row.withUnsafeBytes { StateDigest.hash(table: names[table], row: $0) }
    }
}

extension ProjectionRefusal {
    /// A change of a row that is not there.
    static func noRow(_ change: RowChanges.Change) -> ProjectionRefusal {
        ProjectionRefusal(
            "a row of table \(change.table) that is changed is not there: \(change.key)")
    }
}
