import Events
import Learning
import Pipeline

extension ComparePage {
    /// The comparison as one JSON object; what is not known is null. `runs` are whole reports, from
    /// which every figure here can be computed again.
    public func json() -> String {
        JSON.object([
            ("runs", JSON.list(sides.map { $0.run.report.json() })),
            ("comparisons", JSON.list(contests.map(contest))),
            (
                "signals", JSON.object(sides.map { ($0.name, signals($0.run.report.signals)) })
            ),
            (
                "deflated_sharpe",
                JSON.object(sides.map { ($0.name, deflated($0)) })
            ),
            ("trials", trials),
            (
                "beside",
                JSON.object(
                    sides.map { side in
                        (
                            side.name,
                            JSON.list(side.yardsticks.map { $0.json(side.run.report) })
                        )
                    })
            ),
            ("assumptions", JSON.object(sides.map { ($0.name, assumptions($0)) })),
            ("break_even", JSON.object(sides.map { ($0.name, breakEven($0)) })),
            ("control", JSON.object(sides.map { ($0.name, control($0.control)) })),
            ("ablation", ablationJSON),
            (
                "criteria",
                JSON.object(
                    sides.map { ($0.name, $0.run.report.criteria?.json ?? "null") })
            ),
            ("cycles", JSON.object(sides.map { ($0.name, JSON.list($0.cycles.map(cycle))) })),
        ])
    }

    /// Signal filtering: what the champion said, and what the heuristic held.
    private func signals(_ counts: SignalCounts) -> String {
        let holds = counts.suppressed.first { $0.name == "hold" }?.count ?? 0
        return JSON.object([
            ("champion", counts.champion.json), ("heuristic_holds", "\(holds)"),
        ])
    }

    private func contest(_ contest: Contest) -> String {
        let comparison = contest.comparison
        return JSON.object([
            ("reference", JSON.text(comparison.reference.facts.run)),
            ("challenger", JSON.text(comparison.challenger.facts.run)),
            ("verdict", JSON.text(comparison.verdict.rawValue)),
            ("sessions", "\(comparison.sessions)"),
            ("measured_sessions", "\(comparison.measuredSessions)"),
            ("sessions_without_index", "\(comparison.sessionsWithoutIndex)"),
            ("primary", primary(comparison.primary)),
            ("ratios_missing", JSON.text(comparison.scarcity?.reason)),
            ("seeds", seeds(contest.seeds)),
            ("sensitivity", JSON.list(comparison.sensitivity.map { primary($0) })),
            (
                "halves",
                JSON.object([
                    ("first", primary(contest.halves.first)),
                    ("second", primary(contest.halves.second)),
                ])
            ),
            ("secondary", JSON.list(contest.secondary.rows.map(secondary))),
            (
                "assumptions",
                JSON.object(contest.counterfactuals.map { ($0.kind.key, primary($0.primary)) })
            ),
            ("control", control(contest.control)),
        ])
    }

    private func seeds(_ tally: SeedTally?) -> String {
        guard let tally else { return "null" }
        func range(_ ends: ClosedRange<Double>) -> String {
            JSON.list([JSON.number(ends.lowerBound), JSON.number(ends.upperBound)])
        }
        return JSON.object([
            ("seeds", "\(tally.seeds)"),
            (
                "verdicts",
                JSON.object(Verdict.allCases.map { ($0.rawValue, "\(tally.count($0))") })
            ),
            ("low", range(tally.low)), ("high", range(tally.high)),
        ])
    }

    /// A primary metric as JSON.
    func primary(_ primary: PrimaryDifference?) -> String {
        guard let primary else { return "null" }
        return JSON.object([
            ("reference", JSON.number(primary.reference)),
            ("challenger", JSON.number(primary.challenger)),
            ("difference", JSON.number(primary.difference)),
            ("low", JSON.number(primary.interval.low)),
            ("high", JSON.number(primary.interval.high)),
            ("share_not_above", JSON.number(primary.shareNotAbove)),
            ("mean_block", "\(primary.meanBlock)"), ("draws", "\(primary.draws)"),
            ("seed", "\(primary.seed)"),
        ])
    }

    private func secondary(_ row: SecondaryDifferences.Row) -> String {
        JSON.object([
            ("figure", JSON.text(row.figure.rawValue)),
            ("reference", JSON.number(row.reference)),
            ("challenger", JSON.number(row.challenger)),
            ("difference", JSON.number(row.difference)), ("relative", JSON.number(row.relative)),
            ("low", JSON.number(row.interval?.low)), ("high", JSON.number(row.interval?.high)),
        ])
    }

    private func deflated(_ side: Side) -> String {
        guard let deflated = side.deflated else { return "null" }
        return JSON.object([
            ("sharpe", JSON.number(deflated.sharpe)),
            ("expected_maximum", JSON.number(deflated.expectedMaximum)),
            ("trials", "\(deflated.trials)"), ("variance", JSON.number(side.variance)),
            ("probability", JSON.number(deflated.probability)),
        ])
    }

    private var trials: String {
        JSON.object([
            ("family", JSON.text(family.name)), ("distinct", "\(family.distinct.count)"),
            ("simulated", "\(family.simulated.count)"), ("repeats", "\(family.repeats)"),
            ("ablations", "\(family.ablations)"), ("controls", "\(family.controls)"),
            ("simulations", "\(family.simulations)"), ("failed", "\(family.failed)"),
            ("unfinished", "\(family.unfinished)"),
        ])
    }

    /// Slippage a side at which nothing is earned, basis points.
    private func breakEven(_ side: Side) -> String {
        JSON.object([
            ("profit_bp", JSON.number(side.costs?.breakEven)),
            ("excess_bp", JSON.number(side.costs?.excessBreakEven)),
        ])
    }

    private func assumptions(_ side: Side) -> String {
        let own = [("as_it_is", side.run.report)]
        let others = side.counterfactuals.map { ($0.kind.key, $0.report) }
        return JSON.object(
            (own + others).map { name, report in
                let whole = report.whole
                return (
                    name,
                    JSON.object([
                        (
                            "information_ratio",
                            JSON.number(whole.index.equalExposureInformationRatio)
                        ),
                        ("total_return", JSON.number(whole.returns.totalReturn)),
                        ("sharpe", JSON.number(whole.returns.sharpe)),
                        ("closed_trades", "\(whole.trades.count)"),
                        (
                            "tradable",
                            name == Counterfactual.knownWhenTraded.key ? "false" : "true"
                        ),
                    ])
                )
            })
    }

    private func control(_ test: ControlTest?) -> String {
        guard let test else { return "null" }
        return JSON.object([
            ("observed", JSON.number(test.observed)), ("p_value", JSON.number(test.pValue)),
            ("permuted", JSON.list(test.permuted.map(JSON.number))),
        ])
    }

    private func cycle(_ cycle: RetrainingCycle) -> String {
        JSON.object([
            ("cycle", cycle.number.map { "\($0)" } ?? "null"),
            ("from", JSON.text(cycle.from)), ("to", JSON.text(cycle.to)),
            ("sessions", "\(cycle.sessions)"), ("trades", "\(cycle.trades)"),
            ("outcome_rows", cycle.outcomeRows.map { "\($0)" } ?? "null"),
            ("win_rate", JSON.number(cycle.winRate)),
            ("win_rate_low", JSON.number(cycle.winRateInterval?.low)),
            ("win_rate_high", JSON.number(cycle.winRateInterval?.high)),
            ("sharpe", JSON.number(cycle.sharpe)),
            ("sharpe_low", JSON.number(cycle.sharpeInterval?.low)),
            ("sharpe_high", JSON.number(cycle.sharpeInterval?.high)),
            ("max_drawdown", JSON.number(cycle.drawdown)),
            ("promotions", "\(cycle.promotions)"),
            ("weight", JSON.number(cycle.weightTenths.map { Double($0) / 10 })),
            ("null_win_rate", JSON.number(cycle.null?.winRate.quantile(0.5))),
            ("null_p_value", JSON.number(cycle.null?.winRate.pValue)),
            ("win_rate_target", JSON.text(cycle.winRateTarget.rawValue)),
            ("sharpe_target", JSON.text(cycle.sharpeTarget.rawValue)),
        ])
    }
}
