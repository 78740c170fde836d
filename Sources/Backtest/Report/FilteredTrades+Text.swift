import Events
import FeedbackLoop
import Market
public import Pipeline

extension FilteredTrades {
    /// Rows of a table that a terminal is shown; JSON has all of them.
    private static let shown = 40

    /// The trades and the filings for a terminal.
    public func text() -> String {
        [head, figures, entryTable, filingTable].filter { !$0.isEmpty }
            .joined(separator: "\n\n") + "\n"
    }

    var head: String {
        let counts = filings.counts
        let buys = filings.rows.count { $0.side == .buy }
        var lines = ["\(run): strategy \(strategy), filings of \(filter.words)"]
        lines.append(
            "Filings: \(Figures.count(counts.followed)) of \(Figures.count(counts.rows)) rows that "
                + "the run had read: \(Figures.count(buys)) buys, "
                + "\(Figures.count(filings.rows.count - buys)) sales, "
                + "\(Figures.count(tickers)) tickers")
        if !counts.reasons.isEmpty {
            let left = counts.reasons.map { "\(Figures.count($0.rows)) \($0.reason.words)" }
            lines.append("Left out: " + left.joined(separator: ", "))
        }
        lines.append(
            "Trades: those whose entry rests on one of these filings at least, by the filings that "
                + "counted in its signal; others may have counted too (followed/all)")
        return lines.joined(separator: "\n")
    }

    private var tickers: Int {
        filings.rows.map(\.ticker).sorted().reduce(into: (count: 0, last: Ticker?.none)) {
            if $0.last != $1 { $0 = ($0.count + 1, $1) }
        }.count
    }

    private var figures: String {
        figureRows.map { Figures.left($0.0, 38) + Figures.right($0.1, 16) }
            .joined(separator: "\n")
    }

    /// What the trades come to, by name.
    var figureRows: [(String, String)] {
        let metrics = TradeMetrics(trades)
        return [
            ("Closed trades", Figures.count(metrics.count)),
            ("Open positions", Figures.count(entries.count - metrics.count)),
            ("Entries of the run that rest on none", Figures.count(others)),
            ("Closed profit", Figures.dollars(metrics.profit)),
            ("Win rate, net above .5 %", Figures.percent(metrics.winRate)),
            ("Expectancy a trade", Figures.percent(metrics.expectancy)),
            ("Excess over the index a trade", Figures.percent(metrics.averageExcess)),
        ]
    }

    private var entryTable: String {
        guard !entries.isEmpty else { return "No entry of the run rests on one of them." }
        var lines = [
            "Entry       Exit        Ticker    filings  net return        profit    excess  reason"
        ]
        if entries.count > Self.shown {
            lines.append(
                "  (the last \(Self.shown) of \(Figures.count(entries.count)); --json all)")
        }
        for entry in entries.suffix(Self.shown) {
            let (trade, open) = (entry.trade, entry.open)
            let cells = [
                Figures.left("\(entry.entry.day)", 12),
                Figures.left(trade.map { "\($0.exitDay)" } ?? "open", 12),
                Figures.left("\(entry.entry.order.ticker)", 8),
                Figures.right("\(entry.followed)/\(entry.filings)", 9),
                Figures.right(Figures.percent(trade?.netReturn ?? entry.marked?.share), 12),
                Figures.right(
                    (trade?.profit ?? entry.marked?.profit).map { Figures.dollars($0) } ?? "n/a", 14
                ),
                Figures.right(Figures.percent(trade?.excessReturn), 10),
                "  " + (trade?.reason ?? (open?.isStale == true ? "no price" : "")),
            ]
            lines.append(cells.joined())
        }
        return lines.joined(separator: "\n")
    }

    private var filingTable: String {
        FilteredTrades.table(filings.rows, atMost: Self.shown)
    }

    /// Filed rows as a table, the last `count` of them.
    public static func table(_ rows: [FilingList.Row], atMost count: Int) -> String {
        guard !rows.isEmpty else { return "" }
        var lines = [
            "Filed       Traded      Ticker  side  owner     from dollars    to dollars  filer"
        ]
        if rows.count > count {
            lines.append("  (the last \(count) of \(Figures.count(rows.count)); --json has all)")
        }
        for row in rows.suffix(count) {
            let party = row.party.map { "\($0)" } ?? "party unknown"
            let chamber = row.chamber.map { "\($0)" } ?? "chamber unknown"
            let cells = [
                Figures.left("\(row.filedOn)", 12), Figures.left("\(row.tradedOn)", 12),
                Figures.left("\(row.ticker)", 8), Figures.left("\(row.side)", 6),
                Figures.left(row.ownerWord, 8),
                Figures.right(row.amountLow.map { Figures.dollars($0) } ?? "", 14),
                Figures.right(row.amountHigh.map { Figures.dollars($0) } ?? "", 14),
                "  \(row.filer), \(chamber), \(party)",
            ]
            lines.append(cells.joined())
        }
        return lines.joined(separator: "\n")
    }
}

extension FilteredTrades.Entry {
    /// What an open position comes to at its last close.
    var marked: (profit: Money, share: Double)? {
        guard let open else { return nil }
        let holding = open.holding
        let mark = Money(dollars: holding.quantity.shares * open.lastClose)
        let profit = holding.proceeds + holding.income + mark - holding.cost
        return (profit, profit.dollars / holding.cost.dollars)
    }
}
