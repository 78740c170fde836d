import Events
import Learning
import Market

/// Model → Promotion: the gate. A candidate meets the champion, or the majority baseline, on whole
/// decision dates after everything that either was trained on.
enum ModelToPromotion {
    static func decide(
        _ context: JobContext, _ state: inout LoopState, _ world: borrowing World,
        _ recorder: inout Recorder
    ) {
        guard let candidate = state.models.candidate else { return }
        decide(candidate, context, &state, world, &recorder)
    }

    /// A candidate of any origin; `rows` are those that it and the champion can be compared on.
    static func decide(
        _ candidate: ModelBook.Model, _ context: JobContext, _ state: inout LoopState,
        _ world: borrowing World, _ recorder: inout Recorder
    ) {
        let rows = holdout(candidate, &state, world)
        guard state.configuration.gate == .always || rows.count >= GateRule.enoughRows else {
            wait(candidate, rows.count, &state, &recorder)
            return
        }
        let settings = GateSettings(
            mode: state.configuration.gate.mode, labelSessions: state.configuration.labelSessions,
            thresholds: state.thresholds,
            seed: state.configuration.trainingParameters.seed)
        let statistics = GateStatistics(
            rows: rows, majority: candidate.majority, trainingWins: candidate.trainingWins,
            settings: settings, matured: matured(rows, candidate, settings, state, world))
        var identity: [UInt8] = []
        for row in rows { row.appendIdentity(to: &identity) }
        let sessions = (rows.first?.session ?? 0)...(rows.last?.session ?? 0)
        let comparison = recorder.record(
            statistics.message(
                envelope: recorder.envelope(causation: candidate.reference),
                challenger: candidate.reference,
                champion: state.models.champion?.reference ?? .none,
                holdout: context.digest(identity), reused: state.models.reuses(sessions)))
        state.models.evolve(compared: sessions, of: candidate)
        if statistics.decision == .promote {
            promote(candidate, comparison, &state, &recorder)
        } else {
            hold(candidate, comparison, statistics, &recorder)
        }
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
        _ candidate: ModelBook.Model, _ state: inout LoopState, _ world: borrowing World
    ) -> [HoldoutRow] {
        let trained = max(
            candidate.labelsThroughSession, state.models.champion?.labelsThroughSession ?? 0)
        let first = trained + state.configuration.trainingRules.embargoSessions + 1
        let last = state.labels.latestMatureSession(decidedThrough: world.session)
        let places = state.rows.mature.places(from: first, through: last)
        let mature = state.rows.mature.rows
        let champion = state.models.championPredictions(mature, at: places)
        let challenger = state.models.predictions(candidate, mature, at: places)
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
        _ candidate: ModelBook.Model, _ rows: Int, _ state: inout LoopState,
        _ recorder: inout Recorder
    ) {
        guard !state.models.isWaiting(candidate.reference) else { return }
        recorder.record(
            ModelHeldAsCandidate(
                envelope: recorder.envelope(causation: candidate.reference),
                model: candidate.reference, comparison: .none, holdoutRows: UInt32(rows),
                reason: .awaitingHoldout))
        state.models.evolve(waiting: candidate.reference)
    }

    private static func promote(
        _ candidate: ModelBook.Model, _ comparison: Reference, _ state: inout LoopState,
        _ recorder: inout Recorder
    ) {
        let previous = state.models.champion
        let promotion = recorder.record(
            ModelPromoted(
                envelope: recorder.envelope(causation: comparison), model: candidate.reference,
                previous: previous?.reference ?? .none, comparison: comparison,
                artefact: candidate.artefact, follows: state.models.latestPromotion,
                cause: state.configuration.gate == .always ? .everyModel : .gate, who: nil,
                text: []))
        if let previous {
            recorder.record(
                ModelRetired(
                    envelope: recorder.envelope(causation: promotion), model: previous.reference,
                    successor: candidate.reference, ended: promotion, reason: .replaced, text: []))
        }
        state.models.evolve(promoted: candidate, by: promotion)
    }

    private static func hold(
        _ candidate: ModelBook.Model, _ comparison: Reference, _ statistics: GateStatistics,
        _ recorder: inout Recorder
    ) {
        let reason: HoldReason =
            statistics.decision == .insufficient
            ? .insufficientEvidence : statistics.isBaseline ? .noChampion : .gateRefused
        recorder.record(
            ModelHeldAsCandidate(
                envelope: recorder.envelope(causation: comparison), model: candidate.reference,
                comparison: comparison, holdoutRows: UInt32(statistics.new.rows), reason: reason))
    }
}
