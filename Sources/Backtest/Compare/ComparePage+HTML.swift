import Events
import Learning

extension ComparePage {
    /// The comparison as one page: a file that asks for nothing from any network.
    public func html(_ library: ChartLibrary) -> String {
        let sections = self.sections.filter { !$0.body.isEmpty }
        let links = sections.map {
            "<li><a href=\"#\($0.id)\">\(Markup.escaped($0.title))</a></li>"
        }
        let bodies = sections.map {
            "<section id=\"\($0.id)\"><h2>\(Markup.escaped($0.title))</h2>\n\($0.body)\n</section>\n"
        }
        let title = sides.map(\.name).joined(separator: ", ")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="\(ReportPage.policy)">
            <meta name="referrer" content="no-referrer">
            <title>\(Markup.escaped(title)) – Recount</title>
            <style>\(library.style)</style>
            <style>\(ReportPage.embedded(PackageResources.page_css))</style>
            </head>
            <body>
            \(headline(title))
            <nav aria-label="Sections"><ul>\(links.joined())</ul></nav>
            <main>
            \(bodies.joined())</main>
            <footer>Made by <code>recount compare</code>; equal comparisons give equal pages. \
            Charts: dygraphs (MIT licence).</footer>
            <script type="application/json" id="page-data">{"curves":\(curveData.json)}</script>
            <script>\(library.script)</script>
            <script>\(ReportPage.embedded(PackageResources.charts_js))</script>
            </body>
            </html>

            """
    }

    private var sections: [(id: String, title: String, body: String)] {
        [
            ("metric", "How sure it is", contests.map(metricCard).joined()),
            ("value", "Value over time", valueSection),
            ("secondary", "Other figures", contests.map(secondaryCard).joined()),
            ("champions", "What the champions said", championsSection),
            ("assumptions", "Other assumptions", assumptionsSection),
            ("ablation", "Each difference alone", ablationSection),
            ("control", "Shuffled tickers", controlSection),
            (
                "criteria", "Success criteria",
                sides.map { $0.run.report.criteria?.html($0.name) ?? "" }.joined()
            ),
            ("cycles", "Retraining cycles", sides.map(cyclesCard).joined()),
            ("trials", "What was tried", trialsSection),
            ("words", "Words", Definitions.html(Definitions.all.filter(Self.isUsed))),
        ]
    }

    /// Whether a comparison uses a word.
    private static func isUsed(_ definition: Definitions.Definition) -> Bool {
        [
            "n/a", "Excess at equal exposure", "Index at equal exposure", "Sharpe ratio",
            "Sortino ratio", "Maximum drawdown", "Mean exposure", "Turnover a year", "Win rate",
            "Profit factor, gross", "Session", "Filing", "Basis point (bp)", "Champion", "Gate",
            "Blend weight", "Bootstrap", "Deflated Sharpe ratio",
        ].contains(definition.term)
    }

    private func headline(_ title: String) -> String {
        let first = sides[0].run.report
        let flags = first.warnings.map { "<li>\(Markup.escaped($0))</li>" }
        let notes = sides.flatMap { side in
            ([side.run.report.followedText].compactMap(\.self) + side.run.report.facts.notes).map {
                "<li class=\"note\">\(Markup.escaped("\(side.name): \($0)"))</li>"
            }
        }
        let hindsight = first.facts.hindsight.map { "\(Figures.count($0.count)) \($0.name)" }
        var window = ""
        if let from = first.daily.first?.day, let to = first.daily.last?.day {
            window =
                "\(from) to \(to), \(Figures.count(first.daily.count)) sessions, one window for all"
        }
        let warnings =
            flags + notes
            + (hindsight.isEmpty
                ? []
                : [
                    "<li class=\"note\">Facts whose true knowledge date is not known: "
                        + "\(Markup.escaped(hindsight.joined(separator: ", ")))</li>"
                ])
        let count = "\(flags.count) warning\(flags.count == 1 ? "" : "s")"
        let before =
            flags.isEmpty
            ? ""
            : "<p class=\"flags\"><a href=\"#warnings\">\(count)\(isSimulated ? ": simulated data" : "")</a></p>"
        return """
            <header><h1>\(Markup.escaped(title))</h1>\(before)
            <div class="verdicts">\(contests.map(verdictCard).joined())</div>
            <p class="lead">\(Markup.escaped(window))</p>
            <ul class="warnings" id="warnings">\(warnings.joined())</ul></header>
            """
    }

    /// The verdict and its interval, before all else.
    private func verdictCard(_ contest: Contest) -> String {
        let comparison = contest.comparison
        let names = (comparison.reference.facts.run, comparison.challenger.facts.run)
        let tone =
            switch comparison.verdict {
            case .shown: "up"
            case .worse: "down"
            case .notShown, .insufficient: ""
            }
        var figure = ""
        if let primary = comparison.primary {
            figure =
                "<p>Difference <b>\(interval(primary))</b> <small>95 % interval; of the yearly "
                + "information ratio: what each earned beyond the index at equal exposure, by how "
                + "much that swung, net of costs</small></p>"
        }
        return "<div class=\"card\"><p>\(Markup.escaped("\(names.1) against \(names.0)"))</p>"
            + "<p class=\"verdict \(tone)\">\(comparison.verdict.rawValue)</p>"
            + "<p>\(Markup.escaped(meaning(comparison)))</p>\(figure)</div>"
    }

    /// What a verdict means, in a sentence.
    private func meaning(_ comparison: Comparison) -> String {
        let (reference, challenger) = (
            comparison.reference.facts.run, comparison.challenger.facts.run
        )
        switch comparison.verdict {
        case .shown: return "\(challenger) is better: the whole interval lies above 0."
        case .worse: return "\(challenger) is worse: the whole interval lies below 0."
        case .notShown:
            return "\(challenger) is not shown to be better or worse than \(reference): the "
                + "interval holds 0."
        case .insufficient:
            let reason =
                comparison.primary == nil
                ? comparison.measuredSessions > 0 ? missing(comparison) : "no index is known"
                : thinness(comparison)
            return "Too little to say anything: "
                + "\(reason.replacing("insufficient: ", with: "").replacing("n/a: ", with: ""))."
        }
    }

    /// A difference with its interval, with true minus signs.
    func interval(_ primary: PrimaryDifference) -> String {
        let parts = [primary.difference, primary.interval.low, primary.interval.high].map {
            Figures.number($0).replacing("-", with: "−")
        }
        return "\(parts[0]) (\(parts[1]) to \(parts[2]))"
    }

    private func metricCard(_ contest: Contest) -> String {
        let comparison = contest.comparison
        guard let primary = comparison.primary else {
            guard comparison.measuredSessions > 0 else { return "" }
            let title =
                "\(comparison.challenger.facts.run) against \(comparison.reference.facts.run)"
            return "<h3>\(Markup.escaped(title))</h3><p>\(Markup.escaped(missing(comparison)))</p>"
        }
        let other = comparison.sensitivity.map {
            ("blocks of \($0.meanBlock) sessions", $0)
        }
        var rows = [("all sessions: this decides", primary)] + other
        if let half = contest.halves.first { rows.append(("first half", half)) }
        if let half = contest.halves.second { rows.append(("second half", half)) }
        let names = (comparison.reference.facts.run, comparison.challenger.facts.run)
        let title = "\(names.1) against \(names.0): \(comparison.verdict.rawValue)"
        return "<h3>\(Markup.escaped(title))</h3>"
            + "<p>The difference between both yearly information ratios, net of costs, with its 95 % "
            + "interval: \(Figures.count(primary.draws)) times, the sessions of both are drawn anew in "
            + "blocks of \(primary.meanBlock) on average (a paired stationary bootstrap). The first row "
            + "alone decides; the others show how much hangs on the length of blocks and on the half."
            + "</p>"
            + (contest.seeds.map {
                "<p>\(Markup.escaped("Verdicts " + Self.text($0).replacing("-", with: "−"))).</p>"
            } ?? "")
            + beside(
                forest(title, rows, decidingRow: 0, better: names.1),
                differenceTable(title, rows, names))
    }

    /// A chart and its table, beside each other where there is room.
    func beside(_ chart: String, _ table: String) -> String {
        "<div class=\"grid\"><div class=\"card\">\(chart)</div><div class=\"card\">\(table)</div></div>"
    }

    /// Differences as dots on their intervals, each with its name and figures; zero is marked, and
    /// the row that decides is larger.
    func forest(
        _ title: String, _ rows: [(String, PrimaryDifference)], decidingRow: Int? = nil,
        better: String
    ) -> String {
        let ends = rows.flatMap { [$0.1.interval.low, $0.1.interval.high] }
        let count = Double(rows.count)
        var plot = Plot(
            title, x: Plot.range(ends), y: 0...count, height: 40 * count + 54, left: 10)
        plot.mark(0, "")
        for (place, row) in rows.enumerated() {
            let top = count - Double(place)
            let (low, high) = (row.1.interval.low, row.1.interval.high)
            let isDeciding = place == decidingRow
            plot.row(
                row.0, interval(row.1), at: top - 0.4, kind: isDeciding ? "strong" : "")
            plot.line([(low, top - 0.7), (high, top - 0.7)])
            plot.dot(
                row.1.difference, top - 0.7, radius: isDeciding ? 6 : 4,
                title: "\(row.0): \(interval(row.1))")
        }
        plot.axisX(
            Plot.ticks(plot.x, 5).map { ($0, Figures.fixed($0, 1).replacing("-", with: "−")) },
            name: "difference; right of the line, \(better) is better")
        return plot.svg
    }

    /// The same differences as figures.
    func differenceTable(
        _ title: String, _ rows: [(String, PrimaryDifference)], _ names: (String, String)
    ) -> String {
        let columns = [
            Table.Column("", isText: true), Table.Column(names.0), Table.Column(names.1),
            Table.Column("Difference"), Table.Column("95 % interval"),
        ]
        return Table(
            title, columns,
            rows.map { name, primary in
                let ends = [primary.interval.low, primary.interval.high].map {
                    Figures.number($0).replacing("-", with: "−")
                }
                return [Table.Cell(name)]
                    + [primary.reference, primary.challenger, primary.difference].map {
                        Table.Cell.number($0, 2)
                    } + [Table.Cell("\(ends[0]) to \(ends[1])")]
            }
        ).html
    }
}
