import Events
public import Learning
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

    /// The rules of this configuration's hypothetical trades.
    public var labelRules: LabelRules {
        LabelRules(
            costs: marketRules.costs, stopMultiple: stopMultiple,
            trailingFraction: trailingFraction, takeProfitFraction: takeProfitFraction,
            timeoutDays: timeoutDays, noPriceSessions: noPriceSessions,
            delistingHaircut: delistingHaircut, breakeven: breakevenFraction)
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
