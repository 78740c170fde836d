import Events

extension ReportPage {
    /// The report's JSON object with the studies of the page as further members, unrounded.
    public func json() -> String {
        let members: [(String, String)] = [
            ("beside", JSON.list(yardsticks.map { $0.json(report) })),
            ("options", FiledOption.json(options)),
            ("event_study", JSON.list((study?.curves ?? []).map(curve))),
            ("null_band", null.map(band) ?? "null"),
            ("costs", JSON.list(costs.costs.map(variant))),
            ("break_even_bp", JSON.number(costs.breakEven)),
            ("excess_break_even_bp", JSON.number(costs.excessBreakEven)),
            ("delays", JSON.list(delay.points.map(delayed))),
            ("replayed", variants.isMeasured ? replayed : "null"),
            (
                "groups",
                JSON.list(
                    groups.map { attribution in
                        JSON.object([
                            ("by", JSON.text(attribution.title)),
                            ("groups", JSON.list(attribution.groups.map(group))),
                        ])
                    })
            ),
            (
                "comparisons",
                JSON.list(
                    curves.lines.map { line in
                        JSON.object([
                            ("name", JSON.text(line.name)),
                            ("total_return", JSON.number(line.totalReturn)),
                        ])
                    })
            ),
        ]
        return report.json().dropLast() + "," + JSON.object(members).dropFirst()
    }

    /// The run decided anew with other costs and delays.
    private var replayed: String {
        JSON.object([
            ("costs", JSON.list(variants.costs.map(variant))),
            ("delays", JSON.list(variants.delays.map(variant))),
        ])
    }

    private func delayed(_ point: DelayStudy.Point) -> String {
        JSON.object([
            ("sessions", "\(point.sessions)"), ("entries", "\(delay.entries)"),
            ("mean_excess", JSON.number(point.meanExcess)),
            ("standard_error", JSON.number(point.standardError)),
        ])
    }

    private func curve(_ curve: EventStudy.Curve) -> String {
        let points = curve.points.map { point in
            JSON.object([
                ("offset", "\(point.offset)"), ("count", "\(point.count)"),
                ("mean", JSON.number(point.mean)),
                ("standard_error", JSON.number(point.standardError)),
            ])
        }
        return JSON.object([
            ("side", JSON.text("\(curve.side)")), ("events", "\(curve.events)"),
            ("points", JSON.list(points)),
        ])
    }

    private func band(_ band: NullBand) -> String {
        JSON.object([
            ("draws", "\(NullBand.draws)"), ("entries", "\(band.entries)"),
            ("left_out", "\(band.leftOut)"), ("profit", figure(band.profit)),
            ("mean_excess", band.meanExcess.map(figure) ?? "null"),
        ])
    }

    private func figure(_ figure: NullBand.Figure) -> String {
        JSON.object([
            ("observed", JSON.number(figure.observed)), ("p_value", JSON.number(figure.pValue)),
            ("drawn_mean", JSON.number(Moments.mean(figure.drawn))),
            ("drawn_deviation", JSON.number(Moments.deviation(figure.drawn))),
            ("drawn_5", JSON.number(figure.quantile(0.05))),
            ("drawn_50", JSON.number(figure.quantile(0.5))),
            ("drawn_95", JSON.number(figure.quantile(0.95))),
        ])
    }

    private func variant(_ variant: Variant) -> String {
        JSON.object([
            ("value", JSON.number(variant.value)), ("is_own", "\(variant.isOwn)"),
            ("total_return", JSON.number(variant.totalReturn)),
            ("sharpe", JSON.number(variant.sharpe)),
            ("equal_exposure_annual", JSON.number(variant.equalExposure)),
            ("closed_trades", "\(variant.trades)"),
            ("expectancy", JSON.number(variant.meanReturn)),
            ("average_excess", JSON.number(variant.meanExcess)),
        ])
    }

    private func group(_ group: Attribution.Group) -> String {
        JSON.object([
            ("name", JSON.text(group.name)), ("all", figures(group.all)),
            ("without_top_five", figures(group.withoutBest)),
        ])
    }

    private func figures(_ figures: Attribution.Figures) -> String {
        JSON.object([
            ("trades", JSON.number(figures.trades)), ("win_rate", JSON.number(figures.winRate)),
            ("profit", JSON.number(figures.profit)),
            ("mean_return", JSON.number(figures.meanReturn)),
            ("mean_excess", JSON.number(figures.meanExcess)),
        ])
    }
}
