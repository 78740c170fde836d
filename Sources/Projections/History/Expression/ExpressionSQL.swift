/// An expression as SQL over attached histories.
struct ExpressionSQL {
    /// A SELECT of its value; its one parameter, if it takes it, is the position.
    let value: String
    /// A SELECT of the positions at which a version of a row that it reads begins, after the first
    /// parameter and through the second, in order.
    let changes: String
    /// The same, the last first.
    let changesBackwards: String

    init(_ expression: HistoryExpression) {
        value = "SELECT \(ExpressionSQL.sql(expression.root))"
        changes =
            expression.rows.map { ExpressionSQL.changes(of: $0) }
            .joined(separator: " UNION ") + " ORDER BY 1"
        changesBackwards = changes + " DESC"
    }

    private static func sql(_ node: HistoryExpression.Node) -> String {
        switch node {
        case .number(let number): "\(number)"
        case .text(let text): quoted(text)
        case .value(let row, let column): value("\"\(column)\"", of: row)
        case .exists(let row): "(\(value("1", of: row)) IS NOT NULL)"
        case .negated(let inner): "(-\(sql(inner)))"
        case .not(let inner): "(NOT \(sql(inner)))"
        case .binary("/", let left, let right):
            "(\(sql(left)) * 1.0 / \(sql(right)))"
        case .binary(let symbol, let left, let right):
            "(\(sql(left)) \(symbol) \(sql(right)))"
        }
    }

    private static func quoted(_ text: String) -> String {
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        return "'\(parts.joined(separator: "''"))'"
    }

    /// A value of a row: the first that one of the columns finds which may name it.
    private static func value(_ column: String, of row: HistoryExpression.RowPath) -> String {
        guard let table = VersionTable.named(row.table) else { return "NULL" }
        let start = "(SELECT \(column) FROM \"\(row.projection) history\".\(row.table) WHERE "
        let holds = table.holds(at: "?1")
        guard let key = row.key else {
            return "\(start)\(holds) ORDER BY valid_from DESC LIMIT 1)"
        }
        let found = table.namingColumns(for: key).map {
            "\(start)\($0) = \(quoted(key)) AND \(holds) ORDER BY \(table.newestFirst) LIMIT 1)"
        }
        switch found.count {
        case 0: return "NULL"
        case 1: return found[0]
        default: return "coalesce(\(found.joined(separator: ", ")))"
        }
    }

    private static func changes(of row: HistoryExpression.RowPath) -> String {
        let start =
            "SELECT valid_from FROM \"\(row.projection) history\".\(row.table) "
            + "WHERE valid_from > ?1 AND valid_from <= ?2"
        guard let key = row.key, let table = VersionTable.named(row.table) else { return start }
        let parts = table.namingColumns(for: key).map { "\(start) AND \($0) = \(quoted(key))" }
        return parts.isEmpty ? "\(start) AND 0" : parts.joined(separator: " UNION ")
    }
}
