import API
import EventLog
import Events
import Projections

/// What is held, what is about to be bought, and every trade that was closed.
enum Holdings {
    static let kind = PageKind(
        "Holdings", "/holdings", ["portfolio", "performance"]
    ) { viewing, _ in try page(viewing) }

    /// Trades of a page.
    private static let most = 60

    private static func page(_ viewing: Viewing) throws -> Page {
        var page = Page(heading: "Holdings and trades")
        try viewing.read(["portfolio", "performance"]) { reader in
            page.blocks.append(try held(reader, viewing))
            page.blocks.append(try waiting(reader, viewing))
            page.blocks.append(try trades(reader, viewing))
            page.blocks.append(try tickers(reader, viewing))
            if let start = viewing.ownStart, viewing.call["rehearsal"] == nil {
                page.blocks.append(
                    Block.text(
                        nil,
                        [
                            "Trades since \(start), when the run went live. Before that it "
                                + "rehearsed: those trades taught it and are not its own."
                        ],
                        links: [
                            Block.Link(
                                "those of the rehearsal too",
                                viewing.link("/holdings", [("rehearsal", "yes")]))
                        ]))
            }
        }
        return page
    }

    private static func held(_ reader: ReadModelReader, _ viewing: Viewing) throws -> Block {
        let rows = try Rows(
            reader,
            """
            SELECT id, ticker, quantity, entry_price, entry_date, cost, current_price, market_value,
                unrealized_pnl, stop_loss_price, trailing_stop_price, take_profit_price
            FROM reference_portfolio_positions WHERE is_open = 1 ORDER BY ticker, entry_date
            """)
        return Block.table(
            "Held",
            [
                Block.Column("Ticker"), Block.Column("Why"), .number("Shares"),
                Block.Column("Since"), .number("Bought at"), .number("Now"), .number("Worth"),
                .number("Gain"), .number("Stop"), .number("Trailing"), .number("Takes profit"),
            ],
            rows.rows.map { row in
                let (id, ticker) = (row.text("id") ?? "", row.text("ticker") ?? "")
                let gain = row.real("cost").flatMap { cost in
                    cost > 0 ? row.real("unrealized_pnl").map { $0 / cost } : nil
                }
                return (
                    nil,
                    [
                        Block.Cell(
                            ticker, link: viewing.link("/tickers/\(Viewing.encoded(ticker))")),
                        Block.Cell("why", link: viewing.link("/why/holding/\(id)")),
                        .number(Format.shares(row.real("quantity"))),
                        Block.Cell(row.text("entry_date") ?? "", style: "day"),
                        .number(Format.money(row.real("entry_price"))),
                        .number(Format.money(row.real("current_price"))),
                        .number(Format.money(row.real("market_value"))),
                        .number(Format.percent(gain), tone: Format.tone(gain)),
                        .number(Format.money(row.real("stop_loss_price"))),
                        .number(Format.money(row.real("trailing_stop_price"))),
                        .number(Format.money(row.real("take_profit_price"))),
                    ]
                )
            }, empty: "Nothing is held.", query: rows.query, viewing)
    }

    private static func waiting(_ reader: ReadModelReader, _ viewing: Viewing) throws -> Block {
        let rows = try Rows(
            reader,
            """
            SELECT signal_id, ticker, signal_type, confidence_score, rank, session_date, status
            FROM reference_portfolio_signal_queue WHERE status IN ('pending', 'processing')
            ORDER BY session_date DESC, rank LIMIT 50
            """)
        return Block.table(
            "In the queue for the next open",
            [
                .number("Rank"), Block.Column("Ticker"), Block.Column("Signal"),
                .number("Confidence"), Block.Column("Decided after"), Block.Column("State"),
            ],
            rows.rows.map { row in
                (
                    nil,
                    [
                        .number(row.text("rank") ?? ""), Block.Cell(row.text("ticker") ?? ""),
                        Block.Cell(
                            Format.words(row.text("signal_type")),
                            link: viewing.link("/why/signal/\(row.text("signal_id") ?? "")")),
                        .number(Format.number(row.real("confidence_score"), 3)),
                        Block.Cell(row.text("session_date") ?? "", style: "day"),
                        Block.Cell(row.text("status") ?? ""),
                    ]
                )
            }, empty: "Nothing waits for the next open.", query: rows.query, viewing)
    }

    /// A live run's own trades, unless those of its rehearsal are asked for too.
    private static func own(_ viewing: Viewing) -> (condition: String, arguments: [RowValue]) {
        guard let start = viewing.ownStart, viewing.call["rehearsal"] == nil else {
            return ("", [])
        }
        return (" AND entry_date >= ?", [.text("\(start)")])
    }

    /// What a link sends along of that.
    private static func shows(_ viewing: Viewing) -> [(String, String)] {
        viewing.call["rehearsal"].map { [("rehearsal", $0)] } ?? []
    }

    /// What each ticker came to, the largest sums first.
    private static func tickers(_ reader: ReadModelReader, _ viewing: Viewing) throws -> Block {
        let (condition, arguments) = own(viewing)
        let rows = try Rows(
            reader,
            """
            SELECT ticker, count(*) AS trades, sum(outcome = 'win') AS wins,
                sum(return_dollars) AS dollars, avg(return_pct) AS mean,
                avg(holding_days) AS days
            FROM signal_outcomes WHERE outcome <> 'open' AND source = 'loop'\(condition)
            GROUP BY ticker ORDER BY abs(sum(return_dollars)) DESC, ticker LIMIT 30
            """, arguments)
        return Block.table(
            "By ticker, the largest sums first",
            [
                Block.Column("Ticker"), .number("Trades"), .number("Won"), .number("Mean return"),
                .number("Days held"), .number("Dollars"),
            ],
            rows.rows.map { row in
                let ticker = row.text("ticker") ?? ""
                let dollars = row.real("dollars")
                return (
                    nil,
                    [
                        Block.Cell(
                            ticker, link: viewing.link("/tickers/\(Viewing.encoded(ticker))")),
                        .number(row.text("trades") ?? ""), .number(row.text("wins") ?? ""),
                        .number(Format.percent(row.real("mean").map { $0 / 100 })),
                        .number(Format.number(row.real("days"), 1)),
                        .number(Format.money(dollars), tone: Format.tone(dollars)),
                    ]
                )
            }, empty: "No trade was closed yet.", query: rows.query, viewing)
    }

    private static func trades(_ reader: ReadModelReader, _ viewing: Viewing) throws -> Block {
        var (condition, arguments) = own(viewing)
        if let text = viewing.call["before"] {
            guard let before = Int64(text) else {
                throw Problem(422, "before", "before \(text): takes a position")
            }
            condition += " AND position < ?"
            arguments.append(.integer(before))
        }
        let rows = try Rows(
            reader,
            """
            SELECT position, position_id, ticker, outcome, entry_price, exit_price, entry_date,
                exit_date, return_pct, return_dollars, excess_return_pct, holding_days, exit_reason,
                source
            FROM signal_outcomes WHERE outcome <> 'open'\(condition)
            ORDER BY position DESC LIMIT \(most + 1)
            """, arguments)
        let shown = rows.rows.prefix(most)
        let last = rows.count > most ? shown.last?.text("position") : nil
        return Block.table(
            "Closed trades, the latest first",
            [
                Block.Column("Ticker"), Block.Column("Bought"), Block.Column("Sold"),
                .number("Days"), .number("At"), .number("For"), .number("Return"),
                .number("Over the index"), .number("Dollars"), Block.Column("Sold because"),
            ],
            shown.map { row in
                let gain = row.real("return_pct").map { $0 / 100 }
                let excess = row.real("excess_return_pct").map { $0 / 100 }
                return (
                    nil,
                    [
                        Block.Cell(row.text("ticker") ?? "", link: viewing.whyLink(row)),
                        Block.Cell(row.text("entry_date") ?? "", style: "day"),
                        Block.Cell(row.text("exit_date") ?? "", style: "day"),
                        .number(row.text("holding_days") ?? ""),
                        .number(Format.money(row.real("entry_price"))),
                        .number(Format.money(row.real("exit_price"))),
                        .number(Format.percent(gain), tone: Format.tone(gain)),
                        .number(Format.percent(excess), tone: Format.tone(excess)),
                        .number(Format.money(row.real("return_dollars"))),
                        Block.Cell(
                            row.text("source") == "recorded"
                                ? "told by hand" : Format.words(row.text("exit_reason"))),
                    ]
                )
            }, empty: "No trade was closed yet.",
            more: last.map {
                Block.Link(
                    "earlier trades", viewing.link("/holdings", [("before", $0)] + shows(viewing)))
            }, query: rows.query, viewing)
    }
}
