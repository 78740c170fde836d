import Events
import Learning
public import Pipeline

/// What came of a sweep: its variants in the order of the options, and how much of the best of them
/// is owed to choosing among so many.
public struct SweepTable: Sendable {
    /// The strategy that was varied, as it was named.
    public var strategy: String
    /// The settings that were varied, in the order of the options.
    public var keys: [String]
    /// The sessions that all share.
    public var sessions: TimelineSessions
    /// The variants, the last setting varying fastest.
    public var variants: [SweptVariant]
    /// Of the daily excess of the variants that have a ratio; nil for fewer than ten of them, or
    /// too few sessions.
    public var overfitting: OverfittingProbability?
    /// Of the best variant, among all that its family tried; nil where it has no Sharpe ratio.
    public var deflated: DeflatedSharpe?

    /// A table of variants; `deflated` is asked for the ratio of the best one, by its place.
    public init(
        strategy: String, keys: [String], sessions: TimelineSessions, variants: [SweptVariant],
        deflated: (Int) throws -> DeflatedSharpe?
    ) rethrows {
        (self.strategy, self.keys, self.sessions) = (strategy, keys, sessions)
        self.variants = variants
        overfitting = OverfittingProbability(
            variants.filter { $0.result.value != nil }.map(\.excess))
        self.deflated = try SweepTable.best(variants).flatMap(deflated)
    }

    /// Place of the variant with the highest information ratio; of equals the first, nil when none
    /// has one.
    public var best: Int? { SweepTable.best(variants) }

    private static func best(_ variants: [SweptVariant]) -> Int? {
        var best: (place: Int, ratio: Double)?
        for (place, variant) in variants.enumerated() {
            guard let ratio = variant.result.value, best.map({ ratio > $0.ratio }) ?? true else {
                continue
            }
            best = (place, ratio)
        }
        return best?.place
    }

    /// The table for a terminal.
    public func text() -> String {
        let head = keys + ["IR", "Sharpe", "return", "drawdown", "trades", "seal"]
        let rows = variants.map { variant in
            variant.settings.map { String($0.drop { $0 != "=" }.dropFirst()) } + [
                Figures.number(variant.result.value), Figures.number(variant.result.sharpe),
                Figures.percent(variant.totalReturn), Figures.percent(variant.maximumDrawdown),
                Figures.count(variant.result.closedTrades),
                variant.result.seal.map { String("\($0)".prefix(16)) } ?? "",
            ]
        }
        let widths = head.indices.map { column in
            ([head] + rows).map { $0[column].count }.max() ?? 0
        }
        let table = ([head] + rows).map { row in
            zip(row, widths).map { Figures.right($0, $1) }.joined(separator: "  ")
        }
        let title =
            "\(strategy): \(Figures.count(variants.count)) variants, \(sessions.first) to "
            + "\(sessions.last), \(Figures.count(sessions.count)) sessions"
        let flags = sessions.isSimulated ? ["!! SIMULATED data"] : []
        return ([title] + flags + table + [""] + remarks).joined(separator: "\n") + "\n"
    }

    /// What the best variant is worth, in words.
    private var remarks: [String] {
        guard let best else {
            return [
                "No variant has an information ratio: no index was ingested, or none has the "
                    + "\(Scarcity.fewestTrades) closed trades and \(Scarcity.fewestReturns) "
                    + "sessions with a return that a ratio needs."
            ]
        }
        let variant = variants[best]
        var lines = [
            "Best of \(Figures.count(variants.count)) by information ratio: "
                + variant.settings.joined(separator: ", ")
                + ", \(Figures.number(variant.result.value))"
        ]
        if let deflated {
            lines.append(
                "Deflated Sharpe ratio of it: \(Figures.number(deflated.probability, 4)) among "
                    + "\(Figures.count(deflated.trials)) trials of the family (above .95 is the "
                    + "usual bar)")
        }
        if let overfitting {
            lines.append(
                "Probability of backtest overfitting: "
                    + "\(Figures.percent(overfitting.probability)); the best of one half is below "
                    + "0 in the other in \(Figures.percent(overfitting.lossShare)) of "
                    + "\(Figures.count(overfitting.splits)) splits")
        } else if variants.count(where: { $0.result.value != nil })
            < OverfittingProbability.fewestVariants
        {
            lines.append(
                "Probability of backtest overfitting: shown from "
                    + "\(OverfittingProbability.fewestVariants) variants with a ratio on")
        }
        return lines
    }

    /// The table as one JSON object; what is not known is null.
    public func json() -> String {
        JSON.object([
            ("strategy", JSON.text(strategy)), ("from", JSON.text(sessions.first)),
            ("to", JSON.text(sessions.last)), ("sessions", "\(sessions.count)"),
            ("simulated", "\(sessions.isSimulated)"), ("timeline_seal", JSON.text(sessions.seal)),
            ("variants", JSON.list(variants.map(json))), ("best", best.map { "\($0)" } ?? "null"),
            ("deflated_sharpe", JSON.number(deflated?.probability)),
            ("trials", deflated.map { "\($0.trials)" } ?? "null"),
            (
                "overfitting",
                overfitting.map {
                    JSON.object([
                        ("probability", JSON.number($0.probability)),
                        ("mean_logit", JSON.number($0.meanLogit)),
                        ("loss_share", JSON.number($0.lossShare)), ("splits", "\($0.splits)"),
                    ])
                } ?? "null"
            ),
        ])
    }

    private func json(_ variant: SweptVariant) -> String {
        JSON.object([
            ("settings", JSON.list(variant.settings.map { JSON.text($0) })),
            ("strategy_digest", JSON.text(variant.strategy)),
            ("seal", JSON.text(variant.result.seal)),
            ("information_ratio", JSON.number(variant.result.value)),
            ("sharpe", JSON.number(variant.result.sharpe)),
            ("total_return", JSON.number(variant.totalReturn)),
            ("maximum_drawdown", JSON.number(variant.maximumDrawdown)),
            ("closed_trades", "\(variant.result.closedTrades)"),
        ])
    }
}
