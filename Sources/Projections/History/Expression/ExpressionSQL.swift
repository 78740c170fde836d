/// An expression as SQL over attached histories.
struct ExpressionSQL {
    /// A SELECT of its value; its one parameter, if it takes it, is the position.
    let value: String
    /// A SELECT of the positions at which a version of a row that it reads begins, after the first
    /// parameter and through the second, in order.
    let changes: String
    /// The same, the last first.
    let changesBackwards: String

    /// An expression; `position` gives that of the event that a name is of.
    init(_ expression: HistoryExpression, position: (String) throws -> UInt64?) rethrows {
        let paths = Set(expression.rows.compactMap(\.key))
        var events: [String: UInt64] = [:]
        for name in paths { events[name] = try position(name) }
        let writer = Writer(events: events)
        value = "SELECT \(writer.sql(expression.root))"
        let parts = expression.rows.flatMap { writer.changes(of: $0) }
        changes =
            (parts.isEmpty ? ["SELECT 0 AS place WHERE ?1 > ?2"] : parts)
            .joined(separator: " UNION ") + " ORDER BY 1"
        changesBackwards = changes + " DESC"
    }

    static func quoted(_ text: String) -> String {
        let parts = text.split(separator: "'", omittingEmptySubsequences: false)
        return "'\(parts.joined(separator: "''"))'"
    }

    /// Writes the parts of an expression.
    private struct Writer {
        /// Positions of the events that rows are named by.
        let events: [String: UInt64]

        func sql(_ node: HistoryExpression.Node) -> String {
            switch node {
            case .number(let number): "\(number)"
            case .text(let text): ExpressionSQL.quoted(text)
            case .value(let row, let column): value(of: row) { $0.value(column) }
            case .exists(let row): "(\(value(of: row) { _ in "1" }) IS NOT NULL)"
            case .negated(let inner): "(-\(sql(inner)))"
            case .not(let inner): "(NOT \(sql(inner)))"
            case .binary("/", let left, let right):
                "(\(sql(left)) * 1.0 / \(sql(right)))"
            case .binary(let symbol, let left, let right):
                "(\(sql(left)) \(symbol) \(sql(right)))"
            }
        }

        private func table(_ row: HistoryExpression.RowPath) -> VersionSQL? {
            VersionSQL.all(of: row.projection).first { $0.table.name == row.table }
        }

        /// A value of a row: the first that one of the columns finds which may name it.
        private func value(
            of row: HistoryExpression.RowPath, _ column: (VersionSQL) -> String
        ) -> String {
            guard let table = table(row) else { return "NULL" }
            func newest(_ condition: String) -> String {
                "(\(table.state(column(table), at: "?1", where: condition)) "
                    + "ORDER BY \(table.newestFirst) LIMIT 1)"
            }
            guard let key = row.key else { return newest("") }
            let found = table.naming(key, event: events[key]).map(newest)
            switch found.count {
            case 0: return "NULL"
            case 1: return found[0]
            default: return "coalesce(\(found.joined(separator: ", ")))"
            }
        }

        func changes(of row: HistoryExpression.RowPath) -> [String] {
            guard let table = table(row) else { return [] }
            func changes(_ names: (VersionSQL.Which) -> String? = { _ in nil }) -> [String] {
                table.beginnings(
                    { place, _ in place }, where: { "\($0) > ?1 AND \($0) <= ?2" }, of: names)
            }
            guard let key = row.key else { return changes() }
            return table.naming(key, event: events[key]).indices.flatMap { index in
                changes { table.naming(key, event: events[key], $0)[index] }
            }
        }
    }
}
