import Events
import Learning

/// What one model says of an evaluation.
struct MachinePrediction: Sendable {
    let model: Reference
    let role: ModelRole
    let probabilities: TreeEnsemble.Probabilities
    /// P(win) / (P(win) + P(loss)).
    let share: Double
    let side: MachineSide
    /// The side probability on the heuristic's scale.
    let mapped: Float?
}

extension MachinePrediction {
    init(
        _ model: ModelBook.Model, _ role: ModelRole, _ features: [Float],
        _ thresholds: MachineThresholds
    ) {
        self.model = model.reference
        self.role = role
        probabilities = model.ensemble.probabilities(features)
        share = probabilities.winShare ?? 0.5
        side = MachineSide(share, thresholds)
        mapped = model.map(MachineSide.probability(probabilities))
    }

    /// As events store it, with the confidence that the evaluation has with this model.
    func prediction(_ mixture: BlendWeightToSignal.Mixture) -> SignalGenerated.Prediction {
        SignalGenerated.Prediction(
            model: model, win: probabilities.win, loss: probabilities.loss,
            breakeven: probabilities.breakeven, mapped: mapped,
            confidence: Float(Double(mixture.confidence) / 10_000), role: role, side: side)
    }
}

extension LoopState {
    /// What champion and candidate say, the champion first; nothing without features.
    func predictions(_ features: [Float]) -> [MachinePrediction] {
        guard !features.isEmpty else { return [] }
        var predictions: [MachinePrediction] = []
        if let champion = models.champion {
            predictions.append(MachinePrediction(champion, .champion, features, thresholds))
        }
        if let candidate = models.candidate {
            predictions.append(MachinePrediction(candidate, .candidate, features, thresholds))
        }
        return predictions
    }
}
