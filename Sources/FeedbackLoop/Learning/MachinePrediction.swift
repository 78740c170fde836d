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
        _ model: ModelBook.Model, _ role: ModelRole, _ probabilities: TreeEnsemble.Probabilities,
        _ thresholds: MachineThresholds
    ) {
        self.model = model.reference
        self.role = role
        self.probabilities = probabilities
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

/// A ticker with the features that it has in a session; none where the loop has no features.
struct Evaluated: Sendable {
    let ticker: Ticker
    let features: [Float]
}

extension LoopMemo {
    /// What champion and candidates predict of tickers in a session: of each the champion first,
    /// then the loop's own candidate; nothing without features, and nothing of what a table does
    /// not have.
    mutating func predictions(
        _ evaluated: [Evaluated], _ day: Day, _ state: borrowing LoopState,
        _ store: any ArtefactStore
    ) throws(LoopError) -> [[MachinePrediction]] {
        var predictions = [[MachinePrediction]](repeating: [], count: evaluated.count)
        guard state.hasFeatures, !evaluated.isEmpty else { return predictions }
        var models: [(ModelBook.Model, ModelRole)] = []
        if let champion = state.models.champion { models.append((champion, .champion)) }
        if let candidate = state.models.candidate { models.append((candidate, .candidate)) }
        models += state.models.imports.candidates.map { ($0.model, .candidate) }
        for (model, role) in models {
            let known = try self.predictions(model, evaluated, day, state.models.imports, store)
            for (index, predicted) in known.enumerated() {
                guard let predicted else { continue }
                predictions[index].append(
                    MachinePrediction(model, role, predicted, state.thresholds))
            }
        }
        release(but: models.map(\.0.artefact))
        return predictions
    }
}
