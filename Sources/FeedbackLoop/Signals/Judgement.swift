import Events
import Learning

/// What heuristic, champion and candidate say of an evaluation, and what follows.
struct Judgement: Sendable {
    let score: HeuristicScore
    /// Each model's word, the champion's first, and the confidence there would be with it.
    let machine: [(prediction: MachinePrediction, mixture: BlendWeightToSignal.Mixture)]
    /// What is decided: the mixture with the champion, or the heuristic alone.
    let decided: BlendWeightToSignal.Mixture

    init(
        _ score: HeuristicScore, _ predictions: [MachinePrediction], _ state: borrowing LoopState
    ) {
        self.score = score
        let (tenths, configuration) = (state.blendTenths, state.configuration)
        machine = predictions.map {
            ($0, BlendWeightToSignal.mix(score, $0, tenths: tenths, configuration))
        }
        decided =
            machine.first { $0.prediction.role == .champion }?.mixture
            ?? BlendWeightToSignal.mix(score, nil, tenths: tenths, configuration)
    }

    /// The champion's word; nil without one.
    var champion: MachinePrediction? {
        machine.first { $0.prediction.role == .champion }?.prediction
    }
}

extension LoopState {
    /// An evaluation was recorded: thresholds count it, and what models said of it waits for its
    /// label. `isCounted` says whether its confidence decided on a buy.
    mutating func evolve(
        judged judgement: Judgement, _ arms: ShadowArms, isCounted: Bool, _ signal: Reference
    ) {
        guard !judgement.machine.isEmpty else { return }
        if let champion = judgement.champion {
            tally.add(champion.side)
            self.arms.expect(arms, signal)
            performance.expect(
                PerformanceBook.Prediction(
                    model: champion.model, probabilities: champion.probabilities), signal)
        }
        guard isCounted else { return }
        let least = 100 * configuration.emitThreshold
        calibration.expect(
            judgement.machine.filter { !$0.mixture.isOpposed && $0.mixture.confidence >= least }
                .map {
                    CalibrationBook.Prediction(
                        model: $0.prediction.model, confidence: $0.mixture.confidence)
                }, signal)
    }
}
