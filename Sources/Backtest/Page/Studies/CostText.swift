import Events

/// What a reader is told of costs and delays.
enum CostText {
    static let priced =
        "Every order of the run filled in the same session, for the same shares, at the same price "
        + "of the market, and only slippage another: what it then would have come to."
    static let replayed =
        "The strategy run again over the same facts with slippage_bp or publication_delay_days "
        + "changed, models trained anew: other decisions, not the same at another cost."
    static let waiting =
        "The mean over the run's entries of close(e + \(DelayStudy.horizon)) / open(e + k) − 1 "
        + "less the same of the index, e being the session of the fill and k the sessions waited; "
        + "entries that lack a price at one of these count in none."
}

extension CostCurve {
    /// The break-even costs in words.
    var sentences: [String] {
        guard let free = costs.first(where: { $0.value == 0 }) else { return [] }
        var sentences: [String] = []
        if !isOne {
            sentences.append(
                "The run itself is none of these: its past was filled at its parent's slippage.")
        }
        if let breakEven {
            sentences.append(
                "Its profit is 0 at \(Figures.fixed(breakEven, 1)) bp of slippage a side.")
        } else if let total = free.totalReturn, total <= 0 {
            sentences.append("It earns nothing even without slippage.")
        }
        if let excessBreakEven {
            sentences.append(
                "Its excess over the index at equal exposure is 0 at "
                    + "\(Figures.fixed(excessBreakEven, 1)) bp.")
        } else if let excess = free.equalExposure, excess <= 0 {
            sentences.append(
                "Its excess over the index at equal exposure is below 0 even without slippage.")
        }
        return sentences
    }
}

extension DelayStudy {
    /// What a delay is called.
    static func name(_ sessions: Int) -> String {
        switch sessions {
        case 0: "at its fill"
        case 1: "1 session later"
        default: "\(sessions) sessions later"
        }
    }
}
