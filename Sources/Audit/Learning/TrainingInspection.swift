import EventLog
import Events
import FeedbackLoop
import Learning
import Pipeline

/// Computes the rows of every training again, and asks of each row whether it was to be had.
///
/// The rows come from the run's events and its timeline; that their labels were mature, and mature
/// enough before what the rows meet next, is found by `MaturityReader`, a fold of the auditor's
/// own: the loop's label book would confirm itself.
struct TrainingInspection {
    private let sessions: SessionCalendar
    private let reader: MaturityReader

    /// Inspects every training that a run asked for.
    static func check(
        _ run: MergedLog, _ timeline: EventLog, _ configuration: LoopConfiguration,
        _ sessions: SessionCalendar, _ report: inout Causality.Report
    ) throws {
        var reader = MaturityReader(
            sessions, configuration.labelRules, rangeSessions: configuration.rangeSessions)
        try Causality.facts(of: run, timeline) { _, message in
            if try MessageHeader(message).templateID == SessionClosed.templateID {
                reader.take(try SessionClosedView(message))
            }
        }
        let inspection = TrainingInspection(sessions: sessions, reader: reader)
        do {
            let shared = run.sharedOwn
            try TrainingReplay.each(of: run, configuration) { recomputed in
                guard let training = recomputed.training, training.reference.position > shared
                else { return }
                inspection.inspect(recomputed, training, &report)
            }
        } catch let error as TrainingReplayError {
            report.add(.own(1), error.description)
        }
    }

    init(sessions: SessionCalendar, reader: MaturityReader) {
        (self.sessions, self.reader) = (sessions, reader)
    }

    private func inspect(
        _ recomputed: TrainingReplay.Recomputed, _ training: TrainingReplay.Training,
        _ report: inout Causality.Report
    ) {
        report.trainingSets += 1
        inspect(recomputed.set, asOf: training.request.asOf, training.reference, &report)
        if let model = training.model, model.trainingSet != recomputed.digest {
            report.add(model.reference, "learnt other rows than were to be had then")
        }
    }

    /// Whether each label of a set ended in time: before the request, and, of rows that train,
    /// before the rows that they are tested on.
    func inspect(
        _ set: TrainingSet, asOf: Day, _ reference: Reference, _ report: inout Causality.Report
    ) {
        let embargo = ModelInspection.embargoSessions
        let last = sessions.number(of: asOf) ?? -1
        let holdout = set.holdout.first?.row.session
        let early = set.earlyStopping.first?.row.session
        inspect(
            set.training, [(last, 0), (holdout, embargo), (early, embargo)], reference, &report)
        inspect(set.earlyStopping, [(last, 0), (holdout, embargo)], reference, &report)
        inspect(set.holdout, [(last, 0)], reference, &report)
    }

    /// Each label is mature `apart` sessions before a bound, or with 0 in it; the first that is not
    /// is a finding.
    private func inspect(
        _ rows: TrainingSet.Part, _ bounds: [(session: Int?, apart: Int)],
        _ reference: Reference, _ report: inout Causality.Report
    ) {
        for used in rows {
            report.rows += 1
            let row = used.row
            let found = reader.maturity(row.ticker, decidedOn: row.decidedOn)
            // A trade made elsewhere may be closed after that, and is known only then.
            let mature = max(found ?? 0, used.source == .outcome ? row.label?.toSession ?? 0 : 0)
            guard found != nil, mature == row.label?.toSession else {
                report.add(
                    reference,
                    "takes the label of \(row.signal) as mature on "
                        + "\(row.label.map { "\($0.to)" } ?? "no day"), by the bars on \(name(found))"
                )
                return
            }
            for bound in bounds {
                guard let session = bound.session,
                    bound.apart == 0 ? mature > session : mature + bound.apart >= session
                else { continue }
                report.add(
                    reference,
                    "takes \(row.signal), whose label is mature on \(name(mature)): too late for "
                        + name(session))
                return
            }
        }
    }

    private func name(_ session: Int?) -> String {
        guard let session, sessions.days.indices.contains(session) else { return "no session" }
        return "\(sessions.days[session])"
    }
}
