import API
import EventLog
import Events
import Projections

/// Filed rows as the log knows them, how late each came, and what each led to.
enum Disclosures {
    static let kind = PageKind("Disclosures", "/disclosures", ["disclosures"]) { viewing, _ in
        try page(viewing)
    }

    /// Rows of a page.
    private static let most = 80

    private static func page(_ viewing: Viewing) throws -> Page {
        var page = Page(heading: "Disclosures")
        page.lead =
            "What politicians filed, when it could be known, and what it led to. Nothing is decided "
            + "from a row before it was public."
        let call = viewing.call
        var (conditions, arguments) = (["1"], [RowValue]())
        if let ticker = call["ticker"] {
            conditions.append("ticker = ?")
            arguments.append(.text(Ticker.folded(ticker)))
        }
        if let filer = call["filer"] {
            conditions.append("filer = ?")
            arguments.append(.text(filer))
        }
        if let text = call["late"] {
            guard let days = Int64(text) else {
                throw Problem(422, "late", "late \(text): takes a number of days")
            }
            conditions.append("lag_days > ?")
            arguments.append(.integer(days))
        }
        let totals = conditions.joined(separator: " AND ")
        let (count, rows, filers) = try viewing.read(["disclosures"]) { reader in
            let count = try Rows(
                reader,
                """
                SELECT count(*) AS rows, count(DISTINCT filer) AS filers, avg(lag_days) AS lag,
                    max(lag_days) AS latest FROM disclosures WHERE \(totals)
                """, arguments)
            let filers = try Rows(
                reader,
                """
                SELECT filer, count(*) AS rows, avg(lag_days) AS lag, max(known_at) AS newest
                FROM disclosures WHERE \(totals) GROUP BY filer ORDER BY rows DESC, filer LIMIT 25
                """, arguments)
            if let text = call["before"] {
                guard let before = Int64(text) else {
                    throw Problem(422, "before", "before \(text): takes a position")
                }
                conditions.append("position < ?")
                arguments.append(.integer(before))
            }
            let rows = try Rows(
                reader,
                """
                SELECT position, id, ticker, side, filer, amount_low, amount_high, traded_on,
                    filed_on, known_at, lag_days, status, is_repeat
                FROM disclosures WHERE \(conditions.joined(separator: " AND "))
                ORDER BY position DESC LIMIT \(most + 1)
                """, arguments)
            return (count, rows, filers)
        }
        page.blocks = [
            form(viewing), figures(count, viewing), table(rows, viewing), people(filers, viewing),
        ]
        return page
    }

    private static func form(_ viewing: Viewing) -> Block {
        let call = viewing.call
        return Form(
            action: "/disclosures", method: "get", button: "Show", hidden: viewing.kept,
            fields: [
                Form.Field(name: "ticker", label: "Ticker", value: call["ticker"] ?? ""),
                Form.Field(name: "filer", label: "Filer, as filed", value: call["filer"] ?? ""),
                Form.Field(
                    name: "late", label: "Filed later than (days)", value: call["late"] ?? ""),
            ]
        ).block(call.visitor)
    }

    private static func figures(_ count: Rows, _ viewing: Viewing) -> Block {
        let row = count.first
        return Block.figures(
            nil,
            [
                .init("Rows", row?.text("rows") ?? "0"),
                .init("Filers", row?.text("filers") ?? "0"),
                .init(
                    "Days from trade to filing", Format.number(row?.real("lag"), 1),
                    note: "at most \(row?.text("latest") ?? Format.nothing)"),
            ], query: count.query, viewing)
    }

    private static func table(_ rows: Rows, _ viewing: Viewing) -> Block {
        let shown = rows.rows.prefix(most)
        let last = rows.count > most ? shown.last?.text("position") : nil
        var rest = viewing.call.query.filter { ["ticker", "filer", "late"].contains($0.name) }
            .map { ($0.name, $0.value) }
        if let last { rest.append(("before", last)) }
        return Block.table(
            "Rows, the latest known first",
            [
                Block.Column("Ticker"), Block.Column("What"), Block.Column("Led to"),
                Block.Column("Filer"),
                .number("Dollars, from"), .number("to"), Block.Column("Traded"),
                Block.Column("Filed"), .number("Days"), Block.Column("Known"),
                Block.Column("State"),
            ],
            shown.map { row in
                let (id, ticker) = (row.text("id") ?? "", row.text("ticker") ?? "")
                let filer = row.text("filer") ?? ""
                let isRepeat = row.integer("is_repeat") == 1
                return (
                    row.text("status") == "active" && !isRepeat ? nil : "faint",
                    [
                        Block.Cell(
                            ticker, link: viewing.link("/tickers/\(Viewing.encoded(ticker))")),
                        Block.Cell(
                            row.text("side") ?? "",
                            style: row.text("side") == "buy"
                                ? "good" : row.text("side") == "sell" ? "bad" : nil),
                        Block.Cell("trace", link: viewing.link("/led-to/\(id)")),
                        Block.Cell(filer, link: viewing.link("/disclosures", [("filer", filer)])),
                        .number(row.real("amount_low").map { Format.number($0, 0) } ?? ""),
                        .number(row.real("amount_high").map { Format.number($0, 0) } ?? ""),
                        Block.Cell(row.text("traded_on") ?? "", style: "day"),
                        Block.Cell(row.text("filed_on") ?? "", style: "day"),
                        .number(row.text("lag_days") ?? ""),
                        Block.Cell(Format.time(row.text("known_at")), style: "day"),
                        Block.Cell(isRepeat ? "repeat" : row.text("status") ?? ""),
                    ]
                )
            }, empty: "No such row was known.",
            more: last.map { _ in
                Block.Link("earlier rows", viewing.link("/disclosures", rest))
            }, query: rows.query, viewing)
    }

    private static func people(_ filers: Rows, _ viewing: Viewing) -> Block {
        Block.table(
            "By filer",
            [
                Block.Column("Filer"), .number("Rows"), .number("Days, on average"),
                Block.Column("Latest known"),
            ],
            filers.rows.map { row in
                let filer = row.text("filer") ?? ""
                return (
                    nil,
                    [
                        Block.Cell(filer, link: viewing.link("/disclosures", [("filer", filer)])),
                        .number(row.text("rows") ?? ""), .number(Format.number(row.real("lag"), 1)),
                        Block.Cell(Format.time(row.text("newest")), style: "day"),
                    ]
                )
            }, empty: "Nobody filed such a row.", query: filers.query, viewing)
    }
}
