import Events

extension ReportPage {
    /// What prices did around filings.
    var eventSection: String {
        guard let study, study.curves.contains(where: { $0.events > 0 }) else { return "" }
        let cards = study.curves.map { curve in
            let name = curve.side == .buy ? "Purchases" : "Sales"
            return "<div class=\"card\"><h3>\(name) <small>\(Figures.count(curve.events)) events"
                + "</small></h3>\(eventPlot(curve, name))</div>"
        }
        return """
            <p>Mean excess over the index around the first open at which a filing could be traded, \
            with one standard error either side. Every curve is 0 at that open and rises where prices \
            rose against the index. Nobody could have traded on the filing in the shaded part; a \
            backtest that knows filings too early earns what happens there.</p>
            <div class="grid">\(cards.joined())</div>
            <div class="card">\(eventTable(study))</div>
            """
    }

    private func eventPlot(_ curve: EventStudy.Curve, _ name: String) -> String {
        let points = curve.points.filter { $0.mean != nil }
        let low = points.map { (Double($0.offset), ($0.mean ?? 0) - ($0.standardError ?? 0)) }
        let high = points.map { (Double($0.offset), ($0.mean ?? 0) + ($0.standardError ?? 0)) }
        let first = Double(EventStudy.offsets.first ?? 0)
        let last = Double(EventStudy.offsets.last ?? 1)
        var plot = Plot(
            "\(name): mean cumulative excess from 20 sessions before to 60 after",
            x: first...last, y: Plot.range(low.map(\.1) + high.map(\.1)))
        plot.shade(first, -0.5, "before")
        plot.axisY { Markup.signedPercent($0, 1) }
        plot.axisX(
            [-20, 0, 20, 40, 60].map { (Double($0), "\($0)".replacing("-", with: "−")) },
            name: "sessions from the first tradable open")
        plot.band(low, high)
        plot.line(points.map { (Double($0.offset), $0.mean ?? 0) })
        return plot.svg
    }

    private func eventTable(_ study: EventStudy) -> String {
        let shown = [-20, -10, -5, -1, 0, 5, 10, 20, 42, 60]
        let rows = shown.map { offset in
            [Table.Cell("\(offset)".replacing("-", with: "−"))]
                + study.curves.flatMap { curve -> [Table.Cell] in
                    let point = curve.points.first { $0.offset == offset }
                    return [
                        .percent(point?.mean), Table.Cell(Figures.percent(point?.standardError)),
                        Table.Cell(Figures.count(point?.count ?? 0)),
                    ]
                }
        }
        let error = "Clustered by the calendar month of the first tradable session."
        let columns =
            [Table.Column("Session", "0 is the first tradable session; values at its close.")]
            + study.curves.flatMap { curve -> [Table.Column] in
                let name = curve.side == .buy ? "Purchases" : "Sales"
                return [
                    Table.Column(name, Definitions.text(of: "Event-time excess") ?? ""),
                    Table.Column("± s.e.", error), Table.Column("Events"),
                ]
            }
        return Table("Event-time excess", columns, rows).html
    }

    /// Exits by reason, and how long and with what result positions were held.
    var exitsSection: String {
        guard !report.trades.isEmpty else { return "" }
        let rows = report.exits.map { reason, trades in
            [
                Table.Cell(Labels.exitReason(reason)), Table.Cell(Figures.count(trades.count)),
                Table.Cell(Figures.percent(trades.winRate, 1)),
                Table.Cell.percent(trades.expectancy), Table.Cell.percent(trades.averageExcess),
                Table.Cell.dollars(trades.profit.dollars),
                Table.Cell.number(trades.averageHoldingSessions, 1),
            ]
        }
        let columns = [
            Table.Column("Reason", isText: true), Table.Column("Trades"),
            Table.Column("Net win rate", Definitions.text(of: "Win rate") ?? ""),
            Table.Column("Mean return"),
            Table.Column("Mean excess", Definitions.text(of: "Excess") ?? ""),
            Table.Column("Profit"), Table.Column("Sessions", "Mean sessions held."),
        ]
        return """
            <div class="card"><h3>Exits by reason</h3>\(Table("Exits", columns, rows).html)</div>
            <div class="grid">
            <div class="card"><h3>Holding period</h3>\(key)\
            \(bars(Histogram.holding(report.trades), "sessions held", every: 2))</div>
            <div class="card"><h3>Net return a trade</h3>\(key)\
            \(bars(Histogram.returns(report.trades), "per cent, lower end", every: 2))</div>
            </div>
            """
    }

    private var key: String {
        "<div class=\"key\"><span><i style=\"background:var(--gain)\"></i>wins, net above .5 %</span>"
            + "<span><i style=\"background:var(--loss)\"></i>others</span></div>"
    }

    private func bars(_ histogram: Histogram, _ name: String, every: Int) -> String {
        let totals = histogram.bins.map { Double($0.wins + $0.others) }
        var plot = Plot(
            "Histogram: \(name)", x: 0...Double(max(histogram.bins.count, 1)),
            y: Plot.range(totals))
        plot.axisY { Figures.count(Int(capped: $0)) }
        for (index, bin) in histogram.bins.enumerated() {
            let (from, others) = (Double(index), Double(bin.others))
            let title = "\(bin.label): \(bin.wins) wins, \(bin.others) others"
            plot.bar(from, from + 1, top: others, kind: "down", title: title)
            plot.bar(
                from, from + 1, base: others, top: others + Double(bin.wins), kind: "up",
                title: title)
        }
        plot.axisX(
            histogram.bins.enumerated().filter { $0.offset % every == 0 }.map {
                (Double($0.offset) + 0.5, $0.element.label)
            }, name: name)
        return plot.svg
    }
}
