import Events
import Learning
import Pipeline

extension ComparePage {
    /// Permuted worlds beside the true one.
    var controlSection: String {
        var tests: [(String, ControlTest)] = sides.compactMap { side in
            side.control.map { (side.name, $0) }
        }
        tests += contests.compactMap { contest in
            let comparison = contest.comparison
            let name = "\(comparison.challenger.facts.run) less \(comparison.reference.facts.run)"
            return contest.control.map { (name, $0) }
        }
        guard !tests.isEmpty else { return "" }
        let moved = movable.map {
            " \(Figures.count($0.filings)) of \(Figures.count($0.of)) filings stand in a group of "
                + "two tickers or more."
        }
        return "<p>Does the gain come from the filings at all? Tickers are permuted among the "
            + "filings of a week and sector.\(moved ?? "")</p><div class=\"grid\">"
            + tests.map(controlCard).joined() + "</div>"
    }

    private func controlCard(_ name: String, _ test: ControlTest) -> String {
        let sorted = test.permuted.sorted()
        let low = min(sorted.first ?? 0, test.observed)
        let high = max(sorted.last ?? 0, test.observed)
        let bins = 24
        let width = high > low ? (high - low) / Double(bins) : 1
        var counts = Array(repeating: 0, count: bins)
        for value in sorted {
            counts[min(bins - 1, max(0, Int(capped: (value - low) / width)))] += 1
        }
        var plot = Plot(
            "\(name) among permuted worlds", x: low...(low + Double(bins) * width),
            y: 0...(Double(counts.max() ?? 1) * 1.25))
        plot.axisY { Figures.count(Int(capped: $0)) }
        for (bin, count) in counts.enumerated() where count > 0 {
            let from = low + Double(bin) * width
            plot.bar(
                from, from + width, top: Double(count),
                title: "\(Figures.number(from)) to \(Figures.number(from + width)): \(count)")
        }
        plot.mark(test.observed, "true world \(Figures.number(test.observed))")
        plot.axisX(
            Plot.ticks(plot.x, 4).map { ($0, Figures.fixed($0, 1).replacing("-", with: "−")) },
            name: "information ratio at equal exposure")
        return "<div class=\"card\"><h3>\(Markup.escaped(name)) <small>p = "
            + "\(Figures.number(test.pValue, 4)) of \(test.permuted.count) worlds</small></h3>"
            + "\(plot.svg)</div>"
    }

    /// A side's table by retraining cycle; empty for one that never trained with outcomes.
    func cyclesCard(_ side: Side) -> String {
        guard side.cycles.count > 1 else { return "" }
        let start = RetrainingCycle.start
        let columns = [
            Table.Column("Cycle"), Table.Column("From"), Table.Column("To"),
            Table.Column("Sessions"), Table.Column("Trades", "Closed trades entered in it."),
            Table.Column("Net win rate", "Net return above .5 %."), Table.Column("95 %"),
            Table.Column("Null", "Median win rate of random tickers under the same exits."),
            Table.Column("p"), Table.Column("Sharpe"), Table.Column("95 %"),
            Table.Column("Drawdown"), Table.Column("Promoted"), Table.Column("Weight"),
            Table.Column("Win rate > 30 %"), Table.Column("Sharpe > 0"),
        ]
        let rows = side.cycles.map { cycle in
            let name = cycle.number.map { "\($0)" } ?? "from \(RetrainingCycle.pooledFrom)"
            return [
                Table.Cell(name), Table.Cell("\(cycle.from)"), Table.Cell("\(cycle.to)"),
                Table.Cell("\(cycle.sessions)"), Table.Cell("\(cycle.trades)"),
                Table.Cell(Figures.percent(cycle.winRate, 1)),
                range(cycle.winRateInterval) { Figures.percent($0, 0) },
                Table.Cell(Figures.percent(cycle.null?.winRate.quantile(0.5), 1)),
                .number(cycle.null?.winRate.pValue, 3), .number(cycle.sharpe, 2),
                range(cycle.sharpeInterval) { Figures.number($0) },
                .percent(cycle.drawdown, 1), Table.Cell("\(cycle.promotions)"),
                .number(cycle.weightTenths.map { Double($0) / 10 }, 1),
                target(cycle.winRateTarget), target(cycle.sharpeTarget),
            ]
        }
        return "<div class=\"card\"><h3>\(Markup.escaped(side.name)) <small>from one successful "
            + "training with outcomes to the next</small></h3><p>The replaced system started at a "
            + "win rate of \(Figures.percent(start.winRate)), a Sharpe ratio of "
            + "−\(Figures.number(start.sharpe.magnitude)) and a drawdown of "
            + "\(Figures.percent(start.drawdown.magnitude, 0)). A target is met when the 95 % "
            + "interval lies above it, and insufficient under 252 sessions or 100 trades.</p>"
            + Table("\(side.name) by retraining cycle", columns, rows).html + "</div>"
    }

    private func range(_ interval: Interval?, _ show: (Double?) -> String) -> Table.Cell {
        guard let interval else { return Table.Cell("n/a") }
        return Table.Cell(
            "\(show(interval.low)) to \(show(interval.high))".replacing("-", with: "−"))
    }

    private func target(_ target: RetrainingCycle.Target) -> Table.Cell {
        Table.Cell(target.rawValue, tone: SuccessCriteria.tone(target))
    }

    /// What was tried, and what the Sharpe ratios lose by it.
    var trialsSection: String {
        let columns = [
            Table.Column("Strategy", isText: true), Table.Column("Sharpe, a session"),
            Table.Column("Best of N worthless"), Table.Column("N"), Table.Column("Deflated"),
        ]
        let rows = sides.map { side in
            [
                Table.Cell(side.name), .number(side.deflated?.sharpe, 4),
                .number(side.deflated?.expectedMaximum, 4),
                Table.Cell(side.deflated.map { "\($0.trials)" } ?? "n/a"),
                .number(side.deflated?.probability, 4),
            ]
        }
        return "<div class=\"card\"><p>Family \(Markup.escaped(family.name)): "
            + "\(family.distinct.count) distinct strategies and dates on real data, "
            + "\(family.simulated.count) on simulated worlds; apart \(family.repeats) repeats, "
            + "\(family.controls) controls, \(family.failed) failed. The deflated Sharpe ratio is "
            + "the chance that the true ratio is above what the best of N worthless strategies "
            + "would have shown.</p>" + Table("Deflated Sharpe ratios", columns, rows).html
            + "</div>"
    }
}
