import Events
import Learning
import Pipeline

extension ComparePage {
    /// The comparison for a terminal: the verdict first, then what it hangs on.
    public func text() -> String {
        var parts = [head]
        for contest in contests { parts += [verdict(contest), secondary(contest)] }
        parts += sides.map {
            Yardstick.table($0.name, $0.run.report, $0.yardsticks).joined(separator: "\n")
        }
        parts += [neutral, assumptions]
        if let ablation { parts.append(ablationText(ablation)) }
        parts.append(deflation)
        for side in sides {
            if let criteria = side.run.report.criteria {
                parts.append(
                    criteria.table("What the first replaced system promised, \(side.name)"))
            }
        }
        if movable != nil || sides.contains(where: { $0.control != nil }) { parts.append(control) }
        for side in sides where side.cycles.count > 1 { parts.append(cycles(side)) }
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var head: String {
        let first = sides[0].run.report
        var lines = [sides.map(\.name).joined(separator: ", ")]
        for flag in first.warnings { lines.append("!! \(flag)") }
        if let from = first.daily.first?.day, let to = first.daily.last?.day {
            lines.append(
                "\(from) to \(to), \(Figures.count(first.daily.count)) sessions, one window")
        }
        if !first.facts.hindsight.isEmpty {
            let counts = first.facts.hindsight.map { "\(Figures.count($0.count)) \($0.name)" }
            lines.append("Hindsight facts used: " + counts.joined(separator: ", "))
        }
        for side in sides {
            if let followed = side.run.report.followedText {
                lines.append("\(side.name): \(followed)")
            }
            for note in side.run.report.facts.notes { lines.append("Note, \(side.name): \(note)") }
        }
        return lines.joined(separator: "\n")
    }

    /// The primary metric and its verdict, of all and of both halves.
    private func verdict(_ contest: Contest) -> String {
        let comparison = contest.comparison
        let names = (comparison.reference.facts.run, comparison.challenger.facts.run)
        var lines = ["\(names.1) against \(names.0): \(comparison.verdict.rawValue.uppercased())"]
        guard let primary = comparison.primary else {
            guard comparison.measuredSessions > 0 else {
                return lines[0] + "\nNo session has a known index return: ingest an index."
            }
            lines.append("  " + missing(comparison))
            if comparison.verdict == .insufficient { lines.append("  " + thinness(comparison)) }
            return lines.joined(separator: "\n")
        }
        lines.append(
            "Information ratio of the return less the index at equal exposure, net of costs, a year"
        )
        lines.append(
            "  \(names.0) \(Figures.number(primary.reference)), \(names.1) "
                + "\(Figures.number(primary.challenger)), difference \(difference(primary))")
        lines.append(
            "  by paired stationary bootstrap, mean block \(primary.meanBlock) sessions, "
                + "\(Figures.count(primary.draws)) draws, seed \(primary.seed)")
        for other in comparison.sensitivity {
            lines.append("  with mean block \(other.meanBlock): \(difference(other))")
        }
        if let seeds = contest.seeds { lines.append("  \(Self.text(seeds))") }
        for (name, half) in [("first", contest.halves.first), ("second", contest.halves.second)] {
            if let half { lines.append("  \(name) half: \(difference(half))") }
        }
        if comparison.verdict == .insufficient { lines.append("  " + thinness(comparison)) }
        return lines.joined(separator: "\n")
    }

    /// How often each verdict came of other seeds, and where the interval's ends lay.
    static func text(_ tally: SeedTally) -> String {
        let counts = Verdict.allCases.compactMap { verdict in
            tally.count(verdict) > 0 ? "\(verdict.rawValue) \(tally.count(verdict))" : nil
        }
        func range(_ ends: ClosedRange<Double>) -> String {
            "\(Figures.number(ends.lowerBound)) to \(Figures.number(ends.upperBound))"
        }
        return "with seeds 1 to \(tally.seeds) of the draws: \(counts.joined(separator: ", ")); "
            + "lower end \(range(tally.low)), upper end \(range(tally.high))"
    }

    private func difference(_ primary: PrimaryDifference) -> String {
        "\(Figures.number(primary.difference)), 95 % interval "
            + "\(Figures.number(primary.interval.low)) to "
            + "\(Figures.number(primary.interval.high))"
    }

    /// Why a comparison has no metric.
    func missing(_ comparison: Comparison) -> String {
        "n/a: " + (comparison.scarcity?.reason ?? "returns without dispersion")
    }

    /// Why there is too little for a verdict.
    func thinness(_ comparison: Comparison) -> String {
        if comparison.lacksIndex {
            return
                "insufficient: no index for \(Figures.count(comparison.sessionsWithoutIndex)) of "
                + "\(Figures.count(comparison.sessions)) sessions; at most one in fifty may lack it"
        }
        return
            "insufficient: \(comparison.sessions) sessions and \(comparison.reference.trades.count) and "
            + "\(comparison.challenger.trades.count) closed trades, where \(Verdict.fewestSessions) "
            + "and \(Verdict.fewestTrades) a side are needed"
    }

    private func secondary(_ contest: Contest) -> String {
        let names = (
            contest.comparison.reference.facts.run, contest.comparison.challenger.facts.run
        )
        var lines = [
            "Secondary, without a verdict",
            row("", [names.0, names.1, "difference", "relative", "95 % interval"]),
        ]
        for figure in contest.secondary.rows {
            let show = { (value: Double?) -> String in
                figure.figure.isShare
                    ? Figures.percent(value)
                    : Figures.number(value, figure.figure == .closedTrades ? 0 : 2)
            }
            let interval = figure.interval.map { "\(show($0.low)) to \(show($0.high))" }
            lines.append(
                row(
                    figure.figure.title,
                    [
                        show(figure.reference), show(figure.challenger), show(figure.difference),
                        Figures.percent(figure.relative, 0), interval ?? "n/a",
                    ]))
        }
        return lines.joined(separator: "\n")
    }

    /// What each champion said, by year; the heuristic's holds, and what became of signals.
    private var neutral: String {
        var lines = ["Counts"]
        for side in sides {
            let counts = side.run.report.signals
            let total = { (counts: [NamedCount]) in
                Figures.count(counts.reduce(0) { $0 + $1.count })
            }
            let holds = counts.suppressed.filter { $0.name == "hold" }
            let sides = counts.champion.whole
            lines.append(
                "  \(side.name): signals \(total(counts.classes)), suppressed "
                    + "\(total(counts.suppressed)) of which held by the heuristic \(total(holds)), "
                    + "skipped \(total(counts.skipped)), orders not filled "
                    + total(counts.cancelled))
            if sides.judged == 0 { lines.append("  \(side.name): no champion said anything") }
        }
        for side in sides {
            let table = side.run.report.signals.champion.table("\(side.name)'s champion")
            if !table.isEmpty { lines += ["", table] }
        }
        return lines.joined(separator: "\n")
    }

    /// Each side and each difference under other costs, delays, and knowledge nobody has.
    private var assumptions: String {
        guard sides.contains(where: { !$0.counterfactuals.isEmpty }) else { return "" }
        var lines = ["Under other assumptions: information ratio at equal exposure, total return"]
        for side in sides {
            lines.append("  \(side.name)")
            lines.append(assumption("as it is", side.run.report))
            for (kind, report) in side.counterfactuals {
                lines.append(assumption(kind.title, report))
            }
            lines += (side.costs?.sentences ?? []).map { "    \($0)" }
        }
        for contest in contests {
            let comparison = contest.comparison
            lines.append(
                "  \(comparison.challenger.facts.run) less \(comparison.reference.facts.run)")
            for (kind, primary) in contest.counterfactuals {
                lines.append(
                    "    " + Figures.left(kind.title, 50) + (primary.map(difference) ?? "n/a"))
            }
        }
        return lines.joined(separator: "\n")
    }

    private func assumption(_ title: String, _ report: BacktestReport) -> String {
        let whole = report.whole
        return "    " + Figures.left(title, 50)
            + Figures.right(Figures.number(whole.index.equalExposureInformationRatio), 7)
            + Figures.right(Figures.percent(whole.returns.totalReturn), 12)
    }

    private var deflation: String {
        var lines = [
            "Trials of the family \(family.name): \(peers) distinct strategies and dates; "
                + "apart: \(family.repeats) repeats, \(family.controls) controls, "
                + "\(family.simulations) simulations, \(family.failed) failed"
        ]
        for side in sides {
            guard let deflated = side.deflated else {
                let why = side.run.report.scarcity.map { ": \($0)" } ?? ""
                lines.append("  \(side.name): deflated Sharpe ratio n/a\(why)")
                continue
            }
            lines.append(
                "  \(side.name): deflated Sharpe ratio "
                    + "\(Figures.number(deflated.probability, 4)), the chance that the true ratio "
                    + "is above what the best of \(deflated.trials) worthless ones would show")
        }
        return lines.joined(separator: "\n")
    }

    private var peers: Int { isSimulated ? family.simulated.count : family.distinct.count }

    private var control: String {
        var lines = ["Control: tickers permuted among the filings of a week and sector"]
        if let movable {
            lines.append(
                "  \(Figures.count(movable.filings)) of \(Figures.count(movable.of)) filings stand "
                    + "in a group of two tickers or more")
        }
        func line(_ name: String, _ test: ControlTest?) {
            guard let test else { return lines.append("  \(name): n/a") }
            lines.append(
                "  \(name): \(Figures.number(test.observed)), median of \(test.permuted.count) "
                    + "permuted worlds \(Figures.number(test.median)), p = "
                    + Figures.number(test.pValue, 4))
        }
        for side in sides { line(side.name, side.control) }
        for contest in contests {
            let comparison = contest.comparison
            line(
                "\(comparison.challenger.facts.run) less \(comparison.reference.facts.run)",
                contest.control)
        }
        return lines.joined(separator: "\n")
    }

    func row(_ name: String, _ cells: [String]) -> String {
        let widths = [14, 14, 14, 11, 24]
        return Figures.left(name, 36)
            + zip(cells, widths).map { Figures.right($0, $1) }.joined()
    }
}
