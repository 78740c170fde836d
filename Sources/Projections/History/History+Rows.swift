import EventLog
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
        let event = try name.flatMap { try self.event(named: $0) }
        return try read(projection) { database, tables in
            guard let sql = tables.first(where: { $0.table.name == table }) else { return false }
            try columns(sql.table.columns)
            // One SELECT a column that may name it: with OR between them none uses its index.
            let names = name.map { sql.naming($0, event: event) } ?? [""]
            let parts = (names.isEmpty ? ["0"] : names).map {
                sql.state(at: "\(position)", where: $0)
            }
            let keys = (1...sql.table.keyColumns).map { "\($0)" }.joined(separator: ", ")
            let cursor = try Row.fetchCursor(
                database,
                sql: "\(parts.joined(separator: " UNION ")) "
                    + "ORDER BY \(parts.count == 1 ? sql.key("r") : keys)")
            var given = 0
            while let next = try cursor.next() {
                if given == limit ?? .max { return true }
                try row(ReadModelQuery.values(next))
                given += 1
            }
            return false
        }
    }

    /// The merged ordinal of the event that a name is of; nil for a name of anything else.
    func event(named name: String) throws -> UInt64? {
        guard case .event(let event)? = (try? AsOf(name))?.moment else { return nil }
        return try view.merged.position(after: event)?.position
    }

    /// The digest over all rows of a projection at a merged ordinal, from the versions that held.
    public func digest(of projection: String, at position: UInt64) throws -> StateDigest {
        try read(projection) { database, tables in
            var sum = StateDigest()
            for sql in tables {
                let name = sql.table.hashedName
                try RowStatement(database, sql.state(at: "\(position)")).forEachRow { row in
                    sum.add(StateDigest.hash(table: name, row: row))
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
        let ddl = ReadModelDDL.text(of: projection)
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            try attachFiles([projection], database)
            try database.inTransaction {
                try database.execute(sql: ddl.tables)
                for sql in VersionSQL.all(of: projection) {
                    try database.execute(
                        sql: "INSERT INTO main.\(sql.table.name) \(sql.state(at: "\(position)")) "
                            + "ORDER BY \(sql.key("r"))")
                }
                try database.execute(sql: ddl.indexes)
                return .commit
            }
        }
        try queue.close()
    }
}
