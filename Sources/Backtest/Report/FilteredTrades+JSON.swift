import Events
import FeedbackLoop
public import Pipeline

extension FilteredTrades {
    /// The trades and the filings as one JSON object.
    public func json() -> String {
        let metrics = TradeMetrics(trades)
        let counts = filings.counts
        return JSON.object([
            ("run", JSONText.quoted(run)), ("strategy", JSONText.quoted(strategy)),
            ("filter", JSONText.quoted(filter.words)), ("rows", "\(counts.rows)"),
            ("followed", "\(counts.followed)"),
            (
                "left_out",
                JSON.object(counts.reasons.map { ($0.reason.rawValue, "\($0.rows)") })
            ),
            (
                "figures",
                JSON.object([
                    ("closed_trades", "\(metrics.count)"),
                    ("open_positions", "\(entries.count - metrics.count)"),
                    ("other_entries", "\(others)"), ("profit", "\(metrics.profit)"),
                    ("net_win_rate", JSON.number(metrics.winRate)),
                    ("expectancy", JSON.number(metrics.expectancy)),
                    ("excess", JSON.number(metrics.averageExcess)),
                ])
            ), ("trades", JSON.list(entries.map(trade))),
            ("filings", FilteredTrades.json(filings.rows)),
        ])
    }

    private func trade(_ entry: Entry) -> String {
        let trade = entry.trade
        return JSON.object([
            ("ticker", JSON.text(entry.entry.order.ticker)),
            ("entry_date", JSON.text(entry.entry.day)), ("exit_date", JSON.text(trade?.exitDay)),
            ("is_open", trade == nil ? "true" : "false"),
            ("net_return", JSON.number(trade?.netReturn ?? entry.marked?.share)),
            ("profit", (trade?.profit ?? entry.marked?.profit).map { "\($0)" } ?? "null"),
            ("excess", JSON.number(trade?.excessReturn)), ("reason", JSON.text(trade?.reason)),
            ("filings", "\(entry.filings)"), ("followed", "\(entry.followed)"),
        ])
    }

    /// Filed rows as an array.
    public static func json(_ rows: [FilingList.Row]) -> String {
        JSON.list(
            rows.map { row in
                JSON.object([
                    ("id", JSON.text(row.event)), ("filed_on", JSON.text(row.filedOn)),
                    ("traded_on", JSON.text(row.tradedOn)), ("known_at", JSON.text(row.knownAt)),
                    ("ticker", JSON.text(row.ticker)), ("side", JSONText.quoted("\(row.side)")),
                    ("owner", JSONText.quoted(row.ownerWord)),
                    ("amount_low", row.amountLow.map { "\($0)" } ?? "null"),
                    ("amount_high", row.amountHigh.map { "\($0)" } ?? "null"),
                    ("filer", JSONText.quoted(row.filer)),
                    ("chamber", JSON.text(row.chamber.map { "\($0)" })),
                    ("party", JSON.text(row.party.map { "\($0)" })),
                ])
            })
    }
}
