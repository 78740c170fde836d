import Events
import Learning

/// A person's word on models: what is possible becomes a promotion or a rollback of this run, what
/// is not becomes a refusal with its reason.
enum OperatorToModels {
    static func promote(
        _ act: ModelPromoted, _ context: ActContext, _ state: inout LoopState,
        _ recorder: inout Recorder
    ) {
        let previous = state.models.champion
        if let previous, previous.artefact == act.artefact {
            return OperatorAct.refuse(
                context.fact, "model \(act.artefact) is the champion already", &recorder)
        }
        guard let known = state.models.known(act.artefact) else {
            return OperatorAct.refuse(
                context.fact,
                "model \(act.artefact) is none that this run had trained by then", &recorder)
        }
        guard let model = load(known, "promoted", context, state, &recorder) else { return }
        let promotion = recorder.record(
            ModelPromoted(
                envelope: recorder.envelope(causation: context.fact), model: model.reference,
                previous: previous?.reference ?? .none, comparison: .none,
                artefact: model.artefact, follows: state.models.latestPromotion, cause: .person,
                who: act.who, text: act.text))
        if let previous {
            retire(previous.reference, for: model.reference, promotion, .replaced, [], &recorder)
        }
        state.models.evolve(promoted: model, by: promotion)
    }

    static func rollBack(
        _ act: ModelRolledBack, _ context: ActContext, _ state: inout LoopState,
        _ recorder: inout Recorder
    ) {
        guard let replaced = state.models.champion else {
            return OperatorAct.refuse(
                context.fact, "there is no champion to roll back from", &recorder)
        }
        var model: ModelBook.Model?
        if let before = state.models.championBefore {
            guard let loaded = load(before, "made champion again", context, state, &recorder)
            else { return }
            model = loaded
        }
        let rollback = recorder.record(
            ModelRolledBack(
                envelope: recorder.envelope(causation: context.fact),
                model: model?.reference ?? .none, replaced: replaced.reference,
                follows: state.models.latestPromotion, who: act.who, text: act.text))
        retire(
            replaced.reference, for: model?.reference ?? .none, rollback, .rolledBack, act.text,
            &recorder)
        state.models.evolve(rolledBackTo: model, by: rollback)
    }

    /// A known model with its trees; nil, and refused, when they are lost.
    private static func load(
        _ known: ModelBook.Shelved, _ what: String, _ context: ActContext,
        _ state: borrowing LoopState, _ recorder: inout Recorder
    ) -> ModelBook.Model? {
        if known.isImported {
            return ImportToModel.completed(ModelBook.Model(known, .table), state)
        }
        switch context.load(known.artefact) {
        case .success(let ensemble): return ModelBook.Model(known, .trees(ensemble))
        case .failure(let error):
            OperatorAct.refuse(
                context.fact, "model \(known.reference) cannot be \(what): \(error.description)",
                &recorder)
            return nil
        }
    }

    private static func retire(
        _ model: Reference, for successor: Reference, _ ended: Reference,
        _ reason: RetirementReason, _ text: [UInt8], _ recorder: inout Recorder
    ) {
        recorder.record(
            ModelRetired(
                envelope: recorder.envelope(causation: ended), model: model, successor: successor,
                ended: ended, reason: reason, text: text))
    }
}
