import Events
import Learning
import Market

/// A person's act on models: what is possible becomes a promotion or a rollback of this run, what
/// is not becomes a refusal with its reason.
enum OperatorToModels {
    static func promote(
        _ act: ModelPromoted, _ fact: Reference, _ state: inout LoopState,
        _ memo: inout LoopMemo, _ desk: inout Desk
    ) {
        let previous = state.models.champion
        if let previous, previous.artefact == act.artefact {
            return OperatorAct.refuse(
                fact, "model \(act.artefact) is the champion already", &state, &desk)
        }
        guard let known = state.models.known(act.artefact) else {
            return OperatorAct.refuse(
                fact, "model \(act.artefact) is none that this run had trained by then", &state,
                &desk)
        }
        guard hasTrees(known, "promoted", fact, &state, &memo, &desk) else { return }
        desk.record(
            ModelPromoted(
                envelope: desk.envelope(causation: fact), model: known.reference,
                previous: previous?.reference ?? .none, comparison: .none,
                artefact: known.artefact, follows: state.models.latestPromotion, cause: .person,
                who: act.who, text: act.text), &state)
        ModelToPromotion.retire(&state, &desk)
    }

    static func rollBack(
        _ act: ModelRolledBack, _ fact: Reference, _ state: inout LoopState,
        _ memo: inout LoopMemo, _ desk: inout Desk
    ) {
        guard let replaced = state.models.champion else {
            return OperatorAct.refuse(
                fact, "there is no champion to roll back from", &state, &desk)
        }
        let before = state.models.championBefore
        if let before {
            guard hasTrees(before, "made champion again", fact, &state, &memo, &desk) else {
                return
            }
        }
        desk.record(
            ModelRolledBack(
                envelope: desk.envelope(causation: fact), model: before?.reference ?? .none,
                replaced: replaced.reference, follows: state.models.latestPromotion,
                who: act.who, text: act.text), &state)
        ModelToPromotion.retire(&state, &desk)
    }

    /// Whether a known model's trees are kept; refused when they are lost.
    private static func hasTrees(
        _ known: ModelBook.Model, _ what: String, _ fact: Reference, _ state: inout LoopState,
        _ memo: inout LoopMemo, _ desk: inout Desk
    ) -> Bool {
        if known.isImported { return true }
        switch desk.artefacts.trees(known.artefact) {
        case .success(let trees):
            memo.lend(trees, known.artefact, wins: nil)
            return true
        case .failure(let error):
            OperatorAct.refuse(
                fact, "model \(known.reference) cannot be \(what): \(error.description)", &state,
                &desk)
            return false
        }
    }
}
