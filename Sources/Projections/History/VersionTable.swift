import GRDB

/// A table of a read model as its history has it: which columns of a row are kept with each
/// version, and which are read from the read model.
///
/// Nothing ever leaves a read model's table, so that every key has one version that holds now.
struct VersionTable: Sendable {
    /// Where the position of the event that made a row stands; nil where its first version has it.
    enum Beginning: Sendable {
        /// In a column.
        case column(Int)
        /// In a column of the row of another table whose key is the first column.
        case parent(table: Int, name: String, key: String, column: String)
    }

    /// The table's name, in the read model and in the history.
    let name: String
    /// Its columns, as its DDL has them.
    let columns: [String]
    /// Number of leading columns that are its key.
    let keyColumns: Int
    /// The columns' types: INTEGER, REAL or TEXT.
    let types: [String]
    let hashedName: [UInt8]
    let beginning: Beginning?
    /// The columns that are kept with each version.
    let changing: [Int]
    /// Their values in a first version that is not kept; empty where each is.
    let first: [RowValue]
    /// The columns of which is kept whether they have changed, and their values before.
    let once: [(column: Int, first: RowValue)]

    /// Columns by which people name a row whose key is another.
    private static let names = ["ticker", "id"]

    private init(
        _ table: ProjectionTable, columns: [String], types: [String],
        among tables: [ProjectionTable]
    ) {
        (name, keyColumns) = (table.name, table.keyColumns)
        (self.columns, self.types) = (columns, types)
        hashedName = Array(table.name.utf8) + [0]
        func place(_ column: String) -> Int {
            guard let place = columns.firstIndex(of: column) else {
                preconditionFailure("\(table.name) has a column \(column)")
            }
            return place
        }
        func firsts(_ values: [FirstValue]) -> [(column: Int, first: RowValue)] {
            values.map { (place($0.column), $0.value) }.sorted { $0.0 < $1.0 }
        }
        switch table.history {
        case .whole:
            (beginning, changing, first) = (nil, Array(columns.indices.dropFirst(keyColumns)), [])
            once = []
        case .versions(let names, let others):
            (beginning, changing, first) = (nil, names.map(place).sorted(), [])
            once = firsts(others)
        case .since(let column, let values, let others):
            beginning = .column(place(column))
            let sorted = firsts(values)
            (changing, first) = (sorted.map { $0.column }, sorted.map { $0.first })
            once = firsts(others)
        case .alongside(let other):
            guard let parent = tables.firstIndex(where: { $0.name == other }),
                case .since(let column, _, _) = tables[parent].history
            else { preconditionFailure("\(other) says since when its rows are there") }
            beginning = .parent(table: parent, name: other, key: columns[0], column: column)
            (changing, first, once) = ([], [], [])
        }
    }

    /// The tables of a projection, with the columns that its DDL gives them.
    static func all(of projection: any Projection.Type) throws -> [VersionTable] {
        try DatabaseQueue().write { database in
            try database.execute(sql: ReadModelDDL.text(of: projection.name).tables)
            return try projection.tables.map { table in
                let columns = try database.columns(in: table.name)
                return VersionTable(
                    table, columns: columns.map(\.name), types: columns.map(\.type),
                    among: projection.tables)
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

    /// The tables of a projection.
    static func of(_ projection: String) -> [VersionTable] {
        catalogue.filter { $0.projection == projection }.map(\.table)
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

    /// Whether its rows come with those of another table.
    var hasParent: Bool {
        if case .parent = beginning { true } else { false }
    }

    /// Whether versions are kept: of no others does the history have a table.
    var isKept: Bool { beginning == nil || !changing.isEmpty || !once.isEmpty }

    /// Whether its key is a position, or begins with one, and none lies beyond the moment at which
    /// the row is made.
    var isKeyedByPosition: Bool {
        ["position", "effect", "event", "request"].contains(columns[0])
    }

    /// Whether its key is the position of the event whose reference is its `id`.
    var isNamedByEvent: Bool {
        guard case .column(0) = beginning else { return false }
        return columns[0] == "position" && columns.contains("id")
    }

    /// The columns by which a name may name a row: its key's first, and those that name its
    /// subject. A number names no text, and a text no number.
    func namingColumns(for name: String) -> [String] {
        let names = VersionTable.names.filter { columns.contains($0) && $0 != columns[0] }
        return ([columns[0]] + names).filter { column in
            guard let place = columns.firstIndex(of: column) else { return false }
            return types[place] == "TEXT" || Int64(name) != nil
        }
    }

    /// The key, for a query's order.
    var keyList: String { columns.prefix(keyColumns).joined(separator: ", ") }

    /// Makes the table; its key finds a row's version at any moment. `valid_set` has a bit for each
    /// column that changes once: whether it has.
    var ddl: String {
        var fields = (Array(0..<keyColumns) + changing).map { "\"\(columns[$0])\" \(types[$0])" }
        if !once.isEmpty { fields.append("valid_set INTEGER NOT NULL") }
        return """
            CREATE TABLE \(name) (\(fields.joined(separator: ", ")), valid_from INTEGER NOT NULL,
            PRIMARY KEY (\(keyList), valid_from)) STRICT, WITHOUT ROWID;
            """
    }

    /// Makes the index of the moments at which something changes, once the versions are there.
    var index: String { "CREATE INDEX \(name)_from ON \(name) (valid_from);" }

    /// Takes a version: key, changing columns, which of the others are set, position.
    var insert: String {
        let count = keyColumns + changing.count + (once.isEmpty ? 0 : 1) + 1
        let marks = Array(repeating: "?", count: count).joined(separator: ", ")
        return "INSERT INTO main.\(name) VALUES (\(marks))"
    }

    /// Takes the key of a row and gives what is kept of its latest version.
    var select: String {
        let list =
            changing.map { "\"\(columns[$0])\"" } + (once.isEmpty ? [] : ["valid_set"])
        return "SELECT \(list.joined(separator: ", ")) FROM main.\(name) "
            + "WHERE \(keyMatches) ORDER BY valid_from DESC LIMIT 1"
    }

    /// Takes the key of a row and gives some columns of it, from the read model.
    func selectRow(_ list: [Int]) -> String {
        "SELECT \(list.map { "\"\(columns[$0])\"" }.joined(separator: ", ")) "
            + "FROM rows.\(name) WHERE \(keyMatches)"
    }

    /// The columns besides the key that never change.
    var fixed: [Int] {
        let others = changing + once.map { $0.column }
        return columns.indices.filter { $0 >= keyColumns && !others.contains($0) }
    }

    /// The condition under which a row has the key of the first parameters.
    private var keyMatches: String {
        (0..<keyColumns).map { "\(columns[$0]) = ?\($0 + 1)" }.joined(separator: " AND ")
    }
}
