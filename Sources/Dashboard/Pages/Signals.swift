import API
import EventLog
import Events
import Projections

/// Evaluations with what became of each: signal, order, fills and outcome are one row.
enum Signals {
    static let kind = PageKind(
        "Signals", "/signals", ["signals", "portfolio", "performance"]
    ) { viewing, _ in try page(viewing) }

    private static func page(_ viewing: Viewing) throws -> Page {
        var page = Page(heading: "Signals")
        page.lead =
            "Each filing makes the loop evaluate its ticker after the session's close. What passes "
            + "the threshold is a signal; what does not says why."
        let ticker = viewing.call["ticker"].map { Ticker.folded($0) }
        if let text = viewing.call["date"], Day(text) == nil {
            throw Problem(422, "date", "date \(text): write a day like 2018-06-29")
        }
        let isEmitted: Bool? =
            switch viewing.call["show"] {
            case "all": nil
            case "none": false
            case nil, "signals": true
            case let text?:
                throw Problem(422, "show", "show \(text): write signals, none or all")
            }
        try viewing.read(["signals", "portfolio", "performance"]) { reader in
            let sessions = try Rows(
                reader,
                """
                SELECT session_date, count(*) AS evaluations FROM trading_signals
                GROUP BY session_date ORDER BY session_date DESC LIMIT 60
                """)
            let asked = viewing.call["date"]
            let session = asked ?? (ticker == nil ? sessions.first?.text("session_date") : nil)
            page.blocks.append(form(viewing, session: session, ticker: ticker))
            let found = try SignalRows.of(
                reader, viewing, session: session, isEmitted: isEmitted, ticker: ticker, limit: 100)
            let title = [session.map { "Session of \($0)" }, ticker].compactMap { $0 }
                .joined(separator: ", ")
            page.blocks.append(
                Block.unfolding(
                    title.isEmpty ? "Evaluations" : title, found.rows,
                    empty: isEmitted == nil
                        ? "Nothing was evaluated here: no filing became known since the session "
                            + "before."
                        : "There is none here; all evaluations may show more.",
                    query: found.query, viewing))
            page.blocks.append(
                Block.table(
                    "Sessions",
                    [Block.Column("Session"), .number("Evaluated")],
                    sessions.rows.map { row in
                        let day = row.text("session_date") ?? ""
                        let link = viewing.link("/signals", [("date", day), ("show", "all")])
                        return (
                            nil,
                            [
                                Block.Cell(day, style: "day", link: link),
                                .number(row.text("evaluations") ?? ""),
                            ]
                        )
                    }, empty: "No session was evaluated yet.", query: sessions.query, viewing))
        }
        return page
    }

    private static func form(_ viewing: Viewing, session: String?, ticker: String?) -> Block {
        return Form(
            action: "/signals", method: "get", button: "Show", hidden: viewing.kept,
            fields: [
                Form.Field(
                    name: "date", label: "Session", value: viewing.call["date"] ?? "",
                    placeholder: session ?? "2018-06-29"),
                Form.Field(name: "ticker", label: "Ticker", value: ticker ?? ""),
                Form.Field(
                    name: "show", label: "Show", kind: .choice,
                    value: viewing.call["show"] ?? "signals",
                    options: [
                        ("signals", "signals"), ("none", "what gave no signal"),
                        ("all", "all evaluations"),
                    ]),
            ]
        ).block(viewing.call.visitor)
    }
}

/// Rows of evaluations.
struct SignalRows {
    let rows: [Block.Unfolding]
    let query: String

    /// Evaluations of a session, of a ticker, or of both, the most confident first.
    static func of(
        _ reader: ReadModelReader, _ viewing: Viewing, session: String?, isEmitted: Bool?,
        ticker: String?, limit: Int
    ) throws -> SignalRows {
        var (conditions, arguments) = (["1"], [RowValue]())
        if let session {
            conditions.append("session_date = ?")
            arguments.append(.text(session))
        }
        if let ticker {
            conditions.append("s.ticker = ?")
            arguments.append(.text(ticker))
        }
        if let isEmitted {
            conditions.append("suppressed_reason IS \(isEmitted ? "" : "NOT ")NULL")
        }
        let order = session == nil ? "s.position DESC" : "s.confidence_score DESC, s.position"
        let rows = try Rows(
            reader,
            """
            SELECT s.id, s.ticker, s.signal_type, s.confidence_score, s.session_date,
                s.politician_activity_count, s.ml_enhanced, s.suppressed_reason, s.model_id
            FROM trading_signals s WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(order) LIMIT \(limit)
            """, arguments)
        return SignalRows(
            rows: try rows.rows.map { try unfolding($0, reader, viewing) }, query: rows.query)
    }

    private static func unfolding(
        _ row: Row, _ reader: ReadModelReader, _ viewing: Viewing
    ) throws -> Block.Unfolding {
        let (id, ticker) = (row.text("id") ?? "", row.text("ticker") ?? "")
        let kind = row.text("signal_type")
        let suppressed = row.text("suppressed_reason")
        var steps = [
            Block.Step(
                suppressed == nil ? "signal" : "no signal",
                "\(Format.words(kind)) with confidence \(Format.number(row.real("confidence_score"), 3)) "
                    + "from \(row.text("politician_activity_count") ?? "0") filers"
                    + (row.integer("ml_enhanced") == 1
                        ? ", model \(row.text("model_id") ?? "?")"
                        : ", by filings and prices alone")
                    + (suppressed.map { ": \(Format.words($0))" } ?? ""),
                link: viewing.link("/why/signal/\(id)"))
        ]
        var outcome = Block.Cell(suppressed.map { Format.words($0) } ?? "", style: "muted")
        if suppressed == nil {
            let led = try led(id, reader, viewing)
            steps += led.steps
            outcome = led.cell
        }
        return Block.Unfolding(
            cells: [
                Block.Cell(ticker), Block.Cell(Format.words(kind), style: tone(kind)),
                .number(Format.number(row.real("confidence_score"), 3)),
                Block.Cell(row.text("session_date") ?? "", style: "muted"), outcome,
            ], steps: steps,
            links: [
                Block.Link("why", viewing.link("/why/signal/\(id)")),
                Block.Link(
                    "\(ticker)'s chart", viewing.link("/tickers/\(Viewing.encoded(ticker))")),
            ])
    }

    private static func tone(_ kind: String?) -> String? {
        switch kind {
        case "buy", "strong_buy": "good"
        case "sell", "strong_sell": "bad"
        default: nil
        }
    }

    /// What a signal led to: its place in the queue, order, fills, outcome.
    private static func led(_ id: String, _ reader: ReadModelReader, _ viewing: Viewing) throws -> (
        steps: [Block.Step], cell: Block.Cell
    ) {
        var steps: [Block.Step] = []
        var cell = Block.Cell("not queued", style: "muted")
        let queue = try Rows(
            reader,
            "SELECT position, rank, status, skip_reason, order_id FROM reference_portfolio_signal_queue "
                + "WHERE signal_id = ?", [.text(id)])
        if let row = queue.first {
            let status = row.text("status")
            let why = row.text("skip_reason")
            steps.append(
                Block.Step(
                    "queue",
                    "rank \(row.text("rank") ?? "?"), \(Format.words(status))"
                        + (why.map { ": \(Format.words($0))" } ?? ""),
                    link: viewing.whyLink(row)))
            cell = Block.Cell(Format.words(why ?? status), style: "muted")
        }
        let fills = try Rows(
            reader,
            """
            SELECT id, order_id, transaction_type, quantity, price, filled_on, leg
            FROM reference_portfolio_transactions WHERE signal_id = ? ORDER BY position
            """, [.text(id)])
        for fill in fills.rows {
            steps.append(
                Block.Step(
                    "fill",
                    "\(fill.text("transaction_type") ?? "") \(Format.shares(fill.real("quantity"))) at "
                        + "\(Format.money(fill.real("price"))) on \(fill.text("filled_on") ?? "")",
                    link: viewing.link("/why/order/\(fill.text("order_id") ?? "")")))
            cell = Block.Cell("held")
        }
        let outcomes = try Rows(
            reader,
            """
            SELECT position, outcome, return_pct, return_dollars, exit_reason, holding_days
            FROM signal_outcomes WHERE signal_id = ? AND outcome <> 'open'
            """, [.text(id)])
        if let row = outcomes.first {
            let gain = row.real("return_pct").map { $0 / 100 }
            steps.append(
                Block.Step(
                    "outcome",
                    "\(row.text("outcome") ?? ""), \(Format.percent(gain)) "
                        + "(\(Format.money(row.real("return_dollars")))) after "
                        + "\(row.text("holding_days") ?? "?") days: "
                        + Format.words(row.text("exit_reason")),
                    tone: Format.tone(gain),
                    link: viewing.whyLink(row)))
            cell = .number(Format.percent(gain), tone: Format.tone(gain))
        }
        return (steps, cell)
    }
}
