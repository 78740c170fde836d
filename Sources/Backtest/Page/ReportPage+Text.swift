import Events

extension ReportPage {
    /// The report as text, with what its decisions come to at other costs and what waiting costs.
    public func text() -> String {
        let sections = [
            Yardstick.table(report.facts.run, report, yardsticks),
            table("Costs: the same decisions at other slippage a side", costs.costs) {
                ReportPage.points($0)
            } + costs.sentences.map { "  \($0)" },
            waiting, FiledOption.table(options, atMost: 10),
            table("Decided anew: slippage a side", variants.costs) { ReportPage.points($0) },
            table("Decided anew: filings used later", variants.delays) {
                $0 == 1 ? "1 day" : "\(Figures.fixed($0, 0)) days"
            },
        ].filter { !$0.isEmpty }
        return report.text() + sections.flatMap { [""] + $0 }.map { "\($0)\n" }.joined()
    }

    private var waiting: [String] {
        guard !delay.points.isEmpty else { return [] }
        let title =
            "Waiting: mean excess of \(Figures.count(delay.entries)) entries to the close of the "
            + "\(DelayStudy.horizon)th session after the fill"
        return [title]
            + delay.points.map { point in
                ReportPage.row(
                    "bought \(DelayStudy.name(point.sessions))",
                    [
                        Figures.percent(point.meanExcess),
                        "± \(Figures.percent(point.standardError))",
                    ])
            }
    }

    private func table(
        _ title: String, _ variants: [Variant], _ name: (Double) -> String
    ) -> [String] {
        guard variants.count > 1 else { return [] }
        let head = ReportPage.row(
            "", ["total return", "Sharpe ratio", "excess, equal exposure", "excess a trade"])
        return [title, head]
            + variants.map { variant in
                ReportPage.row(
                    name(variant.value) + (variant.isOwn ? " (this run)" : ""),
                    [
                        Figures.percent(variant.totalReturn), Figures.number(variant.sharpe),
                        Figures.percent(variant.equalExposure),
                        Figures.percent(variant.meanExcess),
                    ])
            }
    }

    private static func points(_ value: Double) -> String {
        "\(Figures.fixed(value, value == value.rounded() ? 0 : 1)) bp"
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        "  " + Figures.left(name, 26) + cells.map { Figures.right($0, 23) }.joined()
    }
}
