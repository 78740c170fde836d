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
    /// - Throws: `TrainingReplayError` for a reference that is no model of the run, and whatever
    ///   `load` throws.
    public static func difference(
        of run: MergedLog, _ configuration: LoopConfiguration, asOf: AsOf,
        challenger: Reference, champion: Reference, load: (Digest) throws -> TreeEnsemble
    ) throws -> MaturedDifference {
        let models = try [challenger, champion].map {
            try ModelPredictor($0, run: run, load: load)
        }
        let trainedAt = max(models[0].knownAt, models[1].knownAt)
        let history = try TrainingReplay.history(
            of: run, configuration, asOf: asOf)
        var rows: [HoldoutRow] = []
        for row in history.mature where ModelPredictor.decidedAt(row) > trainedAt {
            guard let label = row.label, let new = models[0].predict(row),
                let old = models[1].predict(row)
            else { continue }
            rows.append(
                HoldoutRow(
                    day: row.decidedOn, session: row.session, ticker: row.ticker,
                    label: label.outcome, netReturn: label.netReturn, champion: old,
                    challenger: new))
        }
        rows.sort { $0.precedes($1) }
        let settings = GateSettings(
            mode: .rule, labelSessions: configuration.labelSessions, seed: 0)
        let session = history.immature.session
        return MaturedDifference(
            rows: rows, firstSession: rows.first?.session ?? session + 1,
            maturedThrough: history.immature.labels.latestMatureSession(decidedThrough: session),
            blockSessions: settings.blockSessions)
    }
}
