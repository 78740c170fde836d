import Events

extension ReportPage {
    /// The best and the worst sessions, and the longest streaks of sessions and of trades.
    func extremesCard(_ days: DayMetrics) -> String {
        let columns = [
            Table.Column("Day", isText: true), Table.Column("Return"),
            Table.Column(indexName ?? "Index", "The index in the same session."),
            Table.Column("Exposure before", "Holdings / value at the close before."),
        ]
        func row(_ place: Int) -> [Table.Cell] {
            [
                Table.Cell("\(report.daily[place].day)"), .percent(report.returns[place]),
                .percent(report.daily[place].indexReturn),
                Table.Cell(Figures.percent(place > 0 ? report.daily[place - 1].exposure : 0, 1)),
            ]
        }
        guard !days.best.isEmpty || !days.worst.isEmpty else { return "" }
        return "<div class=\"card\"><h3>Best and worst days</h3>"
            + Table("Best and worst days", columns, (days.best + days.worst.reversed()).map(row))
            .html + "<h3 class=\"next\">Longest streaks</h3>"
            + "<dl class=\"facts\">\(streaks(days))</dl></div>"
    }

    private func streaks(_ days: DayMetrics) -> String {
        func shown(_ streak: DayMetrics.Streak?) -> String {
            guard let streak else { return "none" }
            let places = streak.first..<streak.first + streak.count
            let growth = places.reduce(1.0) { $0 * (1 + report.returns[$1]) } - 1
            return "\(streak.count) sessions, \(report.daily[streak.first].day) to "
                + "\(report.daily[places.upperBound - 1].day): \(Markup.signedPercent(growth))"
        }
        let trades = report.trades
        func tradeStreak(_ outcome: OutcomeClass) -> String {
            var (longest, current, last) = (0, 0, 0)
            for (place, trade) in trades.enumerated() {
                current = trade.outcome == outcome ? current + 1 : 0
                if current > longest { (longest, last) = (current, place) }
            }
            guard longest > 0 else { return "none" }
            return "\(longest) trades, closed \(trades[last - longest + 1].exitDay) to "
                + "\(trades[last].exitDay)"
        }
        return [
            ("Days above 0", shown(days.longestGain)), ("Days below 0", shown(days.longestLoss)),
            ("Wins in a row", tradeStreak(.win)), ("Losses in a row", tradeStreak(.loss)),
        ].map { "<dt>\($0.0)</dt><dd>\(Markup.escaped($0.1))</dd>" }.joined()
    }

    /// How many positions were held, over time.
    var holdingsCard: String {
        let counts = report.daily.map { Double($0.openPositions) }
        let most = counts.max() ?? 0
        guard most > 0 else { return "" }
        let places = Plot.places(counts.count, atMost: 120)
        var (means, highest, lowest): ([(Double, Double)], [(Double, Double)], [(Double, Double)]) =
            ([], [], [])
        for (number, place) in places.enumerated() {
            let end = number + 1 < places.count ? places[number + 1] : counts.count
            let part = Array(counts[place..<end])
            means.append((Double(place), Moments.mean(part) ?? 0))
            highest.append((Double(place), part.max() ?? 0))
            lowest.append((Double(place), part.min() ?? 0))
        }
        var plot = Plot(
            "Positions held, by session", x: 0...Double(max(counts.count - 1, 1)),
            y: 0...(most * 1.05))
        plot.axisY { Figures.fixed($0, 0) }
        plot.band(lowest, highest)
        plot.line(means)
        plot.axisYears(report.daily.map(\.day))
        return "<div class=\"card\"><h3>Positions held <small>line: mean of "
            + "\(places.count > 1 ? places[1] : 1) sessions; area: fewest and most</small></h3>\(plot.svg)</div>"
    }

    /// What was held and traded, by year.
    var yearTableCard: String {
        var years: [(year: Int, first: Int, count: Int)] = []
        for (place, record) in report.daily.enumerated() {
            let year = record.day.civil.year
            if years.last?.year == year {
                years[years.count - 1].count += 1
            } else {
                years.append((year, place, 1))
            }
        }
        let rows = years.map { year, first, count in
            let part = report.daily[first..<first + count]
            let value = Moments.mean(part.map(\.value.dollars)) ?? 0
            let traded = Moments.sum(part.map(\.turnover.dollars))
            return [
                Table.Cell("\(year)"),
                Table.Cell(Figures.number(Moments.mean(part.map { Double($0.openPositions) }), 1)),
                Table.Cell("\(part.map(\.openPositions).max() ?? 0)"),
                Table.Cell(Figures.percent(Moments.mean(part.map(\.exposure)), 1)),
                Table.Cell("\(entries.count { $0.day.civil.year == year })"),
                Table.Cell("\(report.trades.count { $0.exitDay.civil.year == year })"),
                Table.Cell(value > 0 ? "\(Figures.number(traded / value, 1))×" : "n/a"),
            ]
        }
        let columns = [
            Table.Column("Year"), Table.Column("Mean held", "Positions, mean over sessions."),
            Table.Column("Most"), Table.Column("Exposure", "Mean of holdings / value."),
            Table.Column("Bought"), Table.Column("Closed"),
            Table.Column("Turnover", "Dollars bought and sold / mean value."),
        ]
        return "<div class=\"card\"><h3>Holdings by year</h3>"
            + Table("Holdings by year", columns, rows).html + "</div>"
    }
}
