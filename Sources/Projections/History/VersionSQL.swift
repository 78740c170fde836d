import Events
import GRDB

/// SQL over a table of a history, where it is attached: a row `r` of the read model, and a version
/// `v` of it.
///
/// Only what never changes is read from the read model, which may be ahead of the history.
struct VersionSQL {
    let table: VersionTable
    /// The read model's schema.
    let rows: String
    /// The history's schema.
    let versions: String
    /// Whether the history of its projection has a file.
    let hasFile: Bool

    /// A table where its files are attached under these names.
    init(_ table: VersionTable, rows: String, versions: String, hasFile: Bool = true) {
        (self.table, self.rows, self.versions, self.hasFile) = (table, rows, versions, hasFile)
    }

    /// The tables of a projection as `History.attachFiles` attaches them.
    static func all(of projection: String, prefix: String = "") -> [VersionSQL] {
        all(
            of: projection, rows: "\"\(prefix)\(projection) rows\"",
            versions: "\"\(prefix)\(projection) history\"")
    }

    /// The tables of a projection where its files are attached under these names.
    static func all(of projection: String, rows: String, versions: String) -> [VersionSQL] {
        let tables = VersionTable.of(projection)
        let hasFile = tables.contains { $0.isKept }
        return tables.map {
            VersionSQL($0, rows: rows, versions: versions, hasFile: hasFile)
        }
    }

    /// The read model's rows; those that come with another table's row `p` stand below it.
    private var row: String {
        let own = "\(rows).\(table.name) AS r"
        guard case .parent(_, let name, let key, _) = table.beginning else { return own }
        return "\(rows).\(name) AS p CROSS JOIN \(own) ON r.\(key) = p.\(key)"
    }
    private var version: String { "\(versions).\(table.name) AS v" }

    /// The key of two aliases is the same.
    private func joins(_ one: String, _ other: String) -> String {
        table.columns.prefix(table.keyColumns).map { "\(one).\($0) = \(other).\($0)" }
            .joined(separator: " AND ")
    }

    /// The position from which on a row is there; nil where its versions alone say it.
    private var begins: String? {
        switch table.beginning {
        case .column(let column): "r.\(table.columns[column])"
        case .parent(_, _, _, let column): "p.\(column)"
        case nil: nil
        }
    }

    /// How far the history goes: the read model may go further, unless there is nothing else.
    private var end: String {
        "(SELECT position FROM \(hasFile ? versions : rows).recount_checkpoint)"
    }

    /// Which version a value is asked of.
    enum Which {
        /// The one that holds, if it was kept.
        case held
        /// One that was kept.
        case kept
        /// A first one that was not.
        case first
    }

    /// A column's value.
    func value(_ column: Int, _ which: Which = .held) -> String {
        let name = "\"\(table.columns[column])\""
        if let bit = table.once.firstIndex(where: { $0.column == column }) {
            let first = VersionSQL.literal(table.once[bit].first)
            let value = "iif(v.valid_set & \(1 << bit), r.\(name), \(first))"
            return "CAST(\(which == .first ? first : value) AS \(table.types[column]))"
        }
        guard let place = table.changing.firstIndex(of: column) else { return "r.\(name)" }
        if table.beginning == nil || which == .kept { return "v.\(name)" }
        let first = VersionSQL.literal(table.first[place])
        // With its type: what it is compared with is taken as the column's.
        return which == .first
            ? "CAST(\(first) AS \(table.types[column]))"
            : "CAST(iif(v.valid_from IS NULL, \(first), v.\(name)) AS \(table.types[column]))"
    }

    /// The value of a column of a name.
    func value(_ column: String) -> String {
        table.columns.firstIndex(of: column).map { value($0) } ?? "NULL"
    }

    private static func literal(_ value: RowValue) -> String {
        switch value {
        case .null: "NULL"
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .text(let text): ExpressionSQL.quoted(text)
        }
    }

    /// All columns, each under its name.
    func list(_ which: Which = .held) -> String {
        table.columns.indices.map { "\(value($0, which)) AS \"\(table.columns[$0])\"" }
            .joined(separator: ", ")
    }

    /// The order in which the newest of several rows of a name comes first.
    var newestFirst: String {
        guard let begins else {
            let key = "r.\(table.columns[0])"
            return "v.valid_from DESC, length(\(key)) DESC, \(key) DESC"
        }
        // The column that stands beside the ticker in the read model's index, if it is the same.
        let column = table.columns.firstIndex(of: "from_position")
        if let column, table.fixed.contains(column) { return "r.from_position DESC" }
        return "\(begins) DESC"
    }

    /// The rows as they stood at a position: a SELECT of some values of each, without an order.
    func state(_ values: String? = nil, at position: String, where condition: String = "") -> String
    {
        let condition = condition.isEmpty ? "" : " AND (\(condition))"
        let latest = """
            v.valid_from = (SELECT max(w.valid_from) FROM \(versions).\(table.name) AS w
            WHERE \(joins("w", "r")) AND w.valid_from <= \(position))
            """
        // No key that is a position lies beyond it: the scan of the key ends there.
        let bound =
            table.isKeyedByPosition ? " AND r.\(table.columns[0]) <= \(position)" : ""
        let start = "SELECT \(values ?? list()) FROM \(row)"
        guard let begins else {
            return "\(start) CROSS JOIN \(version) ON \(joins("v", "r")) AND \(latest) "
                + "WHERE 1\(bound)\(condition)"
        }
        let join =
            table.isKept ? " LEFT JOIN \(version) ON \(joins("v", "r")) AND \(latest)" : ""
        return "\(start)\(join) WHERE \(begins) <= \(position)\(bound)\(condition)"
    }

    /// All versions, with the positions between which each held, as far as the history goes.
    func all(after position: UInt64? = nil, through last: UInt64 = .max) -> String {
        func next(_ alias: String, _ beyond: String) -> String {
            """
            (SELECT min(w.valid_from) FROM \(versions).\(table.name) AS w
            WHERE \(joins("w", alias)) AND w.valid_from > \(beyond)) AS valid_to
            """
        }
        func later(_ place: String) -> String {
            (position.map { " AND \(place) > \($0)" } ?? "")
                + (last > UInt64(Int64.max) ? "" : " AND \(place) <= \(last)")
        }
        var parts: [String] = []
        if let begins {
            let isKept = """
                 AND NOT EXISTS (SELECT 1 FROM \(versions).\(table.name) AS w
                WHERE \(joins("w", "r")) AND w.valid_from = \(begins))
                """
            parts.append(
                "SELECT \(list(.first)), \(begins) AS valid_from, "
                    + (table.isKept ? next("r", begins) : "CAST(NULL AS INTEGER) AS valid_to")
                    + " FROM \(row) WHERE \(begins) <= \(end)\(later(begins))"
                    + (table.isKept ? isKept : ""))
        }
        if table.isKept {
            parts.append(
                "SELECT \(list(.kept)), v.valid_from AS valid_from, "
                    + "\(next("v", "v.valid_from")) FROM \(version) "
                    + "CROSS JOIN \(row) ON \(joins("r", "v")) WHERE 1\(later("v.valid_from"))")
        }
        return parts.joined(separator: " UNION ALL ")
    }

    /// SELECTs of what begins where a position is as it should be: of each some values, made of the
    /// position and of the alias that has the key.
    func beginnings(
        _ values: (_ position: String, _ alias: String) -> String,
        where isWanted: (_ position: String) -> String, of names: (Which) -> String? = { _ in nil }
    ) -> [String] {
        var parts: [String] = []
        if let begins {
            let named = names(.first).map { " AND (\($0))" } ?? ""
            parts.append(
                "SELECT \(values(begins, "r")) FROM \(row) "
                    + "WHERE \(isWanted(begins)) AND \(begins) <= \(end)\(named)")
        }
        guard table.isKept else { return parts }
        // By the rows that are named, else by the positions.
        let named = names(.kept)
        let source = named == nil ? version : "\(row) CROSS JOIN \(version) ON \(joins("v", "r"))"
        parts.append(
            "SELECT \(values("v.valid_from", "v")) FROM \(source) "
                + "WHERE \(isWanted("v.valid_from"))\(named.map { " AND (\($0))" } ?? "")")
        return parts
    }

    /// The key's columns of an alias, and their order.
    func key(_ alias: String) -> String {
        table.columns.prefix(table.keyColumns).map { "\(alias).\($0)" }.joined(separator: ", ")
    }

    /// The conditions under which a name may name a row, one a column; `event` is the position of
    /// the event that the name is of, which names nothing else where rows are of events.
    func naming(_ name: String, event: UInt64?, _ which: Which = .held) -> [String] {
        if let event, table.isNamedByEvent { return ["r.position = \(event)"] }
        return table.namingColumns(for: name).compactMap { column in
            guard column != "id" || !table.isNamedByEvent else { return nil }
            let place = table.columns.firstIndex(of: column) ?? 0
            let wanted = column == "ticker" ? Ticker.folded(name) : name
            return "\(value(place, which)) = \(ExpressionSQL.quoted(wanted))"
        }
    }
}
