import EventLog
import Events
import Foundation
import GRDB

/// The one row beside the rows: how far a read model goes, and the state to go on from.
enum CheckpointTable {
    static let ddl = """
        CREATE TABLE recount_checkpoint (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            projection TEXT NOT NULL,
            version INTEGER NOT NULL,
            position INTEGER NOT NULL,
            log_id TEXT NOT NULL,
            log_position INTEGER NOT NULL,
            log_seal TEXT NOT NULL,
            timeline_position INTEGER NOT NULL,
            timeline_seal TEXT NOT NULL,
            digest TEXT NOT NULL,
            state BLOB NOT NULL,
            updated_at TEXT NOT NULL,
            events_per_second REAL,
            error TEXT
        ) STRICT;
        """

    /// What the clock says of a checkpoint; no row and no digest depends on it.
    struct Clock: Sendable {
        var updatedAt: String
        var eventsPerSecond: Double?
    }

    static func insert(
        _ checkpoint: Checkpoint, _ projection: any Projection.Type, _ database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO recount_checkpoint
                VALUES (1, ?, ?, 0, ?, 0, ?, 0, ?, ?, x'', '', NULL, NULL)
                """,
            arguments: [
                projection.name, projection.version, "\(checkpoint.logID)",
                "\(checkpoint.logSeal)", "\(checkpoint.timelineSeal)", "\(checkpoint.digest)",
            ])
    }

    static func update(
        _ checkpoint: Checkpoint, state: [UInt8], clock: Clock, _ database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE recount_checkpoint SET position = ?, log_position = ?, log_seal = ?,
                timeline_position = ?, timeline_seal = ?, digest = ?, state = ?, updated_at = ?,
                events_per_second = ?, error = NULL
                """)
        try statement.execute(arguments: [
            Int64(checkpoint.position.position), Int64(checkpoint.position.own),
            "\(checkpoint.logSeal)", Int64(checkpoint.position.timeline),
            "\(checkpoint.timelineSeal)", "\(checkpoint.digest)", Data(state), clock.updatedAt,
            clock.eventsPerSecond,
        ])
    }

    static func note(error: String?, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE recount_checkpoint SET error = ?", arguments: [error])
    }

    static func state(_ database: Database) throws -> [UInt8] {
        let state = try Data.fetchOne(database, sql: "SELECT state FROM recount_checkpoint")
        return Array(state ?? Data())
    }

    /// What the row says; the size and whether a process runs are the caller's to fill in. Where
    /// only the checkpoint is asked for, what stands behind the state is left out: to come to it
    /// is to read the state, which may be as large as the rows.
    static func read(
        _ database: Database, isCheckpointOnly: Bool = false
    ) throws -> ReadModelStatus {
        let last =
            isCheckpointOnly
            ? "'' AS updated_at, NULL AS events_per_second, NULL AS error"
            : "updated_at, events_per_second, error"
        guard
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT projection, version, log_id, log_position, log_seal, timeline_position,
                    timeline_seal, digest, \(last) FROM recount_checkpoint
                    """),
            let logID = Digest(row["log_id"] as String),
            let logSeal = Digest(row["log_seal"] as String),
            let timelineSeal = Digest(row["timeline_seal"] as String),
            let digest = Digest(row["digest"] as String),
            let own = UInt64(exactly: row["log_position"] as Int64),
            let timeline = UInt64(exactly: row["timeline_position"] as Int64)
        else { throw DatabaseError(message: "the checkpoint is not readable") }
        var checkpoint = Checkpoint(logID: logID)
        checkpoint.position = MergedPosition(own: own, timeline: timeline)
        (checkpoint.logSeal, checkpoint.timelineSeal) = (logSeal, timelineSeal)
        checkpoint.digest = StateDigest(sum: digest)
        return ReadModelStatus(
            projection: row["projection"], version: row["version"], checkpoint: checkpoint,
            updatedAt: row["updated_at"], eventsPerSecond: row["events_per_second"],
            error: row["error"], isRunning: false, size: 0)
    }
}

extension ReadModelDDL {
    /// The DDL of a projection: its tables, and the indexes that a rebuild makes at its end.
    static func text(of projection: String) -> (tables: String, indexes: String) {
        guard let whole = named(projection) else {
            preconditionFailure("\(projection) has no Schemas/ReadModels/\(projection).sql")
        }
        let parts = whole.components(separatedBy: "-- index\n")
        precondition(parts.count == 2, "the DDL of \(projection) has one line \"-- index\"")
        return (parts[0], parts[1])
    }
}
