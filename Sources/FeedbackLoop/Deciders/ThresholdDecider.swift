import Events
import Learning

/// Moves the machine's thresholds by how many buys and sells the champion names, after scoring.
enum ThresholdDecider {
    /// Classifications of the champion since the latest evaluation, one an evaluation.
    struct Tally: Hashable, Sendable {
        var buys = 0
        var sells = 0
        var neutrals = 0

        var total: Int { buys + sells + neutrals }

        mutating func add(_ side: MachineSide) {
            switch side {
            case .buy: buys += 1
            case .sell: sells += 1
            case .neutral, .unrecognised: neutrals += 1
            }
        }
    }

    /// Records an evaluation once enough was classified, and counts anew.
    static func decide(_ state: inout LoopState, _ desk: inout Desk) {
        let configuration = state.configuration
        guard configuration.adaptiveThresholds, state.tally.total >= configuration.thresholdCount
        else { return }
        let (next, reason) = verdict(state.tally, state.thresholds, configuration)
        desk.record(
            ThresholdsEvaluated(
                envelope: desk.envelope(), buys: UInt32(state.tally.buys),
                sells: UInt32(state.tally.sells), neutrals: UInt32(state.tally.neutrals),
                previousBuyHundredths: UInt8(state.thresholds.buyHundredths),
                buyHundredths: UInt8(next.buyHundredths),
                previousSellHundredths: UInt8(state.thresholds.sellHundredths),
                sellHundredths: UInt8(next.sellHundredths), reason: reason), &state)
    }

    /// With fewer than half as many buys as sells the buy threshold falls, or at its bound the sell
    /// threshold; with more than twice as many the sell threshold rises, or at its bound the buy
    /// threshold. Neither move may bring the two nearer than the neutral zone.
    static func verdict(
        _ tally: Tally, _ old: MachineThresholds, _ configuration: LoopConfiguration
    ) -> (MachineThresholds, ThresholdReason) {
        let step = configuration.thresholdStep
        var (byBuy, bySell) = (old, old)
        let reason: ThresholdReason
        let first: MachineThresholds
        let second: MachineThresholds
        if 2 * tally.buys < tally.sells {
            byBuy.buyHundredths = max(old.buyHundredths - step, configuration.buyThresholdLeast)
            bySell.sellHundredths = max(old.sellHundredths - step, configuration.sellThresholdLeast)
            (first, second, reason) = (byBuy, bySell, .tooManySells)
        } else if tally.buys > 2 * tally.sells {
            bySell.sellHundredths = min(old.sellHundredths + step, configuration.sellThresholdMost)
            byBuy.buyHundredths = min(old.buyHundredths + step, configuration.buyThresholdMost)
            (first, second, reason) = (bySell, byBuy, .tooManyBuys)
        } else {
            return (old, .balanced)
        }
        var isTooNear = false
        for next in [first, second] where next != old {
            if next.buyHundredths - next.sellHundredths >= configuration.neutralZone {
                return (next, reason)
            }
            isTooNear = true
        }
        return (old, isTooNear ? .neutralZone : .atBound)
    }
}
