import Digests
import EventLog
import Events
import FeedbackLoop
import Learning
import Pipeline

/// Computes the holdout of every comparison again: the rows decided after everything that either
/// model learnt, with labels that were mature by then.
///
/// Who learnt what, and which rows are to be had, is folded here again, apart from the loop's
/// `ModelBook` and `ChampionHistory`; only the order in which it reads is everyone's.
struct HoldoutInspection {
    private var immature: ImmatureRows
    private var mature: [TrainingRow] = []
    private var labelsThrough = Lookup<Reference, Day>()
    private var imports = ImportTable()
    private let sessions: SessionCalendar
    /// Own events of a fork's past: their comparisons were made under other settings.
    private let shared: UInt64

    /// Inspects every comparison of a run.
    static func check(
        _ run: MergedLog, _ configuration: LoopConfiguration,
        _ sessions: SessionCalendar, _ report: inout Causality.Report
    ) throws {
        var inspection = HoldoutInspection(
            immature: ImmatureRows(
                rules: configuration.labelRules, rangeSessions: configuration.rangeSessions),
            sessions: sessions, shared: run.sharedOwn)
        try run.read { record in
            if record.reference.isTimeline {
                try inspection.take(fact: record.message, at: record.reference.position)
            } else {
                try inspection.take(own: record.message, record.reference, &report)
            }
            return .proceed
        }
    }

    /// A session, an index close, or what another tool says.
    private mutating func take(fact message: RawSpan, at position: UInt64) throws {
        switch try MessageHeader(message).templateID {
        case SessionClosed.templateID:
            mature += immature.close(try SessionClosedView(message))
        case IndexClosed.templateID: immature.close(try IndexClosedView(message))
        case ModelImported.templateID:
            let trained = try ModelImportedView(message).trainedThrough
            labelsThrough[.timeline(position)] = sessions.last(through: trained)
        default: break
        }
        try imports.take(message, at: position)
    }

    /// Whether a model can be asked of a row: a table may lack it.
    private func speaks(_ model: Reference, of row: TrainingRow) -> Bool {
        !model.isTimeline
            || imports.bits(model, row.ticker, row.decidedOn, through: .max) != nil
    }

    private init(immature: ImmatureRows, sessions: SessionCalendar, shared: UInt64) {
        (self.immature, self.sessions, self.shared) = (immature, sessions, shared)
    }

    /// An event of the run that concerns its holdouts.
    private mutating func take(
        own message: RawSpan, _ reference: Reference, _ report: inout Causality.Report
    ) throws {
        switch try MessageHeader(message).templateID {
        case SignalGenerated.templateID:
            let view = try SignalGeneratedView(message)
            add(HoldoutInspection.row(reference, view.ticker, view.day), &report)
        case SignalSuppressed.templateID:
            let view = try SignalSuppressedView(message)
            add(HoldoutInspection.row(reference, view.ticker, view.day), &report)
        case ModelTrained.templateID:
            labelsThrough[reference] = try ModelTrainedView(message).labelsThrough
        case ModelCompared.templateID where reference.position > shared:
            report.holdouts += 1
            compare(try ModelCompared(message: message), reference, &report)
        default: break
        }
    }

    /// A row as far as its label needs it.
    private static func row(_ signal: Reference, _ ticker: Ticker, _ day: Day) -> TrainingRow {
        TrainingRow(
            signal: signal, ticker: ticker, decidedOn: day, session: 0, features: [],
            heuristic: 0, arms: [])
    }

    private mutating func add(_ evaluated: TrainingRow, _ report: inout Causality.Report) {
        guard evaluated.decidedOn == immature.day else {
            report.add(
                evaluated.signal, "evaluates \(evaluated.decidedOn), not the latest session")
            return
        }
        var row = evaluated
        row.session = immature.session
        immature.add(row)
    }

    private func compare(
        _ event: ModelCompared, _ reference: Reference, _ report: inout Causality.Report
    ) {
        let learnt = [event.challenger, event.champion].compactMap { model in
            labelsThrough[model].flatMap { sessions.number(of: $0) }
        }
        let first = (learnt.max() ?? 0) + ModelInspection.embargoSessions + 1
        let last = immature.labels.latestMatureSession(decidedThrough: immature.session)
        var rows = mature.filter { row in
            row.session >= first && row.session <= last && row.label != nil
                && speaks(event.challenger, of: row) && speaks(event.champion, of: row)
        }
        rows.sort { ($0.decidedOn, $0.ticker) < ($1.decidedOn, $1.ticker) }
        var identity: [UInt8] = []
        for row in rows {
            guard let label = row.label else { continue }
            HoldoutRow(
                day: row.decidedOn, session: row.session, ticker: row.ticker,
                label: label.outcome, netReturn: label.netReturn, champion: nil,
                challenger: TreeEnsemble.Probabilities(loss: 0, breakeven: 0, win: 0)
            ).appendIdentity(to: &identity)
        }
        guard SHA256.hash(identity) == event.holdout else {
            report.add(
                reference,
                "compares on \(event.rows) rows that are not the \(rows.count) to be had then")
            return
        }
    }
}
