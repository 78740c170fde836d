import GRDB

/// An expression as SQL over attached histories, of one parameter `:position`.
struct ExpressionSQL {
    /// The expression, for a SELECT.
    let text: String
    /// The keys of its rows.
    private let keys: [String: String]
    /// A SELECT of the positions, after `:first` and through `:last`, at which a version of a row
    /// that it reads begins.
    let changes: String
    /// The same, the last first.
    let changesBackwards: String

    init(_ expression: HistoryExpression) {
        var (arguments, names) = ([String: String](), [HistoryExpression.RowPath: String]())
        for (index, row) in expression.rows.enumerated() {
            guard let key = row.key else { continue }
            names[row] = "key\(index)"
            arguments["key\(index)"] = key
        }
        keys = arguments
        text = ExpressionSQL.sql(expression.root, names)
        changes =
            expression.rows.map { ExpressionSQL.changes(of: $0, names[$0]) }
            .joined(separator: " UNION ") + " ORDER BY 1"
        changesBackwards = changes + " DESC"
    }

    /// The arguments that a statement takes, of the keys and of positions.
    func arguments(for statement: String, _ positions: [String: UInt64]) -> StatementArguments {
        var values = keys.mapValues { $0 as any DatabaseValueConvertible }
        for (name, position) in positions { values[name] = Int64(clamping: position) }
        return StatementArguments(values.filter { statement.contains(":\($0.key)") })
    }

    private static func sql(
        _ node: HistoryExpression.Node, _ names: [HistoryExpression.RowPath: String]
    ) -> String {
        switch node {
        case .number(let number): "\(number)"
        case .text(let text): quoted(text)
        case .value(let row, let column): value("\"\(column)\"", of: row, names[row])
        case .exists(let row): "(\(value("1", of: row, names[row])) IS NOT NULL)"
        case .negated(let inner): "(-\(sql(inner, names)))"
        case .not(let inner): "(NOT \(sql(inner, names)))"
        case .binary("/", let left, let right):
            "(\(sql(left, names)) * 1.0 / \(sql(right, names)))"
        case .binary(let symbol, let left, let right):
            "(\(sql(left, names)) \(symbol) \(sql(right, names)))"
        }
    }

    private static func quoted(_ text: String) -> String {
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        return "'\(parts.joined(separator: "''"))'"
    }

    /// A value of a row: the first that one of the columns finds which may name it.
    private static func value(
        _ column: String, of row: HistoryExpression.RowPath, _ name: String?
    ) -> String {
        guard let table = VersionTable.named(row.table) else { return "NULL" }
        let source = "\"\(row.projection) history\".\(row.table)"
        let holds = table.holds(at: ":position")
        guard let name, let key = row.key else {
            return "(SELECT \(column) FROM \(source) WHERE \(holds))"
        }
        let found = table.namingColumns(for: key).map {
            "(SELECT \(column) FROM \(source) WHERE \($0) = :\(name) AND \(holds) "
                + "ORDER BY \(table.newestFirst) LIMIT 1)"
        }
        switch found.count {
        case 0: return "NULL"
        case 1: return found[0]
        default: return "coalesce(\(found.joined(separator: ", ")))"
        }
    }

    private static func changes(
        of row: HistoryExpression.RowPath, _ name: String?
    ) -> String {
        let source = "\"\(row.projection) history\".\(row.table)"
        let span = "valid_from > :first AND valid_from <= :last"
        guard let name, let key = row.key, let table = VersionTable.named(row.table) else {
            return "SELECT valid_from FROM \(source) WHERE \(span)"
        }
        let parts = table.namingColumns(for: key).map {
            "SELECT valid_from FROM \(source) WHERE \($0) = :\(name) AND \(span)"
        }
        return parts.isEmpty ? "SELECT NULL WHERE 0" : parts.joined(separator: " UNION ")
    }
}
