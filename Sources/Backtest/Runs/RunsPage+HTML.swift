import Events

extension RunsPage {
    /// The page: one file that asks for nothing from any network. `title` names the folder.
    public func html(_ library: ChartLibrary, title: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="\(ReportPage.policy)">
        <meta name="referrer" content="no-referrer">
        <title>\(Markup.escaped("Runs of \(title)")) – Recount</title>
        <style>\(library.style)</style>
        <style>\(ReportPage.embedded(PackageResources.page_css))</style>
        </head>
        <body>
        <header><h1>\(Markup.escaped("Runs of \(title)"))</h1>
        <p class="lead">\(Markup.escaped(lead))</p>
        </header>
        <main>
        <section id="runs">\(runsCard)</section>
        <section id="curves"><h2>Beside each other</h2>\(curvesCard)
        <div class="card" id="side-by-side" hidden></div></section>
        </main>
        <footer>Made by <code>recount runs</code> from each run's own events; equal folders give \
        equal pages. Charts: dygraphs (MIT licence).</footer>
        <script type="application/json" id="page-data">\(payload)</script>
        <script>\(library.script)</script>
        <script>\(ReportPage.embedded(PackageResources.charts_js))</script>
        <script>\(ReportPage.embedded(PackageResources.runs_js))</script>
        </body>
        </html>

        """
    }

    private var lead: String {
        runs.isEmpty
            ? "There is no run; recount backtest --strategy feedback --run first makes one."
            : RunsPage.caution(runs.count)
    }

    /// Runs that are drawn before anyone ticks one: the first by name, and not the best.
    static let drawnFirst = 4

    /// The runs that have a curve.
    private var drawn: [RunSummary] { runs.filter { $0.report?.daily.count ?? 0 > 1 } }

    private var runsCard: String {
        guard !runs.isEmpty else { return "" }
        let heads = [
            ("Run", "text", ""), ("Strategy", "text", ""), ("Kind", "text", ""),
            ("From", "text", ""), ("To", "text", ""),
        ]
        let figures = runs[0].figures.map {
            ($0.title, "", Definitions.text(of: $0.title) ?? "")
        }
        let cells = (heads + figures).map { title, kind, definition in
            "<th scope=\"col\"\(kind.isEmpty ? "" : " class=\"\(kind)\"")"
                + (definition.isEmpty ? "" : " title=\"\(Markup.escaped(definition))\"")
                + ">\(Markup.escaped(title))</th>"
        }
        var lines = 0
        let rows = runs.map { run in
            var line: Int?
            if run.report?.daily.count ?? 0 > 1 {
                line = lines
                lines += 1
            }
            return row(run, line: line, columns: heads.count + figures.count)
        }
        return """
            <div class="card">
            <div class="controls"><label for="runs-search" class="hidden">Search runs</label>
            <input type="search" id="runs-search" placeholder="Run, strategy, kind …" hidden>
            <span id="runs-count" role="status" class="muted"></span></div>
            <div class="scroll" tabindex="0" role="region" aria-label="Runs"><table id="runs-table">
            <caption class="hidden">Runs</caption>
            <thead><tr>\(cells.joined())</tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody>
            </table></div></div>
            """
    }

    private func row(_ run: RunSummary, line: Int?, columns: Int) -> String {
        let warnings = run.report?.warnings ?? []
        let mark =
            warnings.isEmpty
            ? ""
            : " <small class=\"warned\" title=\"\(Markup.escaped(warnings.joined(separator: "; ")))\">"
                + "\(warnings.count) warning\(warnings.count == 1 ? "" : "s")</small>"
        let name = Markup.escaped(run.name)
        let tick = line.map { number in
            "<label><input type=\"checkbox\" data-line=\"\(number)\""
                + (number < RunsPage.drawnFirst ? " checked" : "")
                + " aria-label=\"Draw \(name)\" hidden><i style=\"background:var(--s"
                + "\(number % CurveData.colors))\"></i></label>"
        }
        let head =
            "<tr><th scope=\"row\" class=\"text\" data-value=\"\(name)\">\(tick ?? "")\(name)\(mark)</th>"
        if let problem = run.problem {
            return head + "<td class=\"text\">\(Markup.escaped(run.strategy))</td>"
                + "<td class=\"text\">\(Markup.escaped(run.kind))</td>"
                + "<td class=\"text down\" colspan=\"\(columns - 3)\">\(Markup.escaped(problem))</td></tr>"
        }
        let days = [run.report?.daily.first?.day, run.report?.daily.last?.day]
        let texts = [run.strategy, run.kind] + days.map { $0.map { "\($0)" } ?? "" }
        let figures = run.figures.map { figure in
            let tone =
                figure.style == .signedPercent
                ? Markup.tone(figure.value, from: Markup.smallestShown(4)) : ""
            return "<td\(tone.isEmpty ? "" : " class=\"\(tone)\"") "
                + "data-value=\"\(figure.value.map { "\($0)" } ?? "")\">"
                + "\(Markup.escaped(figure.text))</td>"
        }
        return head + texts.map { "<td class=\"text\">\(Markup.escaped($0))</td>" }.joined()
            + figures.joined() + "</tr>"
    }

    private var curvesCard: String {
        guard !drawn.isEmpty else { return "<p>No run has two sessions or more.</p>" }
        func chart(_ id: String, _ title: String, _ what: String) -> String {
            "<div class=\"chart-head\"><h3>\(title) <small>\(what)</small></h3></div>"
                + "<div class=\"legend\" id=\"\(id)-legend\"></div><div class=\"chart\" id=\"\(id)\" "
                + "tabindex=\"0\" role=\"region\" aria-label=\"\(title) by session\"></div>"
        }
        return """
            <div class="card"><div id="curves-live" hidden>
            \(chart("excess-chart", "Excess", "over the index at equal exposure, compounded; start = 1"))
            \(chart("value-chart", "Value", "start = 1, net of costs"))
            <p><small>The runs that are ticked above. Drag over a chart to zoom both, double-click to \
            show all. A point is one session in five.</small></p></div>
            <noscript><p>The curves need JavaScript; recount report --run NAME --html FILE draws \
            one run without.</p></noscript></div>
            """
    }
}
