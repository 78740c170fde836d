public import Events
public import FeedbackLoop
public import Learning
import Market
public import Pipeline
public import XGBoost

/// What the loop thinks of a ticker as of the latest session, and what moved the answer.
public struct SignalAnswer: Sendable {
    /// What it thinks.
    public let opinion: Opinion
    /// What it does at the next open.
    public let decision: LoopOutlook.Decision
    /// What moved the champion's answer, the largest effect first; nil without one.
    public let explanation: Explanation?

    /// An opinion with its explanation, the champion's trees lent by a store.
    ///
    /// - Throws: what reading and explaining a model throw.
    public init(
        _ opinion: Opinion, _ decision: LoopOutlook.Decision, store: ModelStore
    ) throws {
        (self.opinion, self.decision) = (opinion, decision)
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

    /// `long`, `short` or `neutral`.
    public var signal: String {
        switch opinion.side {
        case .buy: "long"
        case .sell: "short"
        case .neutral, .unrecognised: "neutral"
        }
    }

    /// The artefact of the model that answered, `momentum` where prices alone did; nil for nobody.
    public var modelID: String? {
        switch opinion.source {
        case .model(let champion): "\(champion.artefact)"
        case .momentum: "momentum"
        case .nobody: nil
        }
    }

    /// The name of what moved the answer.
    public static func name(_ term: Explanation.Term) -> String {
        FeatureCatalogue.features[term.feature].name
    }

    /// As a JSON object.
    public var json: String {
        var object = JSONObject()
        object.text("ticker", "\(opinion.ticker)")
        object.day("as_of", opinion.day)
        object.json("decision", decision.json(opinion))
        object.text("signal", signal)
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
                object.text("feature", SignalAnswer.name(term))
                object.real("value", term.value.isNaN ? nil : Double(term.value))
                object.real("log_odds", term.logOdds)
                return object.text
            })
    }
}

extension LoopOutlook.Decision {
    /// What is done at the next open, as a JSON object.
    public func json(_ opinion: Opinion) -> String {
        var object = JSONObject()
        switch self {
        case .buy(let order):
            object.text("action", "buy")
            object.json("order", order.json)
        case .sell(let order, let reason):
            object.text("action", "sell")
            object.text("reason", reason.map { "\($0)" })
            object.json("order", order.json)
        case .hold(let holding):
            object.text("action", "hold")
            object.real("quantity", holding.quantity.shares)
            object.day("entry_date", holding.entryDay)
        case .skipped(let reason):
            object.text("action", "none")
            object.text("reason", "\(reason)")
        case .nothing:
            object.text("action", "none")
            object.text("reason", opinion.suppressed.map { "\($0)" } ?? "noNewFiling")
        }
        return object.text
    }
}

extension OrderSubmitted {
    /// What an order asks for, as a JSON object.
    public var json: String {
        var object = JSONObject()
        object.text("ticker", "\(ticker)")
        object.text("side", "\(side)")
        object.real("quantity", quantity.shares)
        object.real("reference_price", referencePrice)
        object.real("confidence", confidence)
        object.text("signal", signal == .none ? nil : "\(signal)")
        object.day("decided_on", day)
        return object.text
    }
}

extension LoopOutlook {
    /// Every order for the next open, as a JSON object.
    public func ordersJSON(strategy: String) -> String {
        var object = JSONObject()
        object.day("as_of", day)
        object.text("strategy", strategy)
        object.json("orders", JSONObject.list(orders.map(\.json)))
        return object.text
    }
}
