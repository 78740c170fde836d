import Events

/// What the heuristic says of some evidence: a kind, and a confidence in whole hundredths.
struct HeuristicScore: Hashable, Sendable {
    let kind: SignalKind
    let confidence: Int

    /// Whether it says buy, strong or not.
    var isBuy: Bool { kind == .buy || kind == .strongBuy }

}

extension HeuristicScore {
    init(_ evidence: Evidence, _ configuration: LoopConfiguration) {
        var confidence = configuration.baseConfidence
        confidence += HeuristicScore.bonus(
            evidence.politicians,
            [
                (configuration.manyPoliticians, configuration.manyPoliticiansBonus),
                (configuration.severalPoliticians, configuration.severalPoliticiansBonus),
                (configuration.fewPoliticians, configuration.fewPoliticiansBonus),
            ])
        confidence += HeuristicScore.bonus(
            evidence.transactions,
            [
                (configuration.manyTransactions, configuration.manyTransactionsBonus),
                (configuration.severalTransactions, configuration.severalTransactionsBonus),
            ])
        confidence += HeuristicScore.bonus(
            evidence.recent,
            [
                (configuration.manyRecent, configuration.manyRecentBonus),
                (configuration.severalRecent, configuration.severalRecentBonus),
            ])
        if evidence.isBipartisan { confidence += configuration.bipartisanBonus }
        if evidence.netVolume.magnitude > configuration.largeVolume {
            confidence += configuration.largeVolumeBonus
        } else if evidence.netVolume.magnitude > configuration.mediumVolume {
            confidence += configuration.mediumVolumeBonus
        }
        kind = HeuristicScore.kind(evidence, configuration)
        switch kind {
        case .strongBuy, .strongSell:
            confidence = min(confidence + configuration.strongBonus, configuration.strongCap)
        case .buy, .sell:
            confidence = min(confidence + configuration.plainBonus, configuration.plainCap)
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

    /// The bonus of the first step that `count` reaches; steps stand from high to low.
    private static func bonus(_ count: Int, _ steps: [(from: Int, bonus: Int)]) -> Int {
        for step in steps where count >= step.from { return step.bonus }
        return 0
    }
}
