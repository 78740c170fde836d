import EventLog
import Events
import Foundation
import GRDB

/// One generation of a read model's file: rows, checkpoint and state, written in one transaction.
///
/// It belongs to one thread.
final class ReadModelStore {
    let path: String
    let queue: DatabaseQueue
    let tables: [StoredTable]
    private(set) var checkpoint: Checkpoint
    /// Whether all is one transaction, from `create` to `finish`: nobody else reads the file, and
    /// pages that change again and again need not be written each time.
    private var isBuilding = false
    // Room for a row that is there, for what it becomes, and for a value.
    private var (old, patched, scratch) = (RowEncoder(), RowEncoder(), RowEncoder())

    /// A table and its statements.
    struct StoredTable: Sendable {
        let name: String
        let hashedName: [UInt8]
        let insert: String
        let replace: String
        let select: String
        let span: String
        let selectSpan: String
        let selectAll: String

        init(_ table: ProjectionTable, columns: [String]) {
            name = table.name
            hashedName = Array(table.name.utf8) + [0]
            let list = columns.joined(separator: ", ")
            let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
            let key = columns.prefix(table.keyColumns).map { "\($0) = ?" }
            insert = "INSERT INTO \(name) (\(list)) VALUES (\(marks))"
            replace = "INSERT OR REPLACE INTO \(name) (\(list)) VALUES (\(marks))"
            select = "SELECT \(list) FROM \(name) WHERE \(key.joined(separator: " AND "))"
            span =
                "SELECT typeof(min(\(columns[0]))), min(\(columns[0])), max(\(columns[0])) FROM \(name)"
            selectAll = "SELECT \(list) FROM \(name)"
            selectSpan = "\(selectAll) WHERE \(columns[0]) BETWEEN ? AND ?"
        }
    }

    private init(
        path: String, queue: DatabaseQueue, tables: [StoredTable], checkpoint: Checkpoint
    ) {
        (self.path, self.queue, self.tables) = (path, queue, tables)
        self.checkpoint = checkpoint
    }

    /// Makes the file of a new generation. It is no read model until it is published, so nothing
    /// of it is flushed before `finish`.
    static func create(
        at path: String, projection: any Projection.Type, logID: Digest
    ) throws -> ReadModelStore {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = OFF")
            try database.execute(sql: "PRAGMA synchronous = OFF")
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            try database.execute(sql: "PRAGMA cache_size = -16384")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let checkpoint = Checkpoint(logID: logID)
        let ddl = ReadModelDDL.text(of: projection.name)
        try queue.write { database in
            try database.execute(sql: ddl.tables)
            try database.execute(sql: CheckpointTable.ddl)
            try CheckpointTable.insert(checkpoint, projection, database)
        }
        let store = try open(queue, path, projection, checkpoint)
        try queue.writeWithoutTransaction { try $0.beginTransaction(.immediate) }
        store.isBuilding = true
        return store
    }

    /// Opens a published file for going on.
    static func resume(at path: String, projection: any Projection.Type) throws -> ReadModelStore {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let checkpoint = try queue.read { try CheckpointTable.read($0).checkpoint }
        return try open(queue, path, projection, checkpoint)
    }

    private static func open(
        _ queue: DatabaseQueue, _ path: String, _ projection: any Projection.Type,
        _ checkpoint: Checkpoint
    ) throws -> ReadModelStore {
        let tables = try queue.read { database in
            try projection.tables.map { table in
                let columns = try database.columns(in: table.name).map(\.name)
                guard columns.count == table.columns else {
                    throw ReadModelError.schema(
                        path, projection: projection.name,
                        what: "its table \(table.name) has \(columns.count) columns, not "
                            + "\(table.columns)")
                }
                return StoredTable(table, columns: columns)
            }
        }
        return ReadModelStore(path: path, queue: queue, tables: tables, checkpoint: checkpoint)
    }

    /// Stores changed rows, the state behind them and how far they go, in one transaction.
    func store(
        _ changes: RowChanges, at position: MergedPosition, seals: (log: Digest, timeline: Digest),
        state: [UInt8], clock: CheckpointTable.Clock
    ) throws {
        var next = checkpoint
        next.position = position
        (next.logSeal, next.timelineSeal) = seals
        func apply(_ database: Database) throws {
            try changes.withRows { rows in
                for change in changes.changes {
                    let row = UnsafeRawBufferPointer(rebasing: rows[change.row])
                    try self.apply(change, row, &next.digest, database)
                }
            }
            try CheckpointTable.update(next, state: state, clock: clock, database)
        }
        try queue.writeWithoutTransaction { database in
            guard !isBuilding else { return try apply(database) }
            try database.inTransaction(.immediate) {
                try apply(database)
                return .commit
            }
        }
        checkpoint = next
    }

    /// Ends the one transaction of a file that is being made.
    private func commitBuilding() throws {
        guard isBuilding else { return }
        isBuilding = false
        try queue.writeWithoutTransaction { try $0.commit() }
    }

    private func apply(
        _ change: RowChanges.Change, _ row: UnsafeRawBufferPointer, _ digest: inout StateDigest,
        _ database: Database
    ) throws {
        let table = tables[change.table]
        switch change.kind {
        case .insert:
            try RowStatement(database, table.insert).run(row)
            digest.add(table.hash(row))
        case .put:
            if try RowStatement(database, table.select).row(change.key, into: &old) {
                digest.remove(old.bytes.withUnsafeBytes { table.hash($0) })
            }
            try RowStatement(database, table.replace).run(row)
            digest.add(table.hash(row))
        case .patch:
            guard try RowStatement(database, table.select).row(change.key, into: &old) else {
                preconditionFailure("a row of \(table.name) that is changed is there")
            }
            patched.removeAll()
            old.bytes.withUnsafeBytes {
                digest.remove(table.hash($0))
                RowBytes.patch($0, change.patches, &scratch, into: &patched)
            }
            try patched.bytes.withUnsafeBytes {
                try RowStatement(database, table.replace).run($0)
                digest.add(table.hash($0))
            }
        }
    }

    /// Completes a new generation: indexes, digest compared, journal ready for readers. The file
    /// is closed with the store.
    func finish(_ projection: any Projection.Type) throws {
        try commitBuilding()
        let ddl = ReadModelDDL.text(of: projection.name)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: ddl.indexes)
            try database.execute(sql: "PRAGMA optimize")
        }
        // Out of the exclusive mode first: the check reads through connections of its own, and a
        // write-ahead log would keep its index in memory.
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA locking_mode = NORMAL")
            _ = try Row.fetchOne(database, sql: "SELECT 1 FROM recount_checkpoint")
        }
        try check(projection.name, isQuiet: true)
        try queue.writeWithoutTransaction { database in
            _ = try Row.fetchAll(database, sql: "PRAGMA journal_mode = WAL")
            _ = try Row.fetchAll(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try queue.close()
    }

    /// Writes why the projector stopped; nil when it goes on.
    func note(error: String?) throws {
        try commitBuilding()
        try queue.write { try CheckpointTable.note(error: error, $0) }
    }

    /// The state that was stored last.
    func state() throws -> [UInt8] {
        try queue.read { try CheckpointTable.state($0) }
    }

    /// Lends the stored rows of a query.
    func rows<Result>(_ body: (StoredRows) throws -> Result) throws -> Result {
        try queue.read { try body(StoredRows(database: $0)) }
    }

    /// Moves what the write-ahead log holds into the file and closes it.
    func close() throws {
        try queue.close()
    }
}

extension ReadModelStore.StoredTable {
    func hash(_ row: UnsafeRawBufferPointer) -> Digest {
        StateDigest.hash(table: hashedName, row: row)
    }
}

/// The rows of a read model as they were stored last.
struct StoredRows: RowSource {
    let database: Database

    func forEach(_ query: String, _ body: ([RowValue]) throws -> Void) throws {
        let rows = try Row.fetchCursor(database, sql: query)
        while let row = try rows.next() {
            try body(ReadModelQuery.values(row))
        }
    }
}
