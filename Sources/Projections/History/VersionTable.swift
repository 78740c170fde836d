import GRDB

/// A table of a history: each row of a read model's table as often as it had other values, with
/// the positions between which it held, `valid_from` included and `valid_to` not.
///
/// Nothing ever leaves a read model's table, so that every key has one version that holds now.
struct VersionTable: Sendable {
    /// The table's name, in the read model and here.
    let name: String
    /// Its columns, as its DDL has them.
    let columns: [String]
    /// Number of leading columns that are its key.
    let keyColumns: Int
    /// Whether its key is a position, or one and a number below it.
    let isKeyedByPosition: Bool
    let hashedName: [UInt8]
    /// The columns' types: INTEGER, REAL or TEXT.
    let types: [String]

    /// Columns by which people name a row whose key is another.
    private static let names = ["ticker", "id"]

    private init(_ table: ProjectionTable, columns: [String], types: [String]) {
        (name, keyColumns) = (table.name, table.keyColumns)
        (self.columns, self.types) = (columns, types)
        isKeyedByPosition = columns[0] == "position" || columns[0] == "event"
        hashedName = Array(table.name.utf8) + [0]
    }

    /// The tables of a projection, with the columns that its DDL gives them.
    static func all(of projection: any Projection.Type) throws -> [VersionTable] {
        try DatabaseQueue().write { database in
            try database.execute(sql: ReadModelDDL.text(of: projection.name).tables)
            return try projection.tables.map { table in
                let columns = try database.columns(in: table.name)
                return VersionTable(
                    table, columns: columns.map(\.name), types: columns.map(\.type))
            }
        }
    }

    /// Every table of every projection, with its projection's name.
    static let catalogue: [(projection: String, table: VersionTable)] =
        ProjectionCatalogue.all.flatMap { type in
            // The DDL is compiled in, and a test makes every table of it.
            ((try? all(of: type)) ?? []).map { (type.name, $0) }
        }

    /// The table of a name; nil for none.
    static func named(_ name: String) -> VersionTable? {
        catalogue.first { $0.table.name == name }?.table
    }

    /// The type of a column; empty for none.
    static func type(of column: String, in table: String) -> String {
        guard let table = named(table), let place = table.columns.firstIndex(of: column) else {
            return ""
        }
        return table.types[place]
    }

    /// Whether it never has but one row, which is numbered 1.
    var hasOneRow: Bool { columns[0] == "id" && types[0] == "INTEGER" }

    /// The columns by which a name may name a row: its key's first, and those that name its
    /// subject. A number names no text, and a text no number.
    func namingColumns(for name: String) -> [String] {
        namingColumns.filter { column in
            guard let place = columns.firstIndex(of: column) else { return false }
            return types[place] == "TEXT" || Int64(name) != nil
        }
    }

    private var namingColumns: [String] {
        [columns[0]] + VersionTable.names.filter { columns.contains($0) && $0 != columns[0] }
    }

    /// The columns, in order, for a query.
    var list: String { columns.map { "\"\($0)\"" }.joined(separator: ", ") }

    /// The key, for a query's order.
    var keyList: String { columns.prefix(keyColumns).joined(separator: ", ") }

    /// Makes the table; the key's index too, which finds a row's present version.
    var ddl: String {
        let fields = zip(columns, types).map { "\"\($0)\" \($1)" }.joined(separator: ", ")
        return """
            CREATE TABLE \(name) (\(fields), valid_from INTEGER NOT NULL, valid_to INTEGER) STRICT;
            CREATE UNIQUE INDEX \(name)_key ON \(name) (\(keyList), valid_from);
            """
    }

    /// Makes the other indexes, once the rows are there.
    var indexes: String {
        var text = "CREATE INDEX \(name)_from ON \(name) (valid_from);\n"
        for column in namingColumns.dropFirst() {
            let rest = isKeyedByPosition ? "\(keyList), valid_from" : "valid_from"
            text += "CREATE INDEX \(name)_\(column) ON \(name) (\(column), \(rest));\n"
        }
        return text
    }

    /// Takes the values of a row and its position.
    var insert: String {
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        return "INSERT INTO \(name) VALUES (\(marks), ?, NULL)"
    }

    /// Takes the key of a row and gives its present version.
    var select: String {
        "SELECT \(list) FROM \(name) WHERE \(keyMatches) ORDER BY valid_from DESC LIMIT 1"
    }

    /// Takes the key of a row and the position at which its present version holds no more.
    var close: String {
        "UPDATE \(name) SET valid_to = ?\(keyColumns + 1) WHERE rowid = "
            + "(SELECT rowid FROM \(name) WHERE \(keyMatches) ORDER BY valid_from DESC LIMIT 1)"
    }

    /// The condition under which a row has the key of the first parameters.
    var keyMatches: String {
        (0..<keyColumns).map { "\(columns[$0]) = ?\($0 + 1)" }.joined(separator: " AND ")
    }

    /// The order in which the newest of several rows of a name comes first.
    var newestFirst: String {
        isKeyedByPosition ? "\(columns[0]) DESC" : "valid_from DESC, rowid DESC"
    }

    /// The condition under which a version held at a position.
    func holds(at position: UInt64) -> String { holds(at: "\(position)") }

    /// The same of a parameter of a statement.
    func holds(at position: String) -> String {
        // No key that is a position lies beyond it: the scan of the key's index ends there.
        (isKeyedByPosition ? "\(columns[0]) <= \(position) AND " : "")
            + "valid_from <= \(position) AND (valid_to IS NULL OR valid_to > \(position))"
    }
}
