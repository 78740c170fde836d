import Events
import FeedbackLoop
import Market
import Pipeline

extension FilteredTrades {
    /// The trades and the filings as a page: one file that asks for nothing from any network, and
    /// runs nothing.
    public func html() -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" \
        content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="referrer" content="no-referrer">
        <title>\(Markup.escaped("\(run), filings of \(filter.words)")) – Recount</title>
        <style>\(String(decoding: PackageResources.page_css, as: UTF8.self))</style>
        </head>
        <body>
        <header><h1>\(Markup.escaped(run))</h1>
        <p>\(head.split(separator: "\n").map { Markup.escaped("\($0)") }.joined(separator: "<br>"))</p>
        </header>
        <main>
        <section id="figures"><h2>Figures</h2>
        \(figureTable.html)
        </section>
        <section id="trades-all"><h2>Trades</h2>
        \(entries.isEmpty ? "<p>No entry of the run rests on one of them.</p>" : tradeTable.html)
        </section>
        <section id="filings"><h2>Filings</h2>
        \(filedTable.html)
        </section>
        </main>
        <footer>Made by <code>recount report</code> from the run's own events and its timeline; \
        equal runs give equal pages.</footer>
        </body>
        </html>

        """
    }

    private var figureTable: Table {
        Table(
            "Figures of these trades",
            [Table.Column("Figure", isText: true), Table.Column("Value")],
            figureRows.map { [Table.Cell($0.0), Table.Cell($0.1)] })
    }

    private var tradeTable: Table {
        Table(
            "Trades that rest on these filings",
            [
                Table.Column("Ticker", isText: true), Table.Column("Entry", isText: true),
                Table.Column("Exit", isText: true),
                Table.Column("Filings", "those that are followed, of those that counted"),
                Table.Column("Net return"), Table.Column("Profit"),
                Table.Column("Excess", "over the index"), Table.Column("Reason", isText: true),
            ],
            entries.map { entry in
                let trade = entry.trade
                return [
                    Table.Cell("\(entry.entry.order.ticker)"), Table.Cell("\(entry.entry.day)"),
                    Table.Cell(trade.map { "\($0.exitDay)" } ?? "open"),
                    Table.Cell("\(entry.followed) of \(entry.filings)"),
                    .percent(trade?.netReturn ?? entry.marked?.share),
                    .dollars((trade?.profit ?? entry.marked?.profit)?.dollars),
                    .percent(trade?.excessReturn),
                    Table.Cell(
                        trade?.reason ?? (entry.open?.isStale == true ? "no price" : "")),
                ]
            })
    }

    private var filedTable: Table {
        Table(
            "The filed rows",
            ["Filer", "Filed", "Traded", "Ticker", "Side", "Owner"].map {
                Table.Column($0, isText: true)
            } + [Table.Column("From dollars"), Table.Column("To dollars")]
                + ["Chamber", "Party"].map { Table.Column($0, isText: true) },
            filings.rows.map { row in
                [
                    row.filer, "\(row.filedOn)", "\(row.tradedOn)", "\(row.ticker)",
                    "\(row.side)", row.ownerWord,
                    row.amountLow.map { Figures.dollars($0) } ?? "",
                    row.amountHigh.map { Figures.dollars($0) } ?? "",
                    row.chamber.map { "\($0)" } ?? "unknown",
                    row.party.map { "\($0)" } ?? "unknown",
                ].map { Table.Cell($0) }
            })
    }
}
