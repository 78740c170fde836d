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
        try read(ProjectionCatalogue.type(named: projection)) { database, tables in
            for table in tables {
                let keys = try Row.fetchCursor(
                    database,
                    sql: "SELECT DISTINCT \(table.keyList) FROM \(table.name) "
                        + "WHERE valid_from > \(first) AND valid_from <= \(last) "
                        + "ORDER BY \(table.keyList)")
                while let key = try keys.next() {
                    let change = RowChange(
                        table: table.name, columns: table.columns, keyColumns: table.keyColumns,
                        before: try row(table, key, at: first, database),
                        after: try row(table, key, at: last, database))
                    if change.before != change.after { try body(change) }
                }
            }
        }
    }

    private func row(
        _ table: VersionTable, _ key: Row, at position: UInt64, _ database: Database
    ) throws -> [RowValue]? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(table.list) FROM \(table.name) WHERE \(table.keyMatches) "
                + "AND \(table.holds(at: "?\(table.keyColumns + 1)"))")
        let values = (0..<table.keyColumns).map { key[$0] as DatabaseValue }
        let arguments = StatementArguments(values + [Int64(clamping: position).databaseValue])
        return try Row.fetchOne(statement, arguments: arguments).map { ReadModelQuery.values($0) }
    }

    /// The first merged ordinal after one at which a row of a projection changes; nil for none.
    public func next(_ projection: String, after position: UInt64) throws -> UInt64? {
        try nearest(projection, "valid_from > \(position)", "min")
    }

    /// The last such ordinal before one.
    public func previous(_ projection: String, before position: UInt64) throws -> UInt64? {
        try nearest(projection, "valid_from < \(position)", "max")
    }

    private func nearest(
        _ projection: String, _ condition: String, _ choose: String
    ) throws -> UInt64? {
        try read(ProjectionCatalogue.type(named: projection)) { database, tables in
            let parts = tables.map {
                "SELECT \(choose)(valid_from) AS place FROM \($0.name) WHERE \(condition)"
            }
            return try UInt64.fetchOne(
                database,
                sql: "SELECT \(choose)(place) FROM (\(parts.joined(separator: " UNION ALL ")))")
        }
    }
}
