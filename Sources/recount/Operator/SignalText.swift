import Events
import FeedbackLoop
import Foundation
import Learning
import Pipeline
import XGBoost

/// An opinion, for people and programs.
struct SignalText {
    let opinion: Opinion
    /// What the loop does at the next open.
    let decision: LoopOutlook.Decision
    let strategy: String
    /// The bars of the person's own that were judged; nil for those of the data.
    var own: String?
    /// What moved the champion's answer, the largest effect first; nil without one.
    let explanation: Explanation?

    init(
        _ opinion: Opinion, _ decision: LoopOutlook.Decision, strategy: String, store: ModelStore
    ) throws {
        self.opinion = opinion
        self.decision = decision
        self.strategy = strategy
        guard case .model(let champion) = opinion.source, !champion.isImported else {
            explanation = nil
            return
        }
        let artefact = try store.read(champion.artefact)
        explanation = Explanation(
            try XGBoostExplainer(artefact).contributions(opinion.features),
            row: opinion.features,
            scores: try XGBoostTrainer().load(artefact).scores(opinion.features))
    }

    private var word: String {
        switch opinion.side {
        case .buy: "long"
        case .sell: "short"
        case .neutral, .unrecognised: "neutral"
        }
    }

    private var modelID: String? {
        switch opinion.source {
        case .model(let champion): "\(champion.artefact)"
        case .momentum: "momentum"
        case .nobody: nil
        }
    }

    private static func number(_ value: Double?, _ digits: Int = 4) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? "unknown"
    }

    private static func name(_ term: Explanation.Term) -> String {
        FeatureCatalogue.features[term.feature].name
    }

    var text: String {
        let by = if case .model = opinion.source { "model" } else { "momentum" }
        let head =
            "\(opinion.ticker) as of \(opinion.day): \(decision.headline(opinion)); \(by): \(word), "
            + "probability \(Self.number(opinion.probability)), confidence "
            + "\(Self.number(opinion.confidence)), regime \(opinion.regime)"
        let bars = own.map { ["prices: \($0), the last as of the latest session"] } ?? []
        return ([head] + bars + answerer + filed + loop).joined(separator: "\n")
    }

    private var answerer: [String] {
        switch opinion.source {
        case .model(let champion):
            let probabilities = champion.probabilities
            let head =
                "champion of \(strategy), artefact \("\(champion.artefact)".prefix(12))…: P(win) "
                + "\(probabilities.win), P(loss) \(probabilities.loss), P(breakeven) \(probabilities.breakeven)"
            if champion.isImported {
                return [head, "  it was trained by another tool; there are no trees to explain"]
            }
            let terms = (explanation?.terms ?? []).prefix(6).map { term in
                [
                    Self.name(term), term.value.isNaN ? "unknown" : "\(term.value)",
                    String(format: "%+.4f", term.logOdds),
                ]
            }
            return [head]
                + ModelsText.table(
                    ["  feature", "value", "log-odds"], terms.map { ["  \($0[0])", $0[1], $0[2]] },
                    numbers: [1, 2])
        case .momentum(let momentum):
            let trend = momentum.isBelowTrend ? ", times .8 below the trend" : ""
            return ["momentum, for no champion answers: no decision of the loop reads it\(trend)"]
                + ModelsText.table(
                    ["  part", "value", "says", "weight"],
                    momentum.parts.map {
                        [
                            "  \($0.name)", Self.number($0.value), Self.number($0.share),
                            Self.number($0.weight, 1),
                        ]
                    }, numbers: [1, 2, 3])
        case .nobody:
            return [
                "no champion answers, and there are fewer than \(Momentum.bars) bars of "
                    + "\(opinion.ticker): nobody can say"
            ]
        }
    }

    private var filed: [String] {
        let filings = opinion.filings
        guard filings.buys + filings.sells > 0 else { return ["filings: none that count"] }
        return [
            "filings: \(filings.politicians) filers, \(filings.buys) purchases, "
                + "\(filings.sells) sales, net \(Self.number(filings.netVolume, 0)) dollars, newest "
                + "trade \(filings.newestTrade.map { "\($0)" } ?? "unknown"); heuristic "
                + "\(filings.kind), confidence \(Self.number(filings.confidence, 2))"
        ]
    }

    private var loop: [String] {
        let outcome =
            opinion.suppressed.map { "an evaluation would emit nothing: \($0)" }
            ?? "an evaluation would emit \(opinion.filings.kind)"
        return [
            "loop: \(outcome); champion's weight \(Double(opinion.blendTenths) / 10), buys at "
                + "\(Double(opinion.thresholds.buyHundredths) / 100), sells at "
                + "\(Double(opinion.thresholds.sellHundredths) / 100)"
        ]
    }

    var json: String {
        var object = JSONObject()
        object.text("ticker", "\(opinion.ticker)")
        object.day("as_of", opinion.day)
        object.json("decision", decision.json(opinion))
        object.text("signal", word)
        object.real("probability", opinion.probability)
        object.real("confidence", opinion.confidence)
        object.text("model_id", modelID)
        object.text("regime", "\(opinion.regime)")
        var filings = JSONObject()
        filings.integer("politicians", opinion.filings.politicians)
        filings.integer("buys", opinion.filings.buys)
        filings.integer("sells", opinion.filings.sells)
        filings.real("net_volume", opinion.filings.netVolume)
        filings.day("newest_trade", opinion.filings.newestTrade)
        filings.text("heuristic", "\(opinion.filings.kind)")
        filings.real("heuristic_confidence", opinion.filings.confidence)
        object.json("filings", filings.text)
        object.text("suppressed", opinion.suppressed.map { "\($0)" })
        object.real("blend_weight", Double(opinion.blendTenths) / 10)
        object.json("explanation", explained)
        return object.text
    }

    private var explained: String {
        if case .momentum(let momentum) = opinion.source {
            return JSONObject.list(
                momentum.parts.map { part in
                    var object = JSONObject()
                    object.text("part", part.name)
                    object.real("value", part.value)
                    object.real("says", part.share)
                    object.real("weight", part.weight)
                    return object.text
                })
        }
        return JSONObject.list(
            (explanation?.terms ?? []).map { term in
                var object = JSONObject()
                object.text("feature", Self.name(term))
                object.real("value", term.value.isNaN ? nil : Double(term.value))
                object.real("log_odds", term.logOdds)
                return object.text
            })
    }
}
