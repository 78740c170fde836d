extension ReportPage {
    /// The page: one file that asks for nothing from any network.
    public func html(_ library: ChartLibrary) -> String {
        let sections = self.sections
        let links = sections.map { "<li><a href=\"#\($0.id)\">\($0.short)</a></li>" }
        let bodies = sections.map {
            "<section id=\"\($0.id)\"><h2>\($0.title)</h2>\n\($0.body)\n</section>\n"
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="\(ReportPage.policy)">
            <meta name="referrer" content="no-referrer">
            <title>\(Markup.escaped(report.facts.run)) – Recount</title>
            <style>\(library.style)</style>
            <style>\(ReportPage.embedded(PackageResources.page_css))</style>
            </head>
            <body>
            \(headline)
            <nav aria-label="Sections"><ul>\(links.joined())</ul></nav>
            <main>
            \(bodies.joined())</main>
            <footer>\(footer)</footer>
            <script type="application/json" id="page-data">\(payload)</script>
            <script>\(library.script)</script>
            <script>\(ReportPage.embedded(PackageResources.charts_js))</script>
            <script>\(ReportPage.embedded(PackageResources.trades_js))</script>
            </body>
            </html>

            """
    }

    /// A part of the page under a heading of its own.
    struct Section {
        var id: String
        var short: String
        var title: String
        var body: String
    }

    private var sections: [Section] {
        [
            Section(id: "figures", short: "Figures", title: "Key figures", body: figuresSection),
            Section(
                id: "curves", short: "Value", title: "Value, drawdown, exposure",
                body: curvesSection),
            Section(
                id: "all-figures", short: "All figures", title: "All figures",
                body: allFiguresSection),
            Section(
                id: "tear-sheet", short: "Risk", title: "Risk and returns", body: tearSheetSection),
            Section(id: "months", short: "Months", title: "Returns by month", body: monthsSection),
            Section(id: "loop", short: "The loop", title: "The loop itself", body: loopSection),
            Section(id: "exits", short: "Exits", title: "Exits", body: exitsSection),
            Section(
                id: "champion", short: "Champion", title: "What the champion said",
                body: report.signals.champion.html("By year")),
            Section(
                id: "filings", short: "Filings", title: "Around filings",
                body: eventSection + optionCard),
            Section(
                id: "random", short: "Random tickers", title: "Random tickers", body: nullSection),
            Section(
                id: "costs", short: "Costs and delay", title: "Costs and delay",
                body: costsSection),
            Section(id: "groups", short: "Groups", title: "Results by group", body: groupsSection),
            Section(id: "trades-all", short: "Trades", title: "Trades", body: tradesSection),
            Section(
                id: "settings", short: "Settings", title: "Settings and seals",
                body: settingsSection),
            Section(
                id: "definitions", short: "Definitions", title: "Definitions",
                body: definitionsSection),
        ].filter { !$0.body.isEmpty }
    }

    /// Nothing may be fetched; what the page holds itself may run.
    static let policy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"

    /// A resource's text.
    static func embedded(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    private var footer: String {
        "Made by <code>recount report</code> from the run's own events and its timeline; equal runs "
            + "give equal pages. Charts: dygraphs (MIT licence)."
    }
}
