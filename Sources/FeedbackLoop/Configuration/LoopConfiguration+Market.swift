import Events
public import Market

extension LoopConfiguration {
    /// The rules by which the market fills this configuration's orders.
    public var marketRules: MarketRules {
        MarketRules(
            costs: Costs(
                slippageBasisPoints: slippageBasisPoints,
                commissionBasisPoints: commissionBasisPoints),
            noPriceSessions: noPriceSessions, delistingHaircut: delistingHaircut,
            fractionalShares: fractionalShares, cashRate: cashRate)
    }

    /// Whether entries are risked less in `regime`.
    func isRisky(_ regime: Regime) -> Bool {
        useRegime && (regime == .volatile || regime == .bear)
    }

    /// The factor on an entry's size in `regime`.
    func sizeFactor(_ regime: Regime) -> Double {
        isRisky(regime) ? riskyRegimeSize : 1
    }

    /// The confidence that an entry needs in `regime`, hundredths.
    func entryThreshold(_ regime: Regime) -> Int {
        queueThreshold + (isRisky(regime) ? riskyRegimeThreshold : 0)
    }
}
