import EventLog
import Events
import Foundation
import GRDB

/// What a read model that was made anew has beside the generation whose place it takes: counts of
/// rows, and digests.
public struct GenerationComparison: Hashable, Sendable {
    /// One of the two.
    struct Side: Hashable, Sendable {
        var generation: Int
        var status: ReadModelStatus
        /// Rows by table, in order of the tables' names.
        var rows: [String: Int]

        /// Reads a file of a generation.
        init(_ folder: ReadModelFolder, _ name: String, _ generation: Int) throws {
            self.generation = generation
            var configuration = Configuration()
            configuration.readonly = true
            let queue = try DatabaseQueue(
                path: folder.file(name, generation: generation), configuration: configuration)
            (status, rows) = try queue.read { database in
                let tables = try String.fetchAll(
                    database,
                    sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE "
                        + "'sqlite_%' AND name <> 'recount_checkpoint'")
                var rows: [String: Int] = [:]
                for table in tables {
                    rows[table] = try Int.fetchOne(
                        database, sql: "SELECT count(*) FROM \"\(table)\"")
                }
                return (try CheckpointTable.read(database), rows)
            }
            try queue.close()
        }
    }

    let (old, new): (Side, Side)
    /// Whether the old rows are those that its digest was made of, as far as both can be compared.
    private let isOldWhole: Bool

    /// Compares two generations of a projection. Where both must have the same rows, those of the
    /// old one are all read.
    init<P: Projection>(
        _ projection: P.Type, _ folder: ReadModelFolder, old: Int, new: Int
    ) throws {
        (self.old, self.new) = (
            try Side(folder, P.name, old), try Side(folder, P.name, new)
        )
        guard GenerationComparison.isSame(self.old, self.new) else {
            isOldWhole = true
            return
        }
        let store = try ReadModelStore.resume(
            at: folder.file(P.name, generation: old), projection: P.self)
        do {
            try store.check(P.name)
            isOldWhole = true
        } catch ReadModelError.digest {
            isOldWhole = false
        }
        try store.close()
    }

    /// Whether both were made by the same version of the projection, of the same events.
    private static func isSame(_ old: Side, _ new: Side) -> Bool {
        old.status.version == new.status.version
            && old.status.checkpoint.position == new.status.checkpoint.position
            && old.status.checkpoint.logID == new.status.checkpoint.logID
    }

    /// Whether rows that must be equal are not: the old ones were not those of the log.
    public var isContradiction: Bool {
        GenerationComparison.isSame(old, new)
            && (!isOldWhole || old.status.checkpoint.digest != new.status.checkpoint.digest
                || old.rows != new.rows)
    }

    /// A sentence for the person who watches.
    public var sentence: String {
        let tables = Set(old.rows.keys).union(new.rows.keys).sorted()
        let counts = tables.filter { old.rows[$0] != new.rows[$0] }.map { table in
            "\(table) \(old.rows[table].map { "\($0)" } ?? "none") → "
                + "\(new.rows[table].map { "\($0)" } ?? "none")"
        }
        let total = new.rows.values.reduce(0, +)
        let rows =
            counts.isEmpty
            ? "the same counts, \(total) rows" : "rows \(counts.joined(separator: ", "))"
        let digest =
            isOldWhole && old.status.checkpoint.digest == new.status.checkpoint.digest
            ? "the same digest" : "another digest"
        let reason =
            isContradiction
            ? ": the old rows were NOT those of the log" : ""
        return "\(new.status.projection): generation \(new.generation) (version "
            + "\(new.status.version), position \(new.status.checkpoint.position.position)) takes the "
            + "place of \(old.generation) (version \(old.status.version), position "
            + "\(old.status.checkpoint.position.position)): \(rows), \(digest)\(reason)"
    }
}
