import Events

/// What the heuristic says of some evidence: a kind, and a confidence in whole hundredths.
struct HeuristicScore: Hashable, Sendable {
    let kind: SignalKind
    let confidence: Int

    /// Whether it says buy, strong or not.
    var isBuy: Bool { kind == .buy || kind == .strongBuy }
}

/// What one setting adds to the heuristic's confidence, or takes from it.
public struct ConfidenceTerm: Hashable, Sendable {
    /// The setting.
    public let setting: String
    /// What was counted or summed; nil for the base and for caps.
    public let observed: Double?
    /// From where on the setting applies; nil where it always does.
    public let from: Double?
    /// Hundredths of confidence; negative for what a cap takes.
    public let hundredths: Int
}

extension HeuristicScore {
    /// A bonus and from where on it applies, with the setting that gives it.
    private typealias Step = (from: Int, bonus: Int, setting: String)

    /// Adds up what the settings give; `note` is lent each term.
    init(
        _ evidence: Evidence, _ configuration: LoopConfiguration,
        note: (ConfidenceTerm) -> Void = { _ in }
    ) {
        var confidence = configuration.baseConfidence
        note(
            ConfidenceTerm(
                setting: "base_confidence", observed: nil, from: nil, hundredths: confidence))
        func add(_ bonus: Int, _ setting: String, _ observed: Double?, _ from: Double?) {
            confidence += bonus
            note(
                ConfidenceTerm(setting: setting, observed: observed, from: from, hundredths: bonus))
        }
        /// The first step that is reached; steps stand from high to low.
        func climb(_ count: Int, _ steps: Step...) {
            guard let step = steps.first(where: { count >= $0.from }) else { return }
            add(step.bonus, step.setting, Double(count), Double(step.from))
        }
        climb(
            evidence.politicians,
            (
                configuration.manyPoliticians, configuration.manyPoliticiansBonus,
                "politicians_many_bonus"
            ),
            (
                configuration.severalPoliticians, configuration.severalPoliticiansBonus,
                "politicians_several_bonus"
            ),
            (
                configuration.fewPoliticians, configuration.fewPoliticiansBonus,
                "politicians_few_bonus"
            ))
        climb(
            evidence.transactions,
            (
                configuration.manyTransactions, configuration.manyTransactionsBonus,
                "transactions_many_bonus"
            ),
            (
                configuration.severalTransactions, configuration.severalTransactionsBonus,
                "transactions_several_bonus"
            ))
        climb(
            evidence.recent,
            (configuration.manyRecent, configuration.manyRecentBonus, "recent_many_bonus"),
            (configuration.severalRecent, configuration.severalRecentBonus, "recent_several_bonus"))
        if evidence.isBipartisan {
            add(configuration.bipartisanBonus, "bipartisan_bonus", nil, nil)
        }
        let volume = evidence.netVolume.magnitude
        if volume > configuration.largeVolume {
            add(
                configuration.largeVolumeBonus, "volume_large_bonus", volume,
                configuration.largeVolume)
        } else if volume > configuration.mediumVolume {
            add(
                configuration.mediumVolumeBonus, "volume_medium_bonus", volume,
                configuration.mediumVolume)
        }
        func cap(_ most: Int, _ setting: String) {
            if confidence > most { add(most - confidence, setting, nil, nil) }
        }
        kind = HeuristicScore.kind(evidence, configuration)
        switch kind {
        case .strongBuy, .strongSell:
            add(configuration.strongBonus, "strong_bonus", nil, nil)
            cap(configuration.strongCap, "strong_cap")
        case .buy, .sell:
            add(configuration.plainBonus, "plain_bonus", nil, nil)
            cap(configuration.plainCap, "plain_cap")
        case .hold, .unrecognised:
            break
        }
        self.confidence = min(confidence, 100)
    }

    private static func kind(
        _ evidence: Evidence, _ configuration: LoopConfiguration
    ) -> SignalKind {
        guard evidence.transactions > 0 else { return .hold }
        let ratio = evidence.ratio(cap: configuration.ratioCap)
        if ratio >= configuration.strongBuyRatio { return .strongBuy }
        if ratio >= configuration.buyRatio { return .buy }
        if Double(evidence.buys) * configuration.strongSellDivisor <= Double(evidence.sells) {
            return .strongSell
        }
        if ratio <= configuration.sellRatio { return .sell }
        return .hold
    }
}
