import Events
import Learning
import Market

/// Model → Promotion: the gate. A candidate meets the champion, or the majority baseline, on whole
/// decision dates after everything that either was trained on.
enum ModelToPromotion {
    /// Records what earlier events of this instant leave to be said: the decision of a comparison,
    /// the retirement of a model that ended.
    static func settle(_ state: inout LoopState, _ desk: inout Desk) {
        if let undecided = state.models.undecided { conclude(undecided, &state, &desk) }
        retire(&state, &desk)
    }

    /// A candidate of any origin meets the gate, on the rows that it and the champion can be
    /// compared on.
    static func decide(
        _ candidate: ModelBook.Model, _ state: inout LoopState, _ memo: inout LoopMemo,
        _ desk: inout Desk
    ) throws(LoopError) {
        let rows = try holdout(candidate, state, &memo, desk)
        guard state.configuration.gate == .always || rows.count >= GateRule.enoughRows else {
            wait(candidate, rows.count, &state, &desk)
            return
        }
        let settings = GateSettings(
            mode: state.configuration.gate.mode, labelSessions: state.configuration.labelSessions,
            thresholds: state.thresholds,
            seed: state.configuration.trainingParameters.seed)
        let statistics = GateStatistics(
            rows: rows, majority: candidate.majority,
            trainingWins: try memo.wins(of: candidate, state, desk.artefacts), settings: settings,
            matured: matured(rows, candidate, settings, state, desk.world))
        var identity: [UInt8] = []
        for row in rows { row.appendIdentity(to: &identity) }
        let sessions = (rows.first?.session ?? 0)...(rows.last?.session ?? 0)
        desk.record(
            statistics.message(
                envelope: desk.envelope(causation: candidate.reference),
                challenger: candidate.reference,
                champion: state.models.champion?.reference ?? .none,
                holdout: desk.digest(identity), reused: state.models.reuses(sessions)), &state)
        settle(&state, &desk)
    }

    /// On rows decided after both models were trained; nil without a champion.
    private static func matured(
        _ rows: [HoldoutRow], _ candidate: ModelBook.Model, _ settings: GateSettings,
        _ state: borrowing LoopState, _ world: borrowing World
    ) -> MaturedDifference? {
        guard let champion = state.models.champion else { return nil }
        return MaturedDifference(
            rows: rows, firstSession: max(candidate.trainedSession, champion.trainedSession) + 1,
            maturedThrough: state.labels.latestMatureSession(decidedThrough: world.session),
            blockSessions: settings.blockSessions)
    }

    /// Rows decided after the later end of both models' labels and the embargo, whose own labels
    /// are mature, by whole dates.
    private static func holdout(
        _ candidate: ModelBook.Model, _ state: borrowing LoopState, _ memo: inout LoopMemo,
        _ desk: borrowing Desk
    ) throws(LoopError) -> [HoldoutRow] {
        let trained = max(
            candidate.labelsThroughSession, state.models.champion?.labelsThroughSession ?? 0)
        let first = trained + state.configuration.trainingRules.embargoSessions + 1
        let last = state.labels.latestMatureSession(decidedThrough: desk.world.session)
        let places = state.rows.mature.places(from: first, through: last)
        let mature = state.rows.mature.rows
        let imports = state.models.imports
        let champion = try memo.championPredictions(
            state.models.champion, mature, at: places, imports, desk.artefacts)
        let challenger = try memo.predictions(
            candidate, mature, at: places, imports, desk.artefacts)
        var rows: [HoldoutRow] = []
        rows.reserveCapacity(places.count)
        for (index, place) in places.enumerated() {
            guard let label = mature[place].label, let predicted = challenger[index] else {
                continue
            }
            // Of a row that the champion was not told of it says nothing to be compared with.
            if let champion, champion[index] == nil { continue }
            rows.append(
                HoldoutRow(
                    day: mature[place].decidedOn, session: mature[place].session,
                    ticker: mature[place].ticker, label: label.outcome, netReturn: label.netReturn,
                    champion: champion?[index], challenger: predicted))
        }
        rows.sort { $0.precedes($1) }
        return rows
    }

    private static func wait(
        _ candidate: ModelBook.Model, _ rows: Int, _ state: inout LoopState, _ desk: inout Desk
    ) {
        guard !state.models.isWaiting(candidate.reference) else { return }
        desk.record(
            ModelHeldAsCandidate(
                envelope: desk.envelope(causation: candidate.reference),
                model: candidate.reference, comparison: .none, holdoutRows: UInt32(rows),
                reason: .awaitingHoldout), &state)
    }

    /// A request asked for a model and for no comparison: it stays a candidate.
    static func leaveUncompared(
        _ candidate: ModelBook.Model, _ state: inout LoopState, _ desk: inout Desk
    ) {
        desk.record(
            ModelHeldAsCandidate(
                envelope: desk.envelope(causation: candidate.reference),
                model: candidate.reference, comparison: .none, holdoutRows: 0,
                reason: .comparisonNotAsked), &state)
    }

    /// Promotes or holds, as a comparison decided.
    private static func conclude(
        _ undecided: ModelBook.Undecided, _ state: inout LoopState, _ desk: inout Desk
    ) {
        let envelope = desk.envelope(causation: undecided.comparison)
        if undecided.decision == .promote,
            let candidate = state.models.candidate(undecided.challenger)
        {
            desk.record(
                ModelPromoted(
                    envelope: envelope, model: candidate.reference,
                    previous: state.models.champion?.reference ?? .none,
                    comparison: undecided.comparison, artefact: candidate.artefact,
                    follows: state.models.latestPromotion,
                    cause: state.configuration.gate == .always ? .everyModel : .gate, who: nil,
                    text: []), &state)
            return
        }
        let reason: HoldReason =
            undecided.decision == .insufficient
            ? .insufficientEvidence : undecided.isBaseline ? .noChampion : .gateRefused
        desk.record(
            ModelHeldAsCandidate(
                envelope: envelope, model: undecided.challenger,
                comparison: undecided.comparison, holdoutRows: undecided.rows, reason: reason),
            &state)
    }

    /// Records the retirement of the model that ended last, if it is due.
    static func retire(_ state: inout LoopState, _ desk: inout Desk) {
        guard let due = state.models.unretired else { return }
        desk.record(
            ModelRetired(
                envelope: desk.envelope(causation: due.ended), model: due.model,
                successor: due.successor, ended: due.ended, reason: due.reason, text: due.text),
            &state)
    }
}
