import Events
import Learning

extension ComparePage {
    /// Rows of cycles that a terminal shows at each end.
    private static let shownCycles = 4

    /// A side's table by retraining cycle: the first, the last, and all after two trainings.
    func cycles(_ side: Side) -> String {
        let start = RetrainingCycle.start
        var lines = [
            "\(side.name) by retraining cycle: from one successful training with outcomes to the next",
            "  the replaced system's start: win rate \(Figures.percent(start.winRate)), Sharpe ratio "
                + "\(Figures.number(start.sharpe)), drawdown \(Figures.percent(start.drawdown, 0)); "
                + "targets: win rate (net above .5 %) over \(Figures.percent(RetrainingCycle.winRateAim, 0)), Sharpe "
                + "ratio over 0, each met when its 95 % interval lies above",
            cells([
                "cycle", "from", "to", "sessions", "trades", "net wins", "95 %", "null", "p",
                "Sharpe", "95 %", "drawdown", "promoted", "weight", "win rate", "Sharpe",
            ]),
        ]
        let numbered = side.cycles.filter { $0.number != nil }
        let most = 2 * ComparePage.shownCycles
        for (place, cycle) in numbered.enumerated() {
            if numbered.count > most, place == ComparePage.shownCycles {
                lines.append(
                    "  … \(numbered.count - most) cycles more: --json or --html shows them")
            }
            let isShown =
                numbered.count <= most || place < ComparePage.shownCycles
                || place >= numbered.count - ComparePage.shownCycles
            if isShown { lines.append(line(cycle)) }
        }
        if let pooled = side.cycles.last, pooled.number == nil { lines.append(line(pooled)) }
        return lines.joined(separator: "\n")
    }

    private func line(_ cycle: RetrainingCycle) -> String {
        func range(_ interval: Interval?, _ show: (Double?) -> String) -> String {
            interval.map { "\(show($0.low))..\(show($0.high))" } ?? "n/a"
        }
        let null = cycle.null?.winRate
        return cells([
            cycle.number.map { "\($0)" } ?? "from \(RetrainingCycle.pooledFrom)",
            "\(cycle.from)", "\(cycle.to)", "\(cycle.sessions)", "\(cycle.trades)",
            Figures.percent(cycle.winRate, 1),
            range(cycle.winRateInterval) { Figures.percent($0, 0) },
            Figures.percent(null.map { $0.quantile(0.5) }, 1), Figures.number(null?.pValue, 3),
            Figures.number(cycle.sharpe), range(cycle.sharpeInterval) { Figures.number($0) },
            Figures.percent(cycle.drawdown, 1), "\(cycle.promotions)",
            cycle.weightTenths.map { Figures.number(Double($0) / 10, 1) } ?? "n/a",
            cycle.winRateTarget.rawValue, cycle.sharpeTarget.rawValue,
        ])
    }

    private func cells(_ cells: [String]) -> String {
        let widths = [8, 12, 12, 9, 7, 9, 11, 8, 7, 8, 14, 10, 9, 7, 13, 13]
        return zip(cells, widths).map { Figures.right($0, $1) }.joined()
    }
}
