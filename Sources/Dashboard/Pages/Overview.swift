import EventLog
import Events
import Pipeline
import Projections

/// How the loop does: its worth against the index, who decides, what it thinks today.
enum Overview {
    private static let projections = [
        "portfolio", "model-registry", "blend-weight", "signals", "performance",
    ]
    static let kind = PageKind(
        "Overview", "/", Overview.projections
    ) { viewing, _ in try page(viewing) }

    private static func page(_ viewing: Viewing) throws -> Page {
        var page = Page(heading: "Overview")
        page.lead = viewing.isPast ? nil : viewing.standing.map { "Next: \($0.next)." }
        if let start = viewing.ownStart {
            page.lead =
                (page.lead.map { "\($0) " } ?? "")
                + "Live since \(start); what it did before was its rehearsal."
        }
        page.alerts = viewing.alerts
        let scan = try RunScan.shared.known(viewing)
        try viewing.read(Overview.projections) { reader in
            page.blocks += try worth(reader, viewing, scan)
            page.blocks.append(try loop(reader, viewing))
            page.blocks += try signals(reader, viewing)
        }
        if !viewing.isPast {
            page.blocks.append(try Lag.block(viewing))
            page.blocks.append(
                Block.text(
                    "What can be called",
                    [
                        "Everything here is had by command and by call too; what writes needs a token "
                            + "(recountd token create)."
                    ],
                    links: [
                        Block.Link("every call", "/api"),
                        Block.Link("the contract, OpenAPI 3.1", "/api/v1/openapi.yaml"),
                    ]))
        }
        return page
    }

    private static func worth(
        _ reader: ReadModelReader, _ viewing: Viewing, _ scan: RunScan.Known
    ) throws -> [Block] {
        let state = try Rows(reader, "SELECT * FROM reference_portfolio_state")
        let snapshots = try Rows(
            reader,
            """
            SELECT snapshot_date, portfolio_value, drawdown, daily_return
            FROM reference_portfolio_snapshots WHERE snapshot_date >= ? ORDER BY snapshot_date
            """, [.text(viewing.ownStart.map { "\($0)" } ?? "")])
        let row = state.first
        let rows = snapshots.rows
        let change = rows.last?.real("daily_return")
        let start = rows.first?.real("portfolio_value")
        let total = zipped(row?.real("portfolio_value"), start).map { $0 / $1 - 1 }
        let figures = Block.figures(
            nil,
            [
                .init(
                    "Value", Format.money(row?.real("portfolio_value")),
                    note: row?.text("session_date").map { "close of \($0)" }),
                .init(
                    "Last session", Format.percent(change), tone: Format.tone(change)),
                .init(
                    "Since the start", Format.percent(total),
                    note: rows.first?.text("snapshot_date"), tone: Format.tone(total)),
                .init(
                    "Drawdown now", Format.percent(rows.last?.real("drawdown")),
                    note: "worst \(Format.percent(row?.real("max_drawdown")))"),
                .init("Cash", Format.money(row?.real("cash"))),
                .init(
                    "Holdings", row?.text("open_positions") ?? Format.nothing,
                    link: viewing.link("/holdings")),
                .init(
                    "Closed trades", row?.text("total_trades") ?? Format.nothing,
                    note: "won \(Format.percent(row?.real("win_rate"), signed: false))",
                    link: viewing.link("/holdings")),
                .init(
                    "Sharpe", Format.number(row?.real("sharpe_ratio")),
                    note: "annualised; from 30 trades on"),
            ], query: state.query, viewing)
        let curve = Curve(rows, scan)
        return [
            figures,
            Chart(
                label: curve.label, names: ["value", curve.indexName],
                rows: curve.values, marks: scan.marks(viewing).filter { curve.covers($0.day) }
            ).block(
                "Value against the index", empty: "No session has closed yet.",
                query: snapshots.query, viewing),
            Chart(
                shape: .drawdown, label: curve.drawdownLabel, unit: "%",
                names: ["drawdown", "index"], rows: curve.drawdowns
            ).block(
                "Drawdown from the highest value", empty: "No session has closed yet.",
                query: snapshots.query, viewing),
            months(rows, snapshots.query, viewing),
        ]
    }

    /// The return of each month and year: daily returns, compounded.
    private static func months(_ rows: [Row], _ query: String, _ viewing: Viewing) -> Block {
        var years: [(year: String, months: [Double?], whole: Double)] = []
        for row in rows {
            guard let day = row.text("snapshot_date"), day.count == 10,
                let month = Int(day.dropFirst(5).prefix(2)), (1...12).contains(month),
                let change = row.real("daily_return")
            else { continue }
            let year = String(day.prefix(4))
            if years.last?.year != year {
                years.append((year, [Double?](repeating: nil, count: 12), 1))
            }
            let last = years.count - 1
            years[last].months[month - 1] = (years[last].months[month - 1] ?? 1) * (1 + change)
            years[last].whole *= 1 + change
        }
        let names = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        return Block.table(
            "Returns by month, percent",
            [Block.Column("Year")] + names.map { .number($0) } + [.number("Year")],
            years.reversed().map { year in
                let cells = (year.months + [year.whole]).map { value -> Block.Cell in
                    let gain = value.map { $0 - 1 }
                    return .number(
                        gain.map { Format.number($0 * 100) } ?? "", tone: Format.tone(gain))
                }
                return (nil, [Block.Cell(year.year)] + cells)
            }, empty: "No session has closed yet.", query: query, viewing)
    }

    private static func loop(_ reader: ReadModelReader, _ viewing: Viewing) throws -> Block {
        let champion = try Rows(
            reader,
            """
            SELECT id, request_id, model_version, model_name, training_completed_at, status_reason
            FROM ml_models WHERE status = 'active'
            """)
        let weight = try Rows(
            reader,
            "SELECT new, reason, evaluated_at FROM blend_weight_history "
                + "ORDER BY position DESC LIMIT 1")
        let configuration = try Rows(
            reader, "SELECT strategy, ml_blend_weight FROM reference_portfolio_config")
        let thresholds = try Rows(
            reader,
            "SELECT new_buy, new_sell FROM threshold_history ORDER BY position DESC LIMIT 1")
        let model = champion.first
        let blend = configuration.first?.real("ml_blend_weight")
        return Block.figures(
            "The loop",
            [
                .init(
                    "Champion",
                    model.map { "model \($0.text("model_version") ?? "?")" } ?? "none",
                    note: model.map { "trained \(Format.time($0.text("training_completed_at")))" }
                        ?? "filings and prices decide alone",
                    link: model.flatMap { $0.text("request_id") }.map {
                        viewing.link("/models/\(Viewing.encoded($0))")
                    } ?? viewing.link("/models")),
                .init(
                    "Its weight", Format.number(blend, 1),
                    note: weight.first.map { Format.words($0.text("reason")) },
                    link: viewing.link("/why/weight/-")),
                .init(
                    "Thresholds",
                    thresholds.first.map {
                        "buy \(Format.number($0.real("new_buy"))) / "
                            + "sell \(Format.number($0.real("new_sell")))"
                    } ?? "as configured", link: viewing.link("/why/thresholds/-")),
                .init("Strategy", configuration.first?.text("strategy") ?? Format.nothing),
            ], query: champion.query, viewing)
    }

    private static func signals(_ reader: ReadModelReader, _ viewing: Viewing) throws -> [Block] {
        let newest = try Rows(
            reader, "SELECT max(snapshot_date) AS session_date FROM reference_portfolio_snapshots")
        guard let session = newest.first?.text("session_date") else { return [] }
        let rows = try SignalRows.of(
            reader, viewing, session: session, isEmitted: true, ticker: nil, limit: 15)
        return [
            Block.unfolding(
                "Signals of \(session)", rows.rows,
                empty: "No evaluation of \(session) gave a signal.",
                more: Block.Link(
                    "all evaluations of the session, also those that gave no signal",
                    viewing.link("/signals", [("date", session), ("show", "all")])),
                query: rows.query, viewing)
        ]
    }

    private static func zipped(_ left: Double?, _ right: Double?) -> (Double, Double)? {
        guard let left, let right, right != 0 else { return nil }
        return (left, right)
    }
}
