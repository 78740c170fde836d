import GRDB

/// A question that many people ask, as a view over tables of several read models; it is made for
/// each connection, and stands in no file.
struct ReadModelView: Sendable {
    let name: String
    /// The read models that it is over.
    let over: [String]
    /// Its columns, and what stands in each.
    let columns: [(name: String, type: String, meaning: String)]
    /// The query that it is, without its columns.
    let source: String

    /// Every view.
    static let all = [knownFilings, filingTrades]

    /// Their names.
    static var names: [String] { all.map(\.name) }

    /// Makes the views whose read models are attached.
    static func create(over attached: [String], _ database: Database) throws {
        for view in all where view.over.allSatisfy(attached.contains) {
            let columns = view.columns.map(\.name).joined(separator: ", ")
            try database.execute(
                sql: "CREATE TEMP VIEW \(view.name) (\(columns)) AS \(view.source)")
        }
    }

    /// What a run bought on whose filing.
    private static let filingTrades = ReadModelView(
        name: "filing_trades", over: ["disclosures", "signals", "portfolio"],
        columns: [
            ("position_id", "TEXT", "the entry order: of each position a row a filing"),
            ("ticker", "TEXT", ""), ("entry_date", "TEXT", ""),
            ("exit_date", "TEXT or NULL", "NULL while it is open"),
            ("exit_reason", "TEXT or NULL", ""), ("is_open", "INTEGER", ""),
            ("cost", "REAL", "of the whole position, dollars"),
            ("profit", "REAL", "of the whole position: realized and marked, dollars"),
            ("filings", "INTEGER", "filings that counted in the position's signal"),
            ("filing_id", "TEXT", "one of them, as disclosures.id"), ("filer", "TEXT", "as filed"),
            ("bioguide_id", "TEXT or NULL", ""), ("chamber", "TEXT or NULL", "as the row says it"),
            ("party", "TEXT or NULL", "as the row says it"), ("owner", "TEXT", ""),
            ("side", "TEXT", "of the filing"), ("amount_low", "REAL or NULL", "dollars"),
            ("amount_high", "REAL or NULL", "dollars"), ("traded_on", "TEXT", "by the filer"),
            ("filed_on", "TEXT", ""), known[0], known[1],
        ],
        source: """
            SELECT p.id, p.ticker, p.entry_date, p.exit_date, p.exit_reason, p.is_open, p.cost,
                p.realized_pnl + p.unrealized_pnl, b.filings, d.id, d.filer, d.bioguide_id,
                d.chamber, d.party, d.owner, d.side, d.amount_low, d.amount_high, d.traded_on,
                d.filed_on, k.known_party, k.committees
            FROM (
                SELECT q.id AS id, f.value AS filing,
                    json_array_length(s.generation_context, '$.filings') AS filings
                FROM reference_portfolio_positions q
                JOIN trading_signals s ON s.id = q.signal_id,
                    json_each(s.generation_context, '$.filings') f
                UNION ALL
                SELECT id, cause_id, 1 FROM reference_portfolio_positions WHERE signal_id IS NULL
            ) b
            JOIN reference_portfolio_positions p ON p.id = b.id
            JOIN disclosures d ON d.id = b.filing
            JOIN known_filings k ON k.position = d.position
            """)

    /// What is known of a filer beside the row itself.
    private static let known = [
        (
            "known_party", "TEXT or NULL",
            "as the row says it, else as reference facts of the filer's id or name had said by then"
        ),
        (
            "committees", "TEXT or NULL",
            "where that filer sat when the row was filed, four letters each, by what was known then"
        ),
    ]

    /// Filed rows with what reference facts had said of their filers when each became known.
    private static let knownFilings = ReadModelView(
        name: "known_filings", over: ["disclosures"],
        columns: [
            ("position", "INTEGER", "as disclosures.position"),
            ("id", "TEXT", "as disclosures.id"), ("ticker", "TEXT", ""), ("side", "TEXT", ""),
            ("filer", "TEXT", "as filed"), ("filed_on", "TEXT", ""), known[0], known[1],
        ],
        source: """
            SELECT e.position, e.id, e.ticker, e.side, e.filer, e.filed_on,
                coalesce(e.party, (
                    SELECT f.party FROM filer_descriptions f
                    WHERE (f.bioguide_id = e.bioguide OR f.name = e.filer)
                        AND f.party IS NOT NULL AND f.known_at <= e.known_at
                    ORDER BY f.position DESC LIMIT 1)),
                (SELECT group_concat(committee, ' ') FROM (
                    SELECT DISTINCT s.committee AS committee FROM committee_seats s
                    WHERE (s.bioguide_id = e.bioguide OR s.name = e.filer)
                        AND s.known_at <= e.known_at
                        AND coalesce(s.valid_from <= e.filed_on, 1)
                        AND coalesce(s.valid_through >= e.filed_on, 1)
                    ORDER BY 1))
            FROM (
                SELECT d.*, coalesce(d.bioguide_id, (
                    SELECT g.bioguide_id FROM filer_descriptions g
                    WHERE g.name = d.filer AND g.bioguide_id IS NOT NULL
                        AND g.known_at <= d.known_at
                    ORDER BY g.position DESC LIMIT 1)) AS bioguide
                FROM disclosures d
            ) e
            """)
}
