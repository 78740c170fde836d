public import EventLog
public import Events
public import FeedbackLoop
public import Learning

/// What two models say of rows that were decided after both were trained, read back from a run as
/// of a moment: an answer that may be asked for as often as one likes.
public enum MaturedReading {
    /// The difference in correctness, challenger − champion, with its confidence sequence.
    ///
    /// Features are those that the evaluations stored, labels those that were mature by then;
    /// `load` gives a model's trees by its artefact.
    ///
    /// - Throws: `TrainingReplayError` for a reference that is no trained model of the run, and
    ///   whatever `load` throws.
    public static func difference(
        of run: EventLog, timeline: EventLog, _ configuration: LoopConfiguration, asOf: AsOf,
        challenger: Reference, champion: Reference, load: (Digest) throws -> TreeEnsemble
    ) throws -> MaturedDifference {
        let models = try [challenger, champion].map { try trained($0, run) }
        let trees = try models.map { try load($0.artefact) }
        let trainedAt = max(models[0].envelope.knownAt, models[1].envelope.knownAt)
        let history = try TrainingReplay.history(
            of: run, timeline: timeline, configuration, asOf: asOf)
        var rows: [HoldoutRow] = []
        for row in history.ripe
        where Instant(row.decidedOn + 1, hour: 5, minute: 30) > trainedAt
            && row.features.count == trees[0].columns
        {
            guard let label = row.label else { continue }
            rows.append(
                HoldoutRow(
                    day: row.decidedOn, session: row.session, ticker: row.ticker,
                    label: label.outcome, netReturn: label.netReturn,
                    champion: trees[1].probabilities(row.features),
                    challenger: trees[0].probabilities(row.features)))
        }
        rows.sort { $0.precedes($1) }
        let settings = GateSettings(
            mode: .rule, labelSessions: configuration.labelSessions, seed: 0)
        let session = history.ripening.session
        return MaturedDifference(
            rows: rows, firstSession: rows.first?.session ?? session + 1,
            maturedThrough: history.ripening.labels.latestRipeSession(decidedThrough: session),
            blockSessions: settings.blockSessions)
    }

    private static func trained(_ reference: Reference, _ run: EventLog) throws -> ModelTrained {
        var found: ModelTrained?
        if reference != .none, !reference.isTimeline {
            try run.record(at: reference.position) { record in
                guard try MessageHeader(record.message).templateID == ModelTrained.templateID
                else { return }
                found = try ModelTrained(message: record.message)
            }
        }
        guard let found else {
            throw TrainingReplayError(
                description: "\(run.path): \(reference) is no model that the run trained")
        }
        return found
    }
}
