import Events

extension ReportPage {
    /// The three charts of sessions, with one zoom, and what they end with for readers without
    /// scripts.
    var curvesSection: String {
        guard report.daily.count > 1 else { return "" }
        let choices = [(0, "All"), (5, "5 years"), (3, "3 years"), (1, "1 year")].map {
            "<button type=\"button\" data-years=\"\($0.0)\">\($0.1)</button>"
        }
        let rows = curves.lines.map { line in
            [
                Table.Cell(line.name), Table.Cell.percent(line.totalReturn),
                Table.Cell.percent(line.drawdowns.compactMap(\.self).min()),
            ]
        }
        let columns = [
            Table.Column("", isText: true), Table.Column("Total return"),
            Table.Column("Maximum drawdown"),
        ]
        return """
            <div class="card"><div id="curves-live" hidden>
            <div class="controls" role="group" aria-label="Shown period">\(choices.joined())
            <button type="button" id="log-scale" aria-pressed="false">Log scale</button></div>
            <div class="controls" id="line-choices" role="group" aria-label="Shown lines" hidden></div>
            \(chart("value", "Value", valueText))
            \(chart("drawdown", "Drawdown", "Value / highest value so far − 1.", "short"))
            \(chart("exposure", "Exposure", "Holdings / value after the close.", "short"))
            <p><small>Drag over a chart to zoom all three, double-click to show all. With the keyboard: \
            arrows move, + and − zoom, Home shows all.</small></p>
            </div><noscript><div class="still">\(still)</div></noscript>
            \(Table("Value and comparisons", columns, rows).html)
            \(remarks)</div>
            """
    }

    private var valueText: String {
        let name = indexName ?? "the index"
        let isMatched = curves.lines.contains { $0.name.hasSuffix("at equal exposure") }
        return Markup.escaped(
            isMatched
                ? "Dollars, beside \(name) held only as far as the strategy was invested, the rest "
                    + "in cash. Tick what else to see; every line starts with the same cash."
                : "Dollars; every line starts with the strategy's cash.")
    }

    private var remarks: String {
        yardsticks.compactMap(\.remark).map { "<p><small>\(Markup.escaped($0)).</small></p>" }
            .joined()
    }

    private func chart(_ id: String, _ title: String, _ text: String, _ kind: String = "")
        -> String
    {
        """
        <div class="chart-head"><h3>\(title) <small>\(text)</small></h3></div>
        <div class="legend" id="\(id)-chart-legend"></div>
        <div class="chart \(kind)" id="\(id)-chart" tabindex="0" role="region" \
        aria-label="\(title) by session"></div>
        """
    }

    /// The value chart for readers without scripts, of the lines that are shown first.
    private var still: String {
        let lines = curveData.charts[0].lines.filter(\.isShown)
        let places = Plot.places(curves.days.count, atMost: 120)
        let values = lines.flatMap { line in places.compactMap { line.values[$0] } }
        var plot = Plot(
            "Value by session", x: 0...Double(curves.days.count - 1),
            y: Plot.range(values, including: values.min() ?? 0))
        plot.axisY { Markup.dollars($0 / 1_000) + "k" }
        for line in lines {
            plot.line(line.values, at: places, kind: "s\(line.color % CurveData.colors)")
        }
        plot.axisYears(curves.days)
        return Key.html(lines.map { ("s\($0.color % CurveData.colors)", $0.name) }) + plot.svg
    }

    /// Returns by month and year as a heat map.
    var monthsSection: String {
        let calendar = report.calendar
        guard !calendar.isEmpty else { return "" }
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let index = report.indexByYear
        let heads = (months + ["Year", indexName ?? "Index"]).map {
            "<th scope=\"col\">\(Markup.escaped($0))</th>"
        }
        let rows = calendar.map { year, values, total in
            let cells = values.map { heatCell($0, full: 0.05) }
            let market = index.first { $0.year == year }?.total
            return "<tr><th scope=\"row\">\(year)</th>\(cells.joined())"
                + heatCell(total, full: 0.2, "year") + heatCell(market, full: 0.2, "year")
                + "</tr>"
        }
        return """
            <div class="card"><div class="scroll" tabindex="0" role="region" aria-label="Returns by month">
            <table class="heat">
            <caption class="hidden">Returns by month, per cent</caption>
            <thead><tr><th scope="col">%</th>\(heads.joined())</tr></thead>
            <tbody>\(rows.joined())</tbody></table></div>
            <p><small>Per cent, net of costs. Colours are full at ±5% a month and ±20% a year.</small></p>
            </div>
            """
    }

    private func heatCell(_ value: Double?, full: Double, _ kind: String = "") -> String {
        guard let value else { return "<td class=\"\(kind)\"></td>" }
        let strength = Int(capped: (min(value.magnitude / full, 1) * 70).rounded())
        let tone = strength == 0 ? "" : value > 0 ? "up" : "down"
        let text = Figures.fixed(value * 100, 1).replacing("-", with: "−")
        return "<td class=\"\(kind) \(tone)\" style=\"--h:\(strength)%\">\(text)</td>"
    }
}
