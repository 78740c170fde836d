import GRDB

/// What a read model's file is made of, beside its rows: tables, indexes, and nothing else.
enum ReadModelSchema {
    /// A thing of the file, as its own catalogue names it.
    private struct Entry: Hashable {
        let kind: String
        let name: String
        let sql: String
    }

    /// Refuses a file that holds a trigger, a view, a table or an index that its DDL does not make,
    /// or lacks one that it makes, or has one of another text.
    static func check(
        _ database: Database, _ path: String, _ projection: any Projection.Type
    ) throws {
        let made = try DatabaseQueue().write { database in
            let ddl = ReadModelDDL.text(of: projection.name)
            try database.execute(sql: ddl.tables)
            try database.execute(sql: CheckpointTable.ddl)
            try database.execute(sql: ddl.indexes)
            return try entries(database)
        }
        let found = try entries(database)
        for entry in found where !made.contains(entry) {
            let isNamed = made.contains { $0.kind == entry.kind && $0.name == entry.name }
            throw ReadModelError.schema(
                path, projection: projection.name,
                what: isNamed
                    ? "its \(entry.kind) \(entry.name) is another than its DDL makes"
                    : "holds the \(entry.kind) \(entry.name), which its DDL does not make")
        }
        if let missing = made.first(where: { !found.contains($0) }) {
            throw ReadModelError.schema(
                path, projection: projection.name,
                what: "lacks its \(missing.kind) \(missing.name)")
        }
    }

    /// All entries but those that SQLite makes by itself.
    private static func entries(_ database: Database) throws -> [Entry] {
        let sql = """
            SELECT type, name, sql FROM sqlite_master
            WHERE name NOT LIKE 'sqlite_autoindex_%' AND name <> 'sqlite_sequence'
            ORDER BY type, name
            """
        return try Row.fetchAll(database, sql: sql).map { row in
            Entry(kind: row["type"], name: row["name"], sql: row["sql"] ?? "")
        }
    }
}
