import Events

extension ReportPage {
    /// Best and worst trades, open positions, and the table of all trades.
    var tradesSection: String {
        guard !entries.isEmpty else { return "<p>No order was filled.</p>" }
        let closed = report.trades.sorted {
            ($1.profit, $0.exitDay, $0.ticker) < ($0.profit, $1.exitDay, $1.ticker)
        }
        let winners = closed.prefix(8).filter { $0.profit > .zero }
        let losers = closed.suffix(8).reversed().filter { $0.profit < .zero }
        return """
            <div class="grid">
            \(tradeCard("Largest gains", winners))
            \(tradeCard("Largest losses", Array(losers)))
            </div>
            \(openCard)
            <div class="card"><h3>All trades</h3>
            <noscript><p>The table of all trades needs JavaScript. <code>recount events --type \
            OutcomeRecorded --json</code> prints them too.</p></noscript>
            <div id="trades-panel" hidden>
            <div class="controls"><label for="trades-search" class="hidden">Search trades</label>
            <input type="search" id="trades-search" placeholder="Ticker, filer, reason, date …">
            <span id="trades-count" role="status" class="muted"></span></div>
            <div class="scroll" tabindex="0" role="region" aria-label="All trades"><table id="trades"><caption class="hidden">All trades\
            </caption><thead><tr></tr></thead><tbody></tbody></table></div>
            <div class="controls" style="margin:.6rem 0 0">
            <button type="button" id="trades-first">First</button>
            <button type="button" id="trades-previous">Previous</button>
            <button type="button" id="trades-next">Next</button>
            <button type="button" id="trades-last">Last</button></div>
            </div></div>
            """
    }

    private func tradeCard(_ title: String, _ trades: [ClosedTrade]) -> String {
        let rows = trades.map { trade in
            [
                Table.Cell("\(trade.ticker)"), Table.Cell("\(trade.entryDay)"),
                Table.Cell("\(trade.exitDay)"), Table.Cell.percent(trade.netReturn),
                Table.Cell.dollars(trade.profit.dollars),
                Table.Cell(Labels.exitReason(trade.reason)),
            ]
        }
        let columns = [
            Table.Column("Ticker", isText: true), Table.Column("Entry"), Table.Column("Exit"),
            Table.Column("Return"), Table.Column("Profit"), Table.Column("Reason", isText: true),
        ]
        let table = rows.isEmpty ? "<p>None.</p>" : Table(title, columns, rows).html
        return "<div class=\"card\"><h3>\(title)</h3>\(table)</div>"
    }

    /// Whole shares without decimals, fractions with two.
    private func shares(_ quantity: Quantity) -> String {
        let count = quantity.shares
        return Figures.number(count, count == count.rounded() ? 0 : 2)
    }

    private var openCard: String {
        let rows = report.open.map { position in
            [
                Table.Cell("\(position.ticker)"), Table.Cell("\(position.entryDay)"),
                Table.Cell(Figures.number(position.entryPrice)),
                Table.Cell(
                    Figures.number(position.lastPrice) + (position.noPrice ? " (stale)" : "")),
                Table.Cell(shares(position.quantity)),
                Table.Cell.percent(position.markedReturn),
                Table.Cell.dollars(position.markedProfit.dollars),
            ]
        }
        guard !rows.isEmpty else { return "" }
        let columns = [
            Table.Column("Ticker", isText: true), Table.Column("Entry"),
            Table.Column("Entry price"),
            Table.Column("Mark", "The last close; stale when the last session had no bar."),
            Table.Column("Shares"), Table.Column("Return", "At the mark, net of costs so far."),
            Table.Column("Profit", "At the mark, net of costs so far."),
        ]
        return "<div class=\"card\" style=\"margin-top:16px\"><h3>Open positions</h3>"
            + Table("Open positions", columns, rows).html + "</div>"
    }
}
