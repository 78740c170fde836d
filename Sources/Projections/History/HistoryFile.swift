import EventLog
import Events
import Foundation
import GRDB

/// A history's file: the versions of a read model's rows, how far they go, and the state to go on
/// from. The read model lies beside it, attached as `rows`. It belongs to one thread.
final class HistoryFile: RowStore {
    let path: String
    let queue: DatabaseQueue
    let tables: [VersionTable]
    private(set) var status: ReadModelStatus
    private var versions: VersionWriter

    /// The version of the files' form; one of another is made anew. It stands in `user_version`.
    private static let form = 2

    private init(
        path: String, queue: DatabaseQueue, projection: any Projection.Type,
        over rows: ReadModelFolder
    ) throws {
        (self.path, self.queue) = (path, queue)
        tables = VersionTable.of(projection.name)
        versions = VersionWriter(tables)
        status = try queue.read { try CheckpointTable.read($0) }
        try queue.writeWithoutTransaction {
            try $0.execute(
                sql: "ATTACH DATABASE ? AS rows", arguments: [rows.readable(projection.name)])
        }
    }

    /// How far it goes.
    var position: MergedPosition { status.checkpoint.position }

    /// Begins a file that is no history until `finish`, and is made anew after a kill.
    static func create(
        at path: String, _ projection: any Projection.Type, over rows: ReadModelFolder,
        logID: Digest
    ) throws -> HistoryFile {
        for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) }
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA main.journal_mode = MEMORY")
            try database.execute(sql: "PRAGMA main.synchronous = OFF")
            try database.execute(sql: "PRAGMA main.locking_mode = EXCLUSIVE")
            try database.execute(sql: "PRAGMA main.cache_size = -32768")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { database in
            for table in VersionTable.of(projection.name) where table.isKept {
                try database.execute(sql: table.ddl)
            }
            try database.execute(sql: CheckpointTable.ddl)
            try database.execute(sql: "PRAGMA user_version = \(form)")
            try CheckpointTable.insert(Checkpoint(logID: logID), projection, database)
        }
        return try HistoryFile(path: path, queue: queue, projection: projection, over: rows)
    }

    /// The status of a file that is whole; nil where there is none of this form.
    static func status(at path: String) throws -> ReadModelStatus? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { database in
            try Int.fetchOne(database, sql: "PRAGMA user_version") == form
                ? try CheckpointTable.read(database, isCheckpointOnly: true) : nil
        }
    }

    /// Opens a file that is whole, for going on; nil where there is none of this form.
    static func open(
        at path: String, _ projection: any Projection.Type, over rows: ReadModelFolder
    ) throws -> HistoryFile? {
        guard try status(at: path) != nil else { return nil }
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        return try HistoryFile(path: path, queue: queue, projection: projection, over: rows)
    }

    /// The state that was stored last.
    func state() throws -> [UInt8] { try queue.read { try CheckpointTable.state($0) } }

    /// Lends the rows where it ends, each table under its own name.
    func presentRows<Result>(_ body: (StoredRows) throws -> Result) throws -> Result {
        let end = "\(position.position)"
        return try queue.writeWithoutTransaction { database in
            for table in tables {
                let state = VersionSQL(table, rows: "rows", versions: "main").state(at: end)
                try database.execute(sql: "CREATE TEMP VIEW \(table.name) AS \(state)")
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
            // Not at once for writing: that would lock the read model too.
            try database.inTransaction(.deferred) {
                inTransaction = database
                defer { inTransaction = nil }
                let (checkpoint, state) = try body()
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
        try versions.apply(changes, at: position, database)
    }

    /// Makes a file that was created whole: indexes, and a journal for those that go on.
    func finish() throws {
        try queue.writeWithoutTransaction { database in
            for table in tables where table.isKept { try database.execute(sql: table.index) }
            try database.execute(sql: "PRAGMA main.locking_mode = NORMAL")
            _ = try Row.fetchOne(database, sql: "SELECT 1 FROM main.recount_checkpoint")
        }
        try queue.close()
    }

    func close() throws { try queue.close() }
}
