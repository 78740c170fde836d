import API
import Audit
import EventLog
import Events
import Market
import Projections

/// A ticker's prices as candles, with filings, decisions and fills marked on them.
enum TickerPage {
    private static let projections = ["portfolio", "signals", "disclosures", "performance"]
    static let kind = PageKind(
        nil, "/tickers", TickerPage.projections, parameters: 1
    ) { viewing, parameters in
        guard let ticker = Ticker(Ticker.folded(parameters[0])) else {
            throw Problem(404, "ticker", "\(parameters[0]) is no ticker")
        }
        return try page(ticker, viewing)
    }

    /// Sessions of the chart.
    private static let most = 400

    private static func page(_ ticker: Ticker, _ viewing: Viewing) throws -> Page {
        var page = Page(heading: "\(ticker)")
        let lineage = try viewing.lineage()
        let bars = try Candles.bars(of: ticker, viewing, lineage, most: most)
        try viewing.read(TickerPage.projections) { reader in
            let marks = try marks(ticker, reader, viewing)
            let first = bars.first.map { "\($0.day)" } ?? ""
            let label =
                bars.last.map {
                    "\(bars.count) sessions through \($0.day); the last close "
                        + Format.money($0.bar.close)
                } ?? ""
            page.blocks.append(
                Chart(
                    shape: .candles, label: label, names: ["open", "high", "low", "close"],
                    rows: bars.map {
                        ("\($0.day)", [$0.bar.open, $0.bar.high, $0.bar.low, $0.bar.close])
                    }, marks: marks.filter { $0.day >= first }
                ).block(
                    "Prices as traded", empty: "No bar of \(ticker) was known.", query: nil, viewing
                ))
            let signals = try SignalRows.of(
                reader, viewing, session: nil, isEmitted: nil, ticker: "\(ticker)", limit: 40)
            page.blocks.append(
                Block.unfolding(
                    "Evaluations, the latest first", signals.rows,
                    empty: "\(ticker) was never evaluated.", query: signals.query, viewing))
        }
        let isHeld = try viewing.read(["portfolio"]) { reader in
            try !Rows(
                reader,
                "SELECT 1 FROM reference_portfolio_positions WHERE ticker = ? AND is_open = 1",
                [.text("\(ticker)")]
            ).isEmpty
        }
        let held = Block.Link("why it is held", viewing.link("/why/holding/\(ticker)"))
        page.blocks.append(
            Block.text(
                "Further", [],
                links: (isHeld ? [held] : []) + [
                    Block.Link(
                        "its disclosures", viewing.link("/disclosures", [("ticker", "\(ticker)")]))
                ]))
        return page
    }

    private static func marks(
        _ ticker: Ticker, _ reader: ReadModelReader, _ viewing: Viewing
    ) throws -> [Chart.Mark] {
        let filings = try Rows(
            reader,
            """
            SELECT id, side, filer, known_at FROM disclosures WHERE ticker = ? AND is_repeat = 0
            ORDER BY position DESC LIMIT 200
            """, [.text("\(ticker)")])
        var marks = filings.rows.map { row in
            Chart.Mark(
                day: row.text("known_at").map { String($0.prefix(10)) } ?? "",
                text: "\(row.text("filer") ?? "") filed a \(row.text("side") ?? "")",
                sort: "filing",
                link: viewing.link("/led-to/\(row.text("id") ?? "")"))
        }
        let signals = try Rows(
            reader,
            """
            SELECT id, signal_type, confidence_score, session_date FROM trading_signals
            WHERE ticker = ? AND suppressed_reason IS NULL ORDER BY position DESC LIMIT 100
            """, [.text("\(ticker)")])
        marks += signals.rows.map { row in
            Chart.Mark(
                day: row.text("session_date") ?? "",
                text: "signal: \(Format.words(row.text("signal_type"))), confidence "
                    + Format.number(row.real("confidence_score"), 3), sort: "decision",
                link: viewing.link("/why/signal/\(row.text("id") ?? "")"))
        }
        let fills = try Rows(
            reader,
            """
            SELECT order_id, transaction_type, quantity, price, filled_on
            FROM reference_portfolio_transactions WHERE ticker = ? ORDER BY position DESC LIMIT 100
            """, [.text("\(ticker)")])
        marks += fills.rows.map { row in
            let isBuy = row.text("transaction_type") == "buy"
            return Chart.Mark(
                day: row.text("filled_on") ?? "",
                text: "\(isBuy ? "bought" : "sold") \(Format.shares(row.real("quantity"))) at "
                    + Format.money(row.real("price")), sort: isBuy ? "bought" : "sold",
                link: viewing.link("/why/order/\(row.text("order_id") ?? "")"))
        }
        return marks.sorted { ($0.day, $0.text) < ($1.day, $1.text) }
    }
}

/// A ticker's bars, as a run's facts have them.
enum Candles {
    /// The last sessions' bars of a ticker, as of a page's moment, in order of days.
    static func bars(
        of ticker: Ticker, _ viewing: Viewing, _ lineage: any Lineage, most: Int
    ) throws -> [(day: Day, bar: Bar)] {
        let through = viewing.position.position
        // Seven days have five sessions; some are no sessions.
        let start = viewing.knownAt.map { $0.day - (most * 7 / 5 + 30) }
        let after =
            try start.map { try viewing.opened.merged.position(AsOf(.day($0))).position } ?? 0
        let sessions = try lineage.next(
            [SessionClosed.templateID], of: nil, after: min(after, through), limit: most + 60)
        var bars: [(day: Day, bar: Bar)] = []
        for session in sessions {
            guard
                session.position
                    <= (session.isTimeline ? viewing.position.timeline : viewing.position.own)
            else { break }
            try viewing.opened.merged.event(session) { message in
                let view = try SessionClosedView(message)
                if let bar = Bar.find(ticker, in: view) { bars.append((view.day, bar)) }
            }
        }
        return bars.suffix(most)
    }
}

extension Bar {
    /// A ticker's bar of a session, whose bars ascend by ticker; nil where it has none.
    fileprivate static func find(_ ticker: Ticker, in view: borrowing SessionClosedView) -> Bar? {
        let bars = view.bars
        var (low, high) = (0, bars.count)
        while low < high {
            let middle = (low + high) / 2
            if bars[middle].ticker < ticker { low = middle + 1 } else { high = middle }
        }
        guard low < bars.count, bars[low].ticker == ticker else { return nil }
        let found = bars[low]
        return Bar(
            open: found.open, high: found.high, low: found.low, close: found.close,
            volume: found.volume)
    }
}
