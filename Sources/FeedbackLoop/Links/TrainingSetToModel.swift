import Events
import Learning
import Market

/// TrainingSet → Model: asks the trainer for a model, and takes what the performer answers.
enum TrainingSetToModel {
    /// Records the request of the job that has begun, waits for its answer, and lets a new model
    /// meet the gate.
    static func decide(
        _ call: JobCall, _ state: inout LoopState, _ memo: inout LoopMemo, _ desk: inout Desk
    ) throws(LoopError) -> StageAnswer {
        guard let day = desk.world.day, let start = desk.journal.latest?.start else {
            return StageAnswer()
        }
        if let fault = call.terms.fault(under: state.configuration) {
            return StageAnswer(failure: "\(fault)")
        }
        let set = cut(call, start, state, &memo, desk.world)
        if state.training.map({ $0.reference < start }) ?? true {
            let reference = request(call, set, day, &state, &desk)
            memo.cut = (reference, set)
        }
        guard let training = state.training else { return StageAnswer() }
        guard training.isAnswered else {
            return StageAnswer(
                order: TrainingOrder(
                    reference: training.reference, request: training.request, set: set,
                    parameters: parameters(set, state.configuration)))
        }
        memo.cut = nil
        if let failure = training.failure {
            return StageAnswer(examined: set.rowsExamined, failure: "\(failure)")
        }
        let examined = set.rowsExamined
        ModelToPromotion.settle(&state, &desk)
        if let candidate = state.models.candidate, state.models.candidateJudged < start {
            if training.request.compareToCurrent {
                try ModelToPromotion.decide(candidate, &state, &memo, &desk)
            } else {
                ModelToPromotion.leaveUncompared(candidate, &state, &desk)
            }
        }
        return StageAnswer(examined: examined)
    }

    /// The rows that a job takes: cut now, or when it asked.
    private static func cut(
        _ call: JobCall, _ start: Reference, _ state: borrowing LoopState,
        _ memo: inout LoopMemo, _ world: borrowing World
    ) -> TrainingSet {
        if let cut = memo.cut, start < cut.request { return cut.set }
        return OutcomeToTrainingSet.decide(
            state, session: world.session, call.terms, call.kind)
    }

    /// What the trainer is asked to do with a set.
    private static func parameters(
        _ set: borrowing TrainingSet, _ configuration: borrowing LoopConfiguration
    ) -> TrainingParameters {
        var parameters = configuration.trainingParameters
        // Labels of neighbouring sessions share most of their window: a leaf of a few rows is one
        // window's luck.
        parameters.minimumChildWeight = max(
            parameters.minimumChildWeight, configuration.leafShare * Double(set.training.count))
        return parameters
    }

    private static func request(
        _ call: JobCall, _ set: borrowing TrainingSet, _ day: Day, _ state: inout LoopState,
        _ desk: inout Desk
    ) -> Reference {
        let configuration = state.configuration
        let parameters = parameters(set, configuration)
        let config = Array(parameters.canonicalJSON.utf8)
        let rules = call.terms.rules(call.kind, configuration)
        return desk.record(
            TrainingRequested(
                envelope: desk.envelope(), trainingSet: nil, parameters: desk.digest(config),
                seed: parameters.seed, scheduledAt: desk.now, asOf: day,
                lookbackSessions: UInt16(clamping: rules.lookbackSessions),
                outcomeWindowDays: UInt16(clamping: rules.outcomeWindowDays),
                featureSchema: FeatureCatalogue.schema, job: call.kind,
                useOutcomes: rules.useOutcomes,
                compareToCurrent: call.terms.compareToCurrent ?? true, trigger: call.trigger,
                who: call.who, outcomeWeight: call.terms.outcomeWeight, config: config),
            &state)
    }
}
