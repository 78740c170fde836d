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

    /// The decided confidence under a weight in tenths; `note` is lent how it came to it.
    static func mix(
        _ score: HeuristicScore, _ machine: MachinePrediction?, tenths: Int,
        _ configuration: borrowing LoopConfiguration, note: (MixtureStep) -> Void = { _ in }
    ) -> Mixture {
        guard configuration.blend, let machine, let mapped = machine.mapped else {
            note(.heuristicAlone)
            return Mixture(confidence: score.confidence * 100, isOpposed: false)
        }
        let weight = Double(tenths) / 10
        let heuristic = Double(score.confidence) / 100
        let mixed = (1 - weight) * heuristic + weight * Double(mapped)
        guard !isOpposed(score.kind, machine.side) else {
            note(.opposed)
            return Mixture(
                confidence: tenThousandths(0.5 * min(heuristic, Double(mapped))), isOpposed: true)
        }
        switch (side(score.kind), machine.side) {
        case (.buy, .buy), (.sell, .sell):
            let most = Double(configuration.agreementCap) / 100
            note(.agreed(mixed: mixed, factor: configuration.agreementFactor, cap: most))
            return Mixture(
                confidence: tenThousandths(min(configuration.agreementFactor * mixed, most)),
                isOpposed: false)
        default:
            note(.neutral(mixed: mixed, factor: configuration.disagreementFactor))
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

/// How heuristic and champion came to one confidence.
public enum MixtureStep: Hashable, Sendable {
    /// There is no champion, or it has no part: the heuristic's confidence stands.
    case heuristicAlone
    /// One says buy and the other sell: half of the smaller confidence.
    case opposed
    /// Both say the same: the weighted mean times a factor, at most a cap.
    case agreed(mixed: Double, factor: Double, cap: Double)
    /// One of both is neutral: the weighted mean times a factor.
    case neutral(mixed: Double, factor: Double)
}
