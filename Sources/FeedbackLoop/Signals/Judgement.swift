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
