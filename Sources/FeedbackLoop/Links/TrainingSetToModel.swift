import Events
import Learning
import Market

/// TrainingSet → Model: asks the trainer for a model; the performer answers with a fact.
enum TrainingSetToModel {
    /// Records the request and gives the order that goes with it.
    static func request(
        _ job: JobKind, _ context: JobContext, _ state: inout LoopState,
        _ world: borrowing World, _ recorder: inout Recorder
    ) -> TrainingOrder? {
        guard let day = world.day else { return nil }
        let configuration = state.configuration
        let useOutcomes = job == .feedbackRetraining && configuration.useOutcomes
        let set = OutcomeToTrainingSet.decide(&state, world, useOutcomes: useOutcomes)
        var parameters = configuration.trainingParameters
        // Labels of neighbouring sessions share most of their window: a leaf of a few rows is one
        // window's luck.
        parameters.minimumChildWeight = max(
            parameters.minimumChildWeight, configuration.leafShare * Double(set.training.count))
        let config = Array(parameters.canonicalJSON.utf8)
        let request = TrainingRequested(
            envelope: recorder.envelope(), trainingSet: nil, parameters: context.digest(config),
            seed: parameters.seed, scheduledAt: context.scheduledAt, asOf: day,
            lookbackSessions: UInt16(clamping: configuration.trainingRules.lookbackSessions),
            outcomeWindowDays: UInt16(clamping: configuration.trainingRules.outcomeWindowDays),
            featureSchema: FeatureCatalogue.schema, job: job, useOutcomes: useOutcomes,
            compareToCurrent: true, trigger: context.trigger, who: context.who, config: config)
        return TrainingOrder(
            reference: recorder.record(request), request: request, set: set,
            parameters: parameters)
    }

    /// Takes a model that was trained: the candidate from now on, in place of the one before.
    static func take(
        _ reference: Reference, _ event: ModelTrained, _ model: TrainedModel, _ set: TrainingSet,
        wins: [Float], _ state: inout LoopState, _ world: borrowing World,
        _ recorder: inout Recorder
    ) {
        let superseded = state.models.candidate
        state.models.evolve(
            trained: ModelBook.Model(
                reference: reference, artefact: event.artefact, answers: .trees(model.ensemble),
                labelsThrough: event.labelsThrough,
                labelsThroughSession: set.labelsThroughSession ?? 0, majority: set.majority,
                trainingWins: wins,
                map: QuantileMap(
                    points: event.quantileMap.map {
                        QuantileMap.Point(
                            probability: $0.probability, confidence: $0.confidence)
                    }), trainedSession: world.session))
        guard let superseded else { return }
        recorder.record(
            ModelRetired(
                envelope: recorder.envelope(causation: reference), model: superseded.reference,
                successor: reference, ended: reference, reason: .superseded, text: []))
    }
}
