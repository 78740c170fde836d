import Events
import Learning

extension ReportPage {
    /// Tiles with the figures asked for first.
    var figuresSection: String {
        guard !report.daily.isEmpty else { return "<p>There is nothing to report.</p>" }
        return "<dl class=\"tiles\">\(tiles(report.whole).joined())</dl>"
    }

    /// The table of all figures for the window and its halves, and the deepest drawdowns.
    var allFiguresSection: String {
        guard !report.daily.isEmpty else { return "" }
        let whole = report.whole
        let halves = report.halves
        let columns = [
            Table.Column("", isText: true), Table.Column("Whole window"),
            Table.Column("First half", "The first half of the window's sessions."),
            Table.Column("Second half", "The other half."),
        ]
        let rows = (report.returnRows + report.tradeRows).map { name, value in
            [Table.Cell(name)]
                + [whole, halves.first, halves.second].map {
                    Table.Cell(value($0).replacing("-", with: "−"))
                }
        }
        return "<div class=\"card\">" + Table("Key figures", columns, rows).html + "</div>"
            + drawdownCard
    }

    private func tiles(_ whole: BacktestReport.Part) -> [String] {
        let returns = whole.returns
        let index = whole.index
        var tiles = [
            tile(
                "Total return", Markup.signedPercent(returns.totalReturn),
                "a year " + Markup.signedPercent(returns.annualReturn), returns.totalReturn),
            tile(
                indexName ?? "Index", Markup.signedPercent(index.index.totalReturn),
                "a year " + Markup.signedPercent(index.index.annualReturn)),
            tile(
                "Excess at equal exposure", Markup.signedPercent(index.equalExposureAnnual),
                "a year; information ratio "
                    + plain(Figures.number(index.equalExposureInformationRatio)),
                index.equalExposureAnnual),
            tile(
                "Sharpe ratio",
                whole.scarcity.map { "n/a: \($0)" } ?? plain(Figures.number(returns.sharpe)),
                "Sortino " + plain(Figures.number(returns.sortino))),
            tile(
                "Maximum drawdown", plain(Figures.percent(returns.maximumDrawdown)),
                "index " + plain(Figures.percent(index.index.maximumDrawdown))),
            tile(
                "Mean exposure", Figures.percent(whole.meanExposure, 1),
                "turnover \(Figures.number(whole.annualTurnover, 1))× a year"),
        ]
        tiles += [
            tile(
                "Closed trades", Figures.count(whole.trades.count),
                "\(report.open.count) positions open"),
            tile(
                "Win rate", Figures.percent(whole.trades.winRate, 1),
                "net above .5 %; above 0 \(Figures.percent(whole.trades.shareAboveZero, 1)); "
                    + "profit factor " + plain(Figures.number(whole.trades.profitFactor))),
            tile(
                "Mean return a trade", Markup.signedPercent(whole.trades.expectancy),
                "over the index " + Markup.signedPercent(whole.trades.averageExcess),
                whole.trades.expectancy),
            withoutBestTile,
        ]
        return tiles
    }

    private var withoutBestTile: String {
        let best = report.withoutBestHoldings
        return tile(
            "Without the best five", Markup.signedPercent(best.totalReturn),
            "total return less the profit of "
                + best.tickers.map { "\($0)" }.joined(separator: ", "),
            best.totalReturn)
    }

    private func tile(_ name: String, _ value: String, _ more: String, _ tone: Double? = nil)
        -> String
    {
        let definition = Definitions.text(of: name).map { " title=\"\(Markup.escaped($0))\"" } ?? ""
        return "<div class=\"tile\"\(definition)><dt>\(Markup.escaped(name))</dt>"
            + "<dd class=\"\(Markup.tone(tone))\">\(Markup.escaped(value))"
            + "<small class=\"muted\">\(Markup.escaped(more))</small></dd></div>"
    }

    private func plain(_ text: String) -> String { text.replacing("-", with: "−") }

    private var drawdownCard: String {
        let all = Drawdown.all(in: report.daily, from: report.facts.startingValue)
        guard !all.isEmpty else { return "" }
        let rows = Drawdown.deepest(5, of: all).map { drawdown in
            [
                Table.Cell(drawdown.peak.map { "\($0)" } ?? "start"),
                Table.Cell.percent(drawdown.depth), Table.Cell("\(drawdown.trough)"),
                Table.Cell(drawdown.recovery.map { "\($0)" } ?? "not yet"),
                Table.Cell(Figures.count(drawdown.sessions)),
            ]
        }
        let columns = [
            Table.Column("High", "The last session at the high.", isText: true),
            Table.Column("Depth", "Lowest value / high − 1."), Table.Column("Lowest"),
            Table.Column("Recovered", "The first session at or above the high again."),
            Table.Column("Sessions", "Sessions below the high."),
        ]
        return "<div class=\"card\"><h3>Deepest drawdowns</h3>"
            + Table("Deepest drawdowns", columns, rows).html + "</div>"
    }
}
