import Events
import Learning

/// BlendWeight → Signal: mixes the heuristic's confidence with the champion's.
///
/// Without a champion confidence is the heuristic's. Where both say the same, they strengthen each
/// other; where one is neutral, they weaken each other; where they say opposite things, the
/// evaluation emits nothing, or, as in the replaced systems, half of the smaller confidence.
enum BlendWeightToSignal {
    /// A confidence that heuristic and champion came to.
    struct Mixture: Hashable, Sendable {
        /// Ten-thousandths.
        let confidence: Int
        /// Whether one says buy and the other sell.
        let isOpposed: Bool
    }

    /// The decided confidence under a weight in tenths.
    static func mix(
        _ score: HeuristicScore, _ machine: MachinePrediction?, tenths: Int,
        _ configuration: borrowing LoopConfiguration
    ) -> Mixture {
        guard configuration.blend, let machine, let mapped = machine.mapped else {
            return Mixture(confidence: score.confidence * 100, isOpposed: false)
        }
        let weight = Double(tenths) / 10
        let heuristic = Double(score.confidence) / 100
        let mixed = (1 - weight) * heuristic + weight * Double(mapped)
        guard !isOpposed(score.kind, machine.side) else {
            return Mixture(
                confidence: tenThousandths(0.5 * min(heuristic, Double(mapped))), isOpposed: true)
        }
        switch (side(score.kind), machine.side) {
        case (.buy, .buy), (.sell, .sell):
            let most = Double(configuration.agreementCap) / 100
            return Mixture(
                confidence: tenThousandths(min(configuration.agreementFactor * mixed, most)),
                isOpposed: false)
        default:
            return Mixture(
                confidence: tenThousandths(configuration.disagreementFactor * mixed),
                isOpposed: false)
        }
    }

    /// Whether one says buy and the other sell.
    static func isOpposed(_ kind: SignalKind, _ machine: MachineSide) -> Bool {
        switch (side(kind), machine) {
        case (.buy, .sell), (.sell, .buy): true
        default: false
        }
    }

    /// What a kind of signal says, strong or not.
    private static func side(_ kind: SignalKind) -> MachineSide {
        switch kind {
        case .buy, .strongBuy: .buy
        case .sell, .strongSell: .sell
        case .hold, .unrecognised: .neutral
        }
    }

    /// Rounded to whole ten-thousandths, so that the last bit of a product decides nothing.
    private static func tenThousandths(_ confidence: Double) -> Int {
        Int(capped: (min(max(confidence, 0), 1) * 10_000).rounded())
    }
}
