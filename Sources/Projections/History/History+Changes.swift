import GRDB

/// What became of one row.
public struct RowChange: Hashable, Sendable {
    /// The table.
    public let table: String
    /// Names of its columns.
    public let columns: [String]
    /// Number of leading columns that are its key.
    public let keyColumns: Int
    /// The row before; nil where there was none.
    public let before: [RowValue]?
    /// The row after; nil where there is none.
    public let after: [RowValue]?

    /// The row's key.
    public var key: [RowValue] { Array((after ?? before ?? []).prefix(keyColumns)) }

    /// The columns in which both differ, by name.
    public var differences: [(column: String, before: RowValue, after: RowValue)] {
        guard let before, let after else { return [] }
        return columns.indices.filter { before[$0] != after[$0] }.map {
            (columns[$0], before[$0], after[$0])
        }
    }
}

extension History {
    /// Lends what became of each row of a projection between two merged ordinals, table by table,
    /// in order of keys. A row that became again what it was is none.
    public func changes(
        of projection: String, from first: UInt64, to last: UInt64,
        _ body: (RowChange) throws -> Void
    ) throws {
        try read(projection) { database, tables in
            for sql in tables {
                let table = sql.table
                let parts = sql.beginnings(
                    { _, alias in sql.key(alias) },
                    where: { "\($0) > \(first) AND \($0) <= \(last)" })
                let order = (1...table.keyColumns).map { "\($0)" }.joined(separator: ", ")
                // A union has each key once.
                let union = parts.joined(separator: " UNION ")
                let keys = try Row.fetchCursor(
                    database,
                    sql: parts.count > 1
                        ? "\(union) ORDER BY \(order)"
                        : "SELECT DISTINCT * FROM (\(union)) ORDER BY \(order)")
                let statement = try database.cachedStatement(
                    sql: sql.state(at: "?1", where: matches(table)))
                while let key = try keys.next() {
                    let change = RowChange(
                        table: table.name, columns: table.columns, keyColumns: table.keyColumns,
                        before: try row(statement, key, at: first),
                        after: try row(statement, key, at: last))
                    if change.before != change.after { try body(change) }
                }
            }
        }
    }

    /// A row has the key of the parameters after the first.
    private func matches(_ table: VersionTable) -> String {
        (0..<table.keyColumns).map { "r.\(table.columns[$0]) = ?\($0 + 2)" }
            .joined(separator: " AND ")
    }

    private func row(_ statement: Statement, _ key: Row, at position: UInt64) throws -> [RowValue]?
    {
        let values = (0..<key.count).map { key[$0] as DatabaseValue }
        let arguments = StatementArguments([Int64(clamping: position).databaseValue] + values)
        return try Row.fetchOne(statement, arguments: arguments).map { ReadModelQuery.values($0) }
    }

    /// The first merged ordinal after one at which a row of a projection changes; nil for none.
    public func next(_ projection: String, after position: UInt64) throws -> UInt64? {
        try nearest(projection, "min") { "\($0) > \(position)" }
    }

    /// The last such ordinal before one.
    public func previous(_ projection: String, before position: UInt64) throws -> UInt64? {
        try nearest(projection, "max") { "\($0) < \(position)" }
    }

    private func nearest(
        _ projection: String, _ choose: String, where isWanted: (String) -> String
    ) throws -> UInt64? {
        try read(projection) { database, tables in
            // What comes with a row of another table comes when that does.
            let parts = tables.filter { !$0.table.hasParent }.flatMap {
                $0.beginnings({ place, _ in "\(choose)(\(place)) AS place" }, where: isWanted)
            }
            return try UInt64.fetchOne(
                database,
                sql: "SELECT \(choose)(place) FROM (\(parts.joined(separator: " UNION ALL ")))")
        }
    }
}
