import Events
import Learning
import Pipeline

extension ComparePage {
    /// Value and excess of every side: charts to zoom, and small ones for readers without scripts.
    var valueSection: String {
        guard sides[0].run.report.daily.count > 1 else { return "" }
        let choices = [(0, "All"), (5, "5 years"), (3, "3 years"), (1, "1 year")].map {
            "<button type=\"button\" data-years=\"\($0.0)\">\($0.1)</button>"
        }
        func chart(_ id: String, _ title: String, _ what: String) -> String {
            "<div class=\"chart-head\"><h3>\(title) <small>\(what)</small></h3></div>"
                + "<div class=\"legend\" id=\"\(id)-legend\"></div><div class=\"chart\" id=\"\(id)\" "
                + "tabindex=\"0\" role=\"region\" aria-label=\"\(title) by session\"></div>"
        }
        let (excess, value) = (
            "over the index at equal exposure, compounded; start = 1", "start = 1, net of costs"
        )
        return """
            <div class="card"><div id="curves-live" hidden>
            <div class="controls" role="group" aria-label="Shown period">\(choices.joined())</div>
            <div class="controls" id="line-choices" role="group" aria-label="Shown lines" hidden></div>
            \(chart("excess-chart", "Excess", excess))
            \(chart("value-chart", "Value", value))
            <p><small>Drag over a chart to zoom both, double-click to show all. With the keyboard: \
            arrows move, + and − zoom, Home shows all.</small></p></div>
            <noscript><div class="grid">\(curveCard("Excess", excess, excessLines))\
            \(curveCard("Value", value, valueLines))</div></noscript></div>
            """
    }

    private var valueLines: [[Double]] {
        sides.map { side in
            side.run.report.daily.map {
                $0.value.dollars / side.run.report.facts.startingValue.dollars
            }
        }
    }

    private var excessLines: [[Double]] {
        sides.map { side in
            var level = 1.0
            return ExcessPairs.excess(side.run.report).map { change in
                level *= 1 + (change ?? 0)
                return level
            }
        }
    }

    /// What the page's script draws.
    var curveData: CurveData {
        func chart(_ id: String, _ lines: [[Double]]) -> CurveData.Chart {
            CurveData.Chart(
                id: id, format: "ratio", unit: 0.000_01,
                lines: zip(sides, lines).enumerated().map { number, line in
                    CurveData.Line(
                        name: line.0.name, color: number, values: line.1.map(Optional.some))
                })
        }
        return CurveData(
            days: sides[0].run.report.daily.map(\.day),
            charts: [chart("excess-chart", excessLines), chart("value-chart", valueLines)])
    }

    private func curveCard(_ title: String, _ what: String, _ lines: [[Double]]) -> String {
        let days = sides[0].run.report.daily.map(\.day)
        let places = Plot.places(days.count, atMost: 120)
        var plot = Plot(
            "\(title) by session", x: 0...Double(days.count - 1),
            y: Plot.range(lines.flatMap { line in places.map { line[$0] } }, including: 1))
        plot.axisY { Figures.fixed($0, 2) }
        for (number, line) in lines.enumerated() {
            plot.line(
                places.map { (Double($0), line[$0]) }, kind: "s\(number % CurveData.colors)")
        }
        plot.axisYears(days)
        let names = sides.enumerated().map { ("s\($0 % CurveData.colors)", $1.name) }
        return "<div class=\"card\"><h3>\(title) <small>\(what)</small></h3>\(plot.svg)"
            + Key.html(names) + "</div>"
    }

    /// Figures without a verdict, of both sides.
    func secondaryCard(_ contest: Contest) -> String {
        let comparison = contest.comparison
        let names = (comparison.reference.facts.run, comparison.challenger.facts.run)
        let columns = [
            Table.Column("Secondary", isText: true), Table.Column(names.0), Table.Column(names.1),
            Table.Column("Difference"),
            Table.Column("Relative", "The difference over the reference's magnitude."),
            Table.Column("95 % from"), Table.Column("to"),
        ]
        let rows = contest.secondary.rows.map { row in
            let values = [row.reference, row.challenger, row.difference]
            let ends = [row.interval?.low, row.interval?.high]
            func cell(_ value: Double?) -> Table.Cell {
                row.figure.isShare
                    ? Table.Cell(Figures.percent(value).replacing("-", with: "−"))
                    : .number(value, row.figure == .closedTrades ? 0 : 2)
            }
            return [Table.Cell(row.figure.title)] + values.map(cell)
                + [Table.Cell(Figures.percent(row.relative, 0).replacing("-", with: "−"))]
                + ends.map(cell)
        }
        return "<div class=\"card\"><h3>\(Markup.escaped("\(names.1) against \(names.0)")) "
            + "<small>secondary, without a verdict</small></h3>"
            + Table("Secondary figures", columns, rows).html + "</div>"
    }

    /// What the champion of every side said of each evaluation, by year.
    var championsSection: String {
        let cards = sides.map { $0.run.report.signals.champion.html($0.name) }.joined()
        guard !cards.isEmpty else { return "" }
        return "<p>Two strategies that share a heuristic share what it holds; what their champions "
            + "say hangs on their models and thresholds.</p>" + cards
    }

    /// Other costs and delays, and knowledge that nobody has.
    var assumptionsSection: String {
        guard sides.contains(where: { !$0.counterfactuals.isEmpty }) else { return "" }
        let columns = [
            Table.Column("Assumption", isText: true), Table.Column("Information ratio"),
            Table.Column("Total return"), Table.Column("Sharpe"), Table.Column("Closed trades"),
        ]
        let own = sides.map { side in
            let all =
                [("as it is", side.run.report)]
                + side.counterfactuals.map { ($0.kind.title, $0.report) }
            let rows = all.map { title, report in
                let whole = report.whole
                return [
                    Table.Cell(title),
                    .number(whole.index.equalExposureInformationRatio, 2),
                    .percent(whole.returns.totalReturn), .number(whole.returns.sharpe, 2),
                    Table.Cell(Figures.count(whole.trades.count)),
                ]
            }
            return "<div class=\"card\"><h3>\(Markup.escaped(side.name))</h3>"
                + Table("\(side.name) under other assumptions", columns, rows).html
                + (side.costs?.sentences ?? []).map { "<p>\(Markup.escaped($0))</p>" }.joined()
                + "</div>"
        }
        let between = contests.map { contest in
            let comparison = contest.comparison
            let title =
                "\(comparison.challenger.facts.run) less \(comparison.reference.facts.run)"
            let rows = contest.counterfactuals.compactMap { kind, primary in
                primary.map { (kind.title, $0) }
            }
            return "<h3>\(Markup.escaped(title))</h3>"
                + beside(
                    forest(title, rows, better: comparison.challenger.facts.run),
                    differenceTable(
                        title, rows,
                        (comparison.reference.facts.run, comparison.challenger.facts.run)))
        }
        let isReplayed = sides.contains { side in
            side.counterfactuals.contains { $0.kind == .knownWhenTraded }
        }
        let gap =
            isReplayed
            ? "<p>Filings known on their trade dates are knowledge that nobody has: the gap to it "
                + "is what the delay of filings takes away, and no part of it can be traded.</p>"
            : "<p>\(Markup.escaped(CostText.priced))</p>"
        return gap + own.joined() + between.joined()
    }

    /// What each fix is worth.
    var ablationSection: String {
        guard let ablation else { return "" }
        let cards = [true, false].map { isAdded in
            let rows = ablation.rows.filter { $0.isAdded == isAdded }
            let title =
                isAdded ? "Added alone to \(sides[0].name)" : "Taken alone from \(sides[1].name)"
            let columns = [
                Table.Column("Fix", isText: true), Table.Column("Worth"),
                Table.Column("95 % from"), Table.Column("to"),
                Table.Column("p", "Adjusted over all rows of both tables."),
                Table.Column("Closed trades"), Table.Column("Settings", isText: true),
            ]
            let cells = rows.map { row in
                let primary = row.primary
                return [Table.Cell(row.fix.name)]
                    + [primary?.difference, primary?.interval.low, primary?.interval.high].map {
                        Table.Cell.number($0, 2)
                    }
                    + [
                        .number(row.adjusted, 4), Table.Cell(Figures.count(row.closedTrades)),
                        Table.Cell(
                            (isAdded ? row.fix.given : row.fix.taken).joined(separator: ", ")),
                    ]
            }
            return "<h3>\(Markup.escaped(title))</h3>"
                + beside(
                    forest(
                        title, rows.compactMap { row in row.primary.map { (row.fix.name, $0) } },
                        better: "the run with it"),
                    Table(title, columns, cells).html)
        }
        return "<p>What a fix adds to the information ratio at equal exposure, with p-values "
            + "adjusted over all rows by Romano and Wolf's stepdown.</p>" + cards.joined()
    }
}
