import Events

extension ReportPage {
    /// Random tickers with the same exits.
    var nullSection: String {
        guard let null else {
            return entries.isEmpty
                ? ""
                : "<p>No entry was filled at an open and could be simulated: there is no band.</p>"
        }
        let verdict =
            null.leftOut > 0
            ? " \(Figures.count(null.leftOut)) entries are left out: they were not filled at an "
                + "open, or have no bars before it." : ""
        var cards = [
            nullCard("Profit of all entries", null.profit) { Markup.dollars($0, signed: true) }
        ]
        if let excess = null.meanExcess {
            cards.append(
                nullCard("Mean excess over the index a trade", excess) { Markup.signedPercent($0) })
        }
        return """
            <p>\(Figures.count(NullBand.draws)) times, each of the run's \
            \(Figures.count(null.entries)) entries gets a random ticker instead: the same session, the \
            same dollars, the same exit rules and costs. The run's own entries are traded by the same \
            simulator, without opposite signals.\(verdict) p is the share of draws, the run counted \
            among them, that did at least as well.</p>
            <div class="grid">\(cards.joined())</div>
            """
    }

    private func nullCard(
        _ title: String, _ figure: NullBand.Figure, _ format: (Double) -> String
    ) -> String {
        let low = min(figure.drawn.first ?? 0, figure.observed)
        let high = max(figure.drawn.last ?? 0, figure.observed)
        let width = high > low ? (high - low) / 30 : 1
        var counts = Array(repeating: 0, count: 30)
        for value in figure.drawn {
            counts[min(29, max(0, Int(capped: (value - low) / width)))] += 1
        }
        var plot = Plot(
            "\(title): the run against random tickers", x: low...(low + 30 * width),
            y: 0...(Double(counts.max() ?? 1) * 1.25))
        plot.axisY { Figures.count(Int(capped: $0)) }
        for (number, count) in counts.enumerated() where count > 0 {
            let from = low + Double(number) * width
            plot.bar(
                from, from + width, top: Double(count),
                title: "\(format(from)) to \(format(from + width)): \(count) draws")
        }
        plot.mark(figure.observed, "this run \(format(figure.observed))")
        plot.axisX(
            Plot.ticks(plot.x, 4).map { ($0, format($0)) }, name: "draws of random tickers")
        let rows = [
            ("This run", format(figure.observed)),
            (
                "Draws: 5%, median, 95%",
                [0.05, 0.5, 0.95].map { format(figure.quantile($0)) }
                    .joined(separator: ", ")
            ),
            ("p, one-sided", Figures.fixed(figure.pValue, 3)),
        ]
        let list = rows.map { "<dt>\($0.0)</dt><dd>\(Markup.escaped($0.1))</dd>" }
        return "<div class=\"card\"><h3>\(title)</h3>\(plot.svg)"
            + "<dl class=\"facts\">\(list.joined())</dl></div>"
    }

    /// The run's decisions at other costs, what waiting costs, and the run decided anew.
    var costsSection: String {
        let priced = variantCard("Same decisions, other costs", "basis points a side", costs.costs)
        {
            "\(Figures.fixed($0, $0 == $0.rounded() ? 0 : 1)) bp"
        }
        let replayed = [
            variantCard("Decided anew: slippage a side", "basis points", variants.costs) {
                "\(Figures.fixed($0, $0 == $0.rounded() ? 0 : 1)) bp"
            },
            variantCard(
                "Decided anew: publication delay", "days after a filing became known",
                variants.delays
            ) {
                $0 == 1 ? "1 day" : "\(Figures.fixed($0, 0)) days"
            },
        ].compactMap(\.self)
        let cards = [priced, delayCard].compactMap(\.self)
        guard !cards.isEmpty || !replayed.isEmpty else { return "" }
        let anew =
            replayed.isEmpty
            ? "" : "<p>\(CostText.replayed)</p><div class=\"grid\">\(replayed.joined())</div>"
        let sentences = ([CostText.priced] + costs.sentences).map(Markup.escaped)
        return "<p>\(sentences.joined(separator: " "))</p>"
            + "<div class=\"grid\">\(cards.joined())</div>\(anew)"
    }

    private var delayCard: String? {
        guard !delay.points.isEmpty else { return nil }
        let rows = delay.points.map { point in
            [
                Table.Cell(DelayStudy.name(point.sessions)), Table.Cell.percent(point.meanExcess),
                Table.Cell("± \(Figures.percent(point.standardError))"),
            ]
        }
        let columns = [
            Table.Column("Bought", isText: true),
            Table.Column("Mean excess", Definitions.text(of: "Waiting") ?? ""),
            Table.Column("Standard error", "Clustered by the month of the fill."),
        ]
        return "<div class=\"card\"><h3>Waiting <small>\(Figures.count(delay.entries)) entries, to "
            + "the close of the \(DelayStudy.horizon)th session</small></h3>"
            + Table("Waiting", columns, rows).html + "</div>"
    }

    private func variantCard(
        _ title: String, _ unit: String, _ variants: [Variant], _ format: (Double) -> String
    ) -> String? {
        let known = variants.compactMap { variant in
            variant.totalReturn.map { (variant.value, $0) }
        }
        guard variants.count > 1, let last = variants.last?.value else { return nil }
        var plot = Plot(
            "\(title): total return", x: 0...(last * 1.05), y: Plot.range(known.map(\.1)))
        plot.axisY { Markup.signedPercent($0, 0) }
        plot.line(known)
        for variant in variants {
            guard let value = variant.totalReturn else { continue }
            plot.dot(
                variant.value, value, radius: variant.isOwn ? 6 : 4,
                title: "\(format(variant.value)): \(Markup.signedPercent(value))")
        }
        plot.axisX(variants.map { ($0.value, Figures.fixed($0.value, 0)) }, name: unit)
        let rows = variants.map { variant in
            [
                Table.Cell(format(variant.value) + (variant.isOwn ? " (this run)" : "")),
                Table.Cell.percent(variant.totalReturn), Table.Cell.number(variant.sharpe, 2),
                Table.Cell.percent(variant.equalExposure),
                Table.Cell(Figures.count(variant.trades)),
                Table.Cell.percent(variant.meanExcess),
            ]
        }
        let columns = [
            Table.Column("", isText: true), Table.Column("Total return"),
            Table.Column("Sharpe", Definitions.text(of: "Sharpe ratio") ?? ""),
            Table.Column(
                "Excess, eq. exp.", Definitions.text(of: "Excess at equal exposure") ?? ""),
            Table.Column("Trades"),
            Table.Column("Excess a trade", Definitions.text(of: "Excess") ?? ""),
        ]
        return "<div class=\"card\"><h3>\(title) <small>total return</small></h3>\(plot.svg)"
            + Table(title, columns, rows).html + "</div>"
    }
}
