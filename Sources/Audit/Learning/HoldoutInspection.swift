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
    /// By the number of the session in which they were decided: each comparison looks at a few.
    private var decided: [Decided] = []
    private var labelsThrough = Lookup<Reference, Day>()
    private var imports = ImportTable()
    private let sessions: SessionCalendar
    /// Own events of a fork's past: their comparisons were made under other settings.
    private let shared: UInt64

    /// The rows of one session whose labels are mature, in order of maturity.
    private struct Decided: Sendable {
        let day: Day
        var rows: [Row] = []
    }

    /// What a row is known by.
    private struct Row: Sendable {
        let ticker: Ticker
        let netReturn: Double
        let outcome: OutcomeClass
    }

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
            let view = try SessionClosedView(message)
            let mature = immature.close(view)
            decided.append(Decided(day: view.day))
            for row in mature {
                guard let label = row.label else { continue }
                decided[row.session].rows.append(
                    Row(
                        ticker: row.ticker, netReturn: label.netReturn,
                        outcome: label.outcome))
            }
        case IndexClosed.templateID: immature.close(try IndexClosedView(message))
        case ModelImported.templateID:
            let trained = try ModelImportedView(message).trainedThrough
            labelsThrough[.timeline(position)] = sessions.last(through: trained)
        default: break
        }
        try imports.take(message, at: position)
    }

    /// Whether a model can be asked of a row: a table may lack it.
    private func speaks(_ model: Reference, of ticker: Ticker, _ day: Day) -> Bool {
        !model.isTimeline || imports.bits(model, ticker, day, through: .max) != nil
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
        var identity: [UInt8] = []
        var count = 0
        for session in first..<max(first, min(last + 1, decided.count)) {
            let day = decided[session].day
            for row in decided[session].rows.sorted(by: { $0.ticker < $1.ticker }) {
                guard speaks(event.challenger, of: row.ticker, day),
                    speaks(event.champion, of: row.ticker, day)
                else { continue }
                count += 1
                HoldoutRow(
                    day: day, session: session, ticker: row.ticker, label: row.outcome,
                    netReturn: row.netReturn, champion: nil,
                    challenger: TreeEnsemble.Probabilities(loss: 0, breakeven: 0, win: 0)
                ).appendIdentity(to: &identity)
            }
        }
        guard SHA256.hash(identity) == event.holdout else {
            report.add(
                reference,
                "compares on \(event.rows) rows that are not the \(count) to be had then")
            return
        }
    }
}
