import Events
import Foundation
import GRDB

extension History {
    /// Lends the rows of a table of a projection at a merged ordinal, in order of their keys: its
    /// columns first. With a name, only those whose key, ticker or id it is. Gives whether `limit`
    /// cut it short.
    @discardableResult
    public func rows(
        of table: String, in projection: String, at position: UInt64, named name: String? = nil,
        limit: Int? = nil, columns: ([String]) throws -> Void, row: ([RowValue]) throws -> Void
    ) throws -> Bool {
        let type = try ProjectionCatalogue.type(named: projection)
        return try read(type) { database, tables in
            guard let table = tables.first(where: { $0.name == table }) else { return false }
            try columns(table.columns)
            var condition = table.holds(at: position)
            var arguments = StatementArguments()
            if let name {
                let naming = table.namingColumns(for: name)
                let matches = naming.map { "\($0) = ?" } + ["0"]
                condition += " AND (\(matches.joined(separator: " OR ")))"
                for _ in naming { arguments += [name] }
            }
            let statement = try database.cachedStatement(
                sql: "SELECT \(table.list) FROM \(table.name) WHERE \(condition) "
                    + "ORDER BY \(table.keyList)")
            let cursor = try Row.fetchCursor(statement, arguments: arguments)
            var given = 0
            while let next = try cursor.next() {
                if given == limit ?? .max { return true }
                try row(ReadModelQuery.values(next))
                given += 1
            }
            return false
        }
    }

    /// The digest over all rows of a projection at a merged ordinal, from the versions that held.
    public func digest(of projection: String, at position: UInt64) throws -> StateDigest {
        let type = try ProjectionCatalogue.type(named: projection)
        return try read(type) { database, tables in
            var sum = StateDigest()
            for table in tables {
                let sql =
                    "SELECT \(table.list) FROM \(table.name) WHERE \(table.holds(at: position))"
                try RowStatement(database, sql).forEachRow { row in
                    sum.add(StateDigest.hash(table: table.hashedName, row: row))
                }
            }
            return sum
        }
    }

    /// The same from one fold of the log that stops there, in memory, without any file.
    public func foldedDigest(of projection: String, at position: UInt64) throws -> StateDigest {
        func fold<P: Projection>(_ type: P.Type) throws -> StateDigest {
            try HistoryFold<P>.rows(of: view, at: position).digest
        }
        return try fold(ProjectionCatalogue.type(named: projection))
    }

    /// Writes the rows of a projection at a merged ordinal into a new SQLite file, as its read
    /// model would have them there, with its indexes and without a checkpoint.
    public func write(_ projection: String, at position: UInt64, to path: String) throws {
        let type = try ProjectionCatalogue.type(named: projection)
        let ddl = ReadModelDDL.text(of: projection)
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            try database.execute(
                sql: "ATTACH DATABASE ? AS history", arguments: [file(of: projection)])
            try database.inTransaction {
                try database.execute(sql: ddl.tables)
                for table in try VersionTable.all(of: type) {
                    try database.execute(
                        sql: "INSERT INTO main.\(table.name) SELECT \(table.list) "
                            + "FROM history.\(table.name) WHERE \(table.holds(at: position)) "
                            + "ORDER BY \(table.keyList)")
                }
                try database.execute(sql: ddl.indexes)
                return .commit
            }
            try database.execute(sql: "DETACH DATABASE history")
        }
        try queue.close()
    }
}
