import EventLog
import Events
import Foundation
import GRDB

/// A history's file: every version of a read model's rows, how far they go, and the state to go on
/// from. It belongs to one thread.
final class HistoryFile: RowStore {
    let path: String
    let queue: DatabaseQueue
    let projection: any Projection.Type
    let tables: [VersionTable]
    private(set) var status: ReadModelStatus
    private(set) var digest: StateDigest
    // Room for a row that is there, for what it becomes, and for a value.
    private var (old, next, scratch) = (RowEncoder(), RowEncoder(), RowEncoder())

    /// The version of the files' form; one of another is made anew. It stands in `user_version`.
    private static let form = 1

    private init(
        path: String, queue: DatabaseQueue, projection: any Projection.Type,
        status: ReadModelStatus
    ) throws {
        (self.path, self.queue, self.projection) = (path, queue, projection)
        tables = try VersionTable.all(of: projection)
        self.status = status
        digest = status.checkpoint.digest
    }

    /// How far it goes.
    var position: MergedPosition { status.checkpoint.position }

    /// Begins a file that is no history until `finish`, and is made anew after a kill.
    static func create(
        at path: String, _ projection: any Projection.Type, logID: Digest
    ) throws -> HistoryFile {
        for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) }
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = MEMORY")
            try database.execute(sql: "PRAGMA synchronous = OFF")
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            try database.execute(sql: "PRAGMA cache_size = -32768")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let tables = try VersionTable.all(of: projection)
        let status = try queue.write { database in
            for table in tables { try database.execute(sql: table.ddl) }
            try database.execute(sql: CheckpointTable.ddl)
            try database.execute(sql: "PRAGMA user_version = \(form)")
            try CheckpointTable.insert(Checkpoint(logID: logID), projection, database)
            return try CheckpointTable.read(database)
        }
        return try HistoryFile(path: path, queue: queue, projection: projection, status: status)
    }

    /// Opens a file that is whole; nil where there is none of this form.
    static func open(
        at path: String, _ projection: any Projection.Type, isReader: Bool
    ) throws -> HistoryFile? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        var configuration = Configuration()
        configuration.readonly = isReader
        configuration.busyMode = .timeout(10)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let status = try queue.read { database in
            try Int.fetchOne(database, sql: "PRAGMA user_version") == form
                ? try CheckpointTable.read(database) : nil
        }
        guard let status else { return nil }
        return try HistoryFile(path: path, queue: queue, projection: projection, status: status)
    }

    /// The state that was stored last.
    func state() throws -> [UInt8] { try queue.read { try CheckpointTable.state($0) } }

    /// Lends the present rows, each table under its own name.
    func presentRows<Result>(_ body: (StoredRows) throws -> Result) throws -> Result {
        try queue.writeWithoutTransaction { database in
            for table in tables {
                try database.execute(
                    sql: "CREATE TEMP VIEW \(table.name) AS SELECT \(table.list) "
                        + "FROM main.\(table.name) WHERE valid_to IS NULL")
            }
            defer {
                for table in tables {
                    try? database.execute(sql: "DROP VIEW temp.\(table.name)")
                }
            }
            return try body(StoredRows(database: database))
        }
    }

    /// Makes one transaction of what `body` applies, which returns how far it goes.
    func transact(
        _ body: () throws -> (checkpoint: Checkpoint, state: [UInt8])
    ) throws {
        try queue.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                inTransaction = database
                digest = status.checkpoint.digest
                defer { inTransaction = nil }
                var (checkpoint, state) = try body()
                checkpoint.digest = digest
                let clock = CheckpointTable.Clock(updatedAt: Date().formatted(.iso8601))
                try CheckpointTable.update(checkpoint, state: state, clock: clock, database)
                status.checkpoint = checkpoint
                return .commit
            }
        }
    }

    private var inTransaction: Database?

    func apply(_ changes: RowChanges, at position: UInt64) throws {
        guard let database = inTransaction else { preconditionFailure("within transact") }
        try changes.withRows { rows in
            for change in changes.changes {
                let row = UnsafeRawBufferPointer(rebasing: rows[change.row])
                try apply(change, row, at: position, database)
            }
        }
    }

    private func apply(
        _ change: RowChanges.Change, _ row: UnsafeRawBufferPointer, at position: UInt64,
        _ database: Database
    ) throws {
        let table = tables[change.table]
        next.removeAll()
        var isThere = false
        if change.kind != .insert {
            isThere = try RowStatement(database, table.select).row(change.key, into: &old)
        }
        if change.kind == .patch {
            guard isThere else { throw ProjectionRefusal.noRow(change) }
            old.bytes.withUnsafeBytes {
                RowBytes.patch($0, change.patches, &scratch, into: &next)
            }
        } else {
            next.append(row[...])
        }
        if isThere {
            // What stays as it was has no second version.
            guard old.bytes != next.bytes else { return }
            digest.remove(old.bytes.withUnsafeBytes { hash($0, table) })
            scratch.removeAll()
            change.key.encode(into: &scratch)
            scratch.integer(position)
            try scratch.bytes.withUnsafeBytes { try RowStatement(database, table.close).run($0) }
        }
        digest.add(next.bytes.withUnsafeBytes { hash($0, table) })
        next.integer(position)
        try next.bytes.withUnsafeBytes { try RowStatement(database, table.insert).run($0) }
    }

    private func hash(_ row: UnsafeRawBufferPointer, _ table: VersionTable) -> Digest {
        StateDigest.hash(table: table.hashedName, row: row)
    }

    /// Makes a file that was created whole: indexes, and a journal for those that go on.
    func finish() throws {
        try queue.writeWithoutTransaction { database in
            for table in tables { try database.execute(sql: table.indexes) }
            try database.execute(sql: "PRAGMA optimize")
            try database.execute(sql: "PRAGMA locking_mode = NORMAL")
            _ = try Row.fetchOne(database, sql: "SELECT 1 FROM recount_checkpoint")
        }
        try queue.close()
    }

    func close() throws { try queue.close() }
}

extension RowKey {
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
