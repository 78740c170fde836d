import Events
import Learning
import Market

/// A model of another tool: its predictions are facts, and it meets the same gate as the loop's
/// own, with the same shadow before and the same blend after.
enum ImportToModel {
    /// Retires what a later import of the same name replaced, and lets the others meet the gate,
    /// each once it has enough rows; gives how many were looked at.
    static func decide(
        _ state: inout LoopState, _ memo: inout LoopMemo, _ desk: inout Desk
    ) throws(LoopError) -> Int {
        while let (old, new) = state.models.imports.superseded {
            desk.record(
                ModelRetired(
                    envelope: desk.envelope(causation: new), model: old, successor: new,
                    ended: new, reason: .superseded, text: []), &state)
        }
        for entry in state.models.imports.candidates where !entry.isCompared {
            try ModelToPromotion.decide(
                completed(entry.model, state), &state, &memo, &desk)
        }
        // Those that were compared in this job, and those that wait.
        let waiting = state.models.imports.candidates.reduce(0) { $0 + ($1.isCompared ? 0 : 1) }
        return waiting + (desk.journal.latest?.examined ?? 0)
    }

    /// The model with what the loop itself must find out: the majority class of the time that it
    /// had seen, and how its probabilities lie on the scale of the heuristic's confidences.
    static func completed(
        _ model: ModelBook.Model, _ state: borrowing LoopState
    ) -> ModelBook.Model {
        var model = model
        let rows = state.rows.mature.rows
        let labels = rows.filter { $0.session <= model.labelsThroughSession }.compactMap(\.label)
        func count(_ outcome: OutcomeClass) -> Int {
            labels.reduce(0) { $0 + ($1.outcome == outcome ? 1 : 0) }
        }
        for outcome in [OutcomeClass.breakeven, .win] where count(outcome) > count(model.majority) {
            model.majority = outcome
        }
        guard model.map.points.isEmpty else { return model }
        let predicted = state.models.imports.predictions(model, rows, at: Array(rows.indices))
        let known = rows.indices.filter { predicted[$0] != nil }
        model.map = QuantileMap(
            probabilities: known.compactMap { predicted[$0].map { MachineSide.probability($0) } },
            confidences: known.map { Float(rows[$0].heuristic) / 100 })
        return model
    }
}
