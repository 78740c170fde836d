import Events
import Learning

extension ComparePage {
    /// The comparison as one page: a file that asks for nothing from any network and runs nothing.
    public func html() -> String {
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
            <meta http-equiv="Content-Security-Policy" content="\(ComparePage.policy)">
            <meta name="referrer" content="no-referrer">
            <title>\(Markup.escaped(title)) – Recount</title>
            <style>\(String(decoding: PackageResources.page_css, as: UTF8.self))</style>
            </head>
            <body>
            \(headline(title))
            <nav aria-label="Sections"><ul>\(links.joined())</ul></nav>
            <main>
            \(bodies.joined())</main>
            <footer>Made by <code>recount compare</code>; equal comparisons give equal pages.</footer>
            </body>
            </html>

            """
    }

    private static let policy = "default-src 'none'; style-src 'unsafe-inline'"

    private var sections: [(id: String, title: String, body: String)] {
        [
            ("metric", "Primary metric", contests.map(metricCard).joined()),
            ("value", "Value", valueSection),
            ("secondary", "Secondary figures", contests.map(secondaryCard).joined()),
            ("champions", "What the champions said", championsSection),
            ("assumptions", "Other assumptions", assumptionsSection),
            ("ablation", "Each fix alone", ablationSection),
            ("control", "Control", controlSection),
            (
                "criteria", "Success criteria",
                sides.map { $0.run.report.criteria?.html($0.name) ?? "" }.joined()
            ),
            ("cycles", "Retraining cycles", sides.map(cyclesCard).joined()),
            ("trials", "Trials", trialsSection),
        ]
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
                    "<li class=\"note\">Hindsight facts used: "
                        + "\(Markup.escaped(hindsight.joined(separator: ", ")))</li>"
                ])
        return """
            <header><h1>\(Markup.escaped(title))</h1><p class="lead">\(Markup.escaped(window))</p>
            <ul class="warnings">\(warnings.joined())</ul>
            <dl class="tiles">\(contests.map(tile).joined())</dl></header>
            """
    }

    private func tile(_ contest: Contest) -> String {
        let comparison = contest.comparison
        let names =
            "\(comparison.challenger.facts.run) against \(comparison.reference.facts.run)"
        let tone =
            switch comparison.verdict {
            case .shown: " class=\"up\""
            case .worse: " class=\"down\""
            case .notShown, .insufficient: ""
            }
        let detail =
            comparison.primary.map { "difference \(interval($0))" }
            ?? (comparison.measuredSessions > 0 ? missing(comparison) : "no index is known")
        return "<div class=\"tile\"><dt>\(Markup.escaped(names))</dt>"
            + "<dd\(tone)>\(comparison.verdict.rawValue)"
            + "<small class=\"muted\">\(Markup.escaped(detail))</small></dd></div>"
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
        var rows: [(String, PrimaryDifference)] = [
            ("whole window, mean block \(primary.meanBlock)", primary)
        ]
        rows += comparison.sensitivity.map { ("mean block \($0.meanBlock)", $0) }
        if let half = contest.halves.first { rows.append(("first half", half)) }
        if let half = contest.halves.second { rows.append(("second half", half)) }
        let title =
            "\(comparison.challenger.facts.run) against \(comparison.reference.facts.run): "
            + comparison.verdict.rawValue
        return "<h3>\(Markup.escaped(title))</h3>"
            + "<p>Difference of the annualised information ratio of the return less the index at "
            + "equal exposure, net of costs, with 95 % intervals by paired stationary bootstrap, "
            + "\(Figures.count(primary.draws)) draws. The first row alone decides.</p>"
            + (contest.seeds.map {
                "<p>\(Markup.escaped("Verdicts " + Self.text($0).replacing("-", with: "−"))).</p>"
            } ?? "")
            + beside(forest(title, rows, decidingRow: 0), differenceTable(title, rows))
    }

    /// A chart and its table, beside each other where there is room.
    func beside(_ chart: String, _ table: String) -> String {
        "<div class=\"grid\"><div class=\"card\">\(chart)</div><div class=\"card\">\(table)</div></div>"
    }

    /// Differences as dots on their intervals, zero marked, the row that decides larger.
    func forest(
        _ title: String, _ rows: [(String, PrimaryDifference)], decidingRow: Int? = nil
    ) -> String {
        let ends = rows.flatMap { [$0.1.interval.low, $0.1.interval.high] }
        let count = Double(rows.count)
        var plot = Plot(title, x: Plot.range(ends), y: 0...count)
        for (place, row) in rows.enumerated() {
            let height = count - Double(place) - 0.5
            let (low, high) = (row.1.interval.low, row.1.interval.high)
            plot.line([(low, height), (high, height)])
            plot.dot(
                row.1.difference, height, radius: place == decidingRow ? 6 : 4,
                title: "\(row.0): \(interval(row.1))")
        }
        plot.mark(0, "")
        plot.axisX(
            Plot.ticks(plot.x, 5).map { ($0, Figures.fixed($0, 1).replacing("-", with: "−")) },
            name: "difference, rows as in the table")
        return plot.svg
    }

    /// The same differences as figures.
    func differenceTable(_ title: String, _ rows: [(String, PrimaryDifference)]) -> String {
        let columns = [
            Table.Column("", isText: true), Table.Column(sidesTitle.0),
            Table.Column(sidesTitle.1), Table.Column("Difference"), Table.Column("95 % from"),
            Table.Column("to"),
        ]
        return Table(
            title, columns,
            rows.map { name, primary in
                [Table.Cell(name)]
                    + [
                        primary.reference, primary.challenger, primary.difference,
                        primary.interval.low, primary.interval.high,
                    ].map { Table.Cell.number($0, 2) }
            }
        ).html
    }

    private var sidesTitle: (String, String) { ("Reference", "Challenger") }
}
