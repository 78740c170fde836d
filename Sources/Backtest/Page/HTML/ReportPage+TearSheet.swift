import Events

extension ReportPage {
    /// Years, rolling figures, the distribution of days, the extremes, streaks and holdings.
    var tearSheetSection: String {
        let daily = report.daily
        guard daily.count > 1 else { return "" }
        let rolling = RollingMetrics(report.returns, index: daily.map(\.indexReturn))
        let days = DayMetrics(report.returns)
        return """
            <div class="grid">\(yearsCard)\(rollingCards(rolling).joined())</div>
            <div class="grid">\(distributionCard(days))\(extremesCard(days))</div>
            <div class="grid">\(holdingsCard)\(yearTableCard)</div>
            \(trailingCard)
            """
    }

    /// The latest months and years, beside the index.
    private var trailingCard: String {
        let spans = TrailingSpan.all(report.daily.map(\.day))
        guard !spans.isEmpty else { return "" }
        let own = report.returns
        let matched = matchedReturns
        let rows = spans.map { span in
            let places = span.first..<own.count
            func growth(_ change: (Int) -> Double) -> Double {
                places.reduce(1.0) { $0 * (1 + change($1)) } - 1
            }
            return [
                Table.Cell(span.name), Table.Cell("\(report.daily[span.first].day)"),
                .percent(growth { own[$0] }),
                .percent(matched.map { matched in growth { matched[$0] } }),
                .percent(
                    matched.map { _ in growth { report.daily[$0].indexReturn ?? 0 } }),
            ]
        }
        let name = indexName ?? "Index"
        let columns = [
            Table.Column("To \(report.daily[own.count - 1].day)", isText: true),
            Table.Column("First session"), Table.Column("Strategy"),
            Table.Column(
                "\(name) at equal exposure",
                Definitions.text(of: "Index at equal exposure") ?? ""), Table.Column(name),
        ]
        return "<div class=\"card next\"><h3>Latest months and years <small>total returns, not a "
            + "year</small></h3>" + Table("Latest months and years", columns, rows).html + "</div>"
    }

    /// The index with the exposure of the strategy, by year; empty without an index.
    private var matchedYears: [(year: Int, total: Double)] {
        guard let matched = matchedReturns else { return [] }
        var years: [(year: Int, total: Double)] = []
        for (record, change) in zip(report.daily, matched) {
            let year = record.day.civil.year
            if years.last?.year != year { years.append((year, 0)) }
            years[years.count - 1].total = (1 + years[years.count - 1].total) * (1 + change) - 1
        }
        return years
    }

    /// Returns of the index with the exposure that the strategy had before each session; nil
    /// without an index.
    private var matchedReturns: [Double]? {
        guard report.daily.contains(where: { $0.indexReturn != nil }) else { return nil }
        var held = 0.0
        return report.daily.map { record in
            defer { held = record.exposure }
            return (record.indexReturn ?? 0) * held
        }
    }

    private var yearsCard: String {
        let own = report.calendar
        guard own.count > 1 else { return "" }
        let matched = matchedYears
        var plot = Plot(
            "Return by year", x: 0...Double(max(own.count, 1)),
            y: Plot.range(own.map(\.total) + matched.map(\.total)))
        let decimals = Plot.decimals(plot.y)
        plot.axisY { Markup.signedPercent($0, decimals) }
        for (place, year) in own.enumerated() {
            let left = Double(place)
            plot.bar(
                left + 0.1, left + (matched.isEmpty ? 0.9 : 0.5), top: year.total,
                title: "\(year.year): \(Markup.signedPercent(year.total))")
            guard let market = matched.first(where: { $0.year == year.year })?.total else {
                continue
            }
            plot.bar(
                left + 0.5, left + 0.9, top: market, kind: "s2",
                title: "\(year.year), \(indexName ?? "index") at equal exposure: "
                    + Markup.signedPercent(market))
        }
        let step = max(1, (own.count + 5) / 6)
        plot.axisX(
            own.enumerated().filter { $0.offset % step == 0 }.map {
                (Double($0.offset) + 0.5, "\($0.element.year)")
            }, name: "")
        let key =
            [("s0", "Strategy")]
            + (matched.isEmpty ? [] : [("s2", "\(indexName ?? "Index") at equal exposure")])
        return "<div class=\"card\"><h3>Years</h3>\(plot.svg)\(Key.html(key))</div>"
    }

    private func rollingCards(_ rolling: RollingMetrics) -> [String] {
        let whole = report.whole
        return [
            rollingCard("Rolling Sharpe ratio", rolling.sharpe, whole.returns.sharpe) {
                Figures.fixed($0, 1).replacing("-", with: "−")
            },
            rollingCard("Rolling volatility", rolling.volatility, whole.returns.volatility) {
                Figures.percent($0, 1)
            },
            rollingCard("Rolling beta", rolling.beta, whole.index.beta) {
                Figures.fixed($0, 2).replacing("-", with: "−")
            },
        ].compactMap(\.self)
    }

    private func rollingCard(
        _ title: String, _ values: [Double?], _ whole: Double?, _ format: (Double) -> String
    ) -> String? {
        let known = values.compactMap(\.self) + (whole.map { [$0] } ?? [])
        guard values.contains(where: { $0 != nil }) else { return nil }
        var plot = Plot(
            "\(title) of \(RollingMetrics.sessions) sessions", x: 0...Double(values.count - 1),
            y: Plot.range(known))
        plot.axisY(format)
        plot.line(values, at: Plot.places(values.count))
        if let whole {
            plot.line([(0, whole), (Double(values.count - 1), whole)], kind: "dash")
        }
        plot.axisYears(report.daily.map(\.day))
        let definition = Markup.escaped(Definitions.text(of: title) ?? "")
        return "<div class=\"card\"><h3 title=\"\(definition)\">\(title) "
            + "<small>half a year; dashed: all \(whole.map { format($0) } ?? "n/a")</small></h3>"
            + "\(plot.svg)</div>"
    }

    private func distributionCard(_ days: DayMetrics) -> String {
        let moved = report.returns.filter { $0 != 0 }
        guard moved.count > 1 else { return "" }
        return "<div class=\"card\"><h3>Daily returns <small>"
            + "\(Figures.count(report.returns.count - moved.count)) sessions without any change "
            + "are left out of the bars</small></h3>\(distributionPlot(moved, days))"
            + "<dl class=\"facts\">\(distributionFacts(days))</dl></div>"
    }

    private func distributionPlot(_ moved: [Double], _ days: DayMetrics) -> String {
        let sizes = moved.map(\.magnitude).sorted()
        // The ends are open: one extreme day would leave the rest in two bars.
        let edge = max(
            sizes[min(sizes.count - 1, sizes.count * 99 / 100)],
            days.conditionalValueAtRisk?.magnitude ?? 0, 1e-6)
        let half = 15
        let width = edge / Double(half)
        var counts = Array(repeating: 0, count: 2 * half)
        for value in moved {
            let bin = (value / width).rounded(.down)
            counts[min(2 * half - 1, max(0, Int(capped: bin) + half))] += 1
        }
        var plot = Plot(
            "Daily returns: sessions by size", x: -edge...edge,
            y: 0...(Double(counts.max() ?? 1) * 1.3))
        plot.axisY { Figures.count(Int(capped: $0)) }
        for (place, count) in counts.enumerated() where count > 0 {
            let from = Double(place - half) * width
            plot.bar(
                from, from + width, top: Double(count), kind: from < 0 ? "down" : "up",
                title: "\(ReportPage.bin(place, of: 2 * half, from, from + width)): "
                    + "\(count) sessions")
        }
        if let risk = days.valueAtRisk { plot.mark(risk, "VaR", row: 0) }
        if let mean = days.conditionalValueAtRisk { plot.mark(mean, "CVaR", row: 1) }
        plot.axisX(
            Plot.ticks(plot.x, 5).map { ($0, Markup.signedPercent($0, Plot.decimals(plot.x))) },
            name: "return of a session")
        return plot.svg
    }

    /// A bin in words; the first and the last are open.
    private static func bin(_ place: Int, of count: Int, _ from: Double, _ to: Double) -> String {
        if place == 0 { return "below \(Markup.signedPercent(to))" }
        if place == count - 1 { return "\(Markup.signedPercent(from)) and above" }
        return "\(Markup.signedPercent(from)) to \(Markup.signedPercent(to))"
    }

    private func distributionFacts(_ days: DayMetrics) -> String {
        let returns = report.whole.returns
        let months = report.calendar.flatMap { $0.months.compactMap(\.self) }
        let movedMonths = months.filter { $0 != 0 }
        let rows: [(String, String)] = [
            (
                "VaR, CVaR (5 %)",
                "\(Markup.signedPercent(days.valueAtRisk)), "
                    + Markup.signedPercent(days.conditionalValueAtRisk)
            ),
            (
                "Skew, excess kurtosis",
                "\(Figures.number(returns.skewness)), \(Figures.number(returns.kurtosis))"
                    .replacing("-", with: "−")
            ),
            ("Days above 0", Figures.percent(days.shareAboveZero, 1) + " of those that moved"),
            (
                "Months above 0",
                movedMonths.isEmpty
                    ? "n/a"
                    : "\(movedMonths.count { $0 > 0 }) of \(movedMonths.count) that moved; best "
                        + "\(Markup.signedPercent(months.max())), worst "
                        + Markup.signedPercent(months.min())
            ),
        ]
        return rows.map { name, value in
            let definition = Markup.escaped(Definitions.text(of: name) ?? "")
            return "<dt title=\"\(definition)\">\(Markup.escaped(name))</dt>"
                + "<dd>\(Markup.escaped(value))</dd>"
        }.joined()
    }
}
