import Events

extension ReportPage {
    /// Results by filer, sector and so on.
    var groupsSection: String {
        guard !report.trades.isEmpty else { return "" }
        let cards = groups.map { card($0) }
        return "<p>\(Markup.escaped(Definitions.text(of: "Attribution") ?? ""))</p>"
            + "<div class=\"stack groups\">\(cards.joined())</div>"
    }

    private static let shownGroups = 12

    private func card(_ attribution: Attribution) -> String {
        let shown = attribution.groups.prefix(ReportPage.shownGroups)
        let rest = attribution.groups.dropFirst(ReportPage.shownGroups)
        var text = "<div class=\"card\"><h3>\(Markup.escaped(attribution.title))</h3>"
        text += table(attribution, Array(shown))
        if !rest.isEmpty {
            text +=
                "<details><summary>\(rest.count) more with fewer trades</summary>"
                + table(attribution, Array(rest)) + "</details>"
        }
        return text + "</div>"
    }

    private func table(_ attribution: Attribution, _ groups: [Attribution.Group]) -> String {
        let title = attribution.title
        let rows = groups.map { group in
            let (all, rest) = (group.all, group.withoutBest)
            return [
                Table.Cell(group.name),
                Table.Cell(
                    attribution.isSplit
                        ? Figures.fixed(all.trades, 1)
                        : Figures.count(Int(capped: all.trades.rounded()))),
                Table.Cell(Figures.percent(all.winRate, 1)), .percent(all.meanReturn),
                .percent(all.meanExcess), .dollars(all.profit),
                .percent(rest.meanReturn), .percent(rest.meanExcess),
                rest.meanReturn == nil ? Table.Cell("n/a") : .dollars(rest.profit),
            ]
        }
        let without = "Without the five parts of the group that earned most."
        let columns = [
            Table.Column(title, isText: true),
            Table.Column("Trades", "Closed trades, parts of a trade counted by their share."),
            Table.Column("Net win rate", Definitions.text(of: "Win rate") ?? ""),
            Table.Column("Mean return", "Mean net return, weighted by share."),
            Table.Column("Mean excess", Definitions.text(of: "Excess") ?? ""),
            Table.Column("Profit", "Dollars, by share."),
            Table.Column("Return less top 5", without),
            Table.Column("Excess less top 5", without),
            Table.Column("Profit less top 5", without),
        ]
        return Table(title, columns, rows).html
    }
}
