public import Events

extension MachineSide {
    /// What a model says by p = P(win) / (P(win) + P(loss)): buy at the buy threshold or above,
    /// sell at the sell threshold or below.
    public init(_ share: Double, _ thresholds: MachineThresholds) {
        if share >= Double(thresholds.buyHundredths) / 100 {
            self = .buy
        } else {
            self = share <= Double(thresholds.sellHundredths) / 100 ? .sell : .neutral
        }
    }

    /// The probability of the more likely side, max(p, 1 − p): that of a buy, a sell or neither.
    public static func probability(_ probabilities: TreeEnsemble.Probabilities) -> Float {
        let share = Float(probabilities.winShare ?? 0.5)
        return max(share, 1 - share)
    }
}
