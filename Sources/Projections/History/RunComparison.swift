import GRDB

/// The rows of one read model in two runs, matched by what they are about.
///
/// Two runs number their events apart, so that rows are matched by their natural keys (a ticker and
/// a day, an instant), and columns that name events or models are not compared.
public enum RunComparison {
    /// The natural key of each table whose own key names an event; of the others it is their own.
    private static let naturalKeys: [String: [String]] = [
        "reference_portfolio_positions": ["ticker", "entry_date"],
        "reference_portfolio_transactions": [
            "filled_on", "ticker", "transaction_type", "leg",
        ],
        "reference_portfolio_signal_queue": ["session_date", "ticker"],
        "trading_signals": ["session_date", "ticker"],
        "predictions": ["decided_at", "ticker", "role", "ordinal"],
        "training_rows": ["session_date", "ticker", "source"],
        "signal_outcomes": ["ticker", "entry_date", "source"],
        "feature_importance_history": ["analysis_date", "feature"],
        "model_performance_history": ["evaluation_date"],
        "blend_weight_history": ["evaluated_at"],
        "threshold_history": ["evaluated_at"],
        "ml_models": ["training_started_at"],
        "ml_model_comparisons": ["created_at"],
        "ml_training_jobs": ["started_at", "job_type"],
        "disclosures": ["row_digest"],
        "disclosure_rejections": ["source_digest", "line"],
        "filer_descriptions": ["name", "bioguide_id", "known_at"],
        "committee_seats": ["name", "bioguide_id", "committee", "valid_from"],
        "option_filings": ["filer", "underlying", "traded", "amount", "asset"],
    ]

    /// Columns that name events, or are made from such names.
    private static let named = [
        "id", "position", "event", "signal", "from_position", "to_position",
        "reproducibility_hash", "feature_digest", "generation_context", "settings", "digest",
    ]

    /// Whether a column is compared.
    private static func isCompared(_ column: String, in table: VersionTable) -> Bool {
        if column == "outcome", table.name == "training_rows" { return false }
        return !named.contains(column) && !column.hasSuffix("_id")
    }

    /// Lends each row that only one of two histories has at its moment, or that differs, table by
    /// table; both must reach so far.
    public static func differences(
        of projection: String, _ one: (history: History, position: UInt64),
        _ other: (history: History, position: UInt64), _ body: (RowChange) throws -> Void
    ) throws {
        try History.connection().writeWithoutTransaction { database in
            try one.history.attachFiles([projection], database, prefix: "one ")
            try other.history.attachFiles([projection], database, prefix: "other ")
            try database.execute(sql: "PRAGMA query_only = ON")
            let pairs = zip(
                VersionSQL.all(of: projection, prefix: "one "),
                VersionSQL.all(of: projection, prefix: "other "))
            for (first, second) in pairs {
                try compare(
                    first.table,
                    (
                        first.state(at: "\(one.position)"),
                        second.state(at: "\(other.position)")
                    ), database, body)
            }
        }
    }

    private static func compare(
        _ table: VersionTable, _ states: (one: String, other: String), _ database: Database,
        _ body: (RowChange) throws -> Void
    ) throws {
        let key = naturalKeys[table.name] ?? Array(table.columns.prefix(table.keyColumns))
        let columns = table.columns.filter { isCompared($0, in: table) && !key.contains($0) }
        let list = (key + columns).map { "\"\($0)\"" }.joined(separator: ", ")
        let keys = key.map { "\"\($0)\"" }.joined(separator: ", ")
        func rows(_ state: String) -> String {
            // Of several rows of one key the first belongs to the first.
            """
            SELECT \(list), row_number() OVER (PARTITION BY \(keys) ORDER BY \(table.keyList)) AS n,
            1 AS is_there FROM (\(state))
            """
        }
        let matches = (key.map { "one.\"\($0)\" IS other.\"\($0)\"" } + ["one.n = other.n"])
            .joined(separator: " AND ")
        let differs = columns.map { "one.\"\($0)\" IS NOT other.\"\($0)\"" }
        let condition = (["one.n IS NULL", "other.n IS NULL"] + differs).joined(separator: " OR ")
        let order = key.map { "coalesce(one.\"\($0)\", other.\"\($0)\")" }
        let sql = """
            SELECT one.*, other.* FROM (\(rows(states.one))) AS one
            FULL JOIN (\(rows(states.other))) AS other ON \(matches)
            WHERE \(condition) ORDER BY \(order.joined(separator: ", ")), coalesce(one.n, other.n)
            """
        let cursor = try Row.fetchCursor(database, sql: sql)
        let width = key.count + columns.count
        while let row = try cursor.next() {
            let values = ReadModelQuery.values(row)
            let (before, after) = (values[..<(width + 2)], values[(width + 2)...])
            try body(
                RowChange(
                    table: table.name, columns: key + columns, keyColumns: key.count,
                    before: before.last == .null ? nil : Array(before.prefix(width)),
                    after: after.last == .null ? nil : Array(after.prefix(width))))
        }
    }
}
