import EventLog
import Events
import FeedbackLoop
import Learning

/// Folds a run's evaluations and outcomes over its timeline's sessions, up to a moment.
struct RowReading {
    var history: TrainingHistory
    /// Position of the latest event of the run that was read.
    private(set) var position: UInt64 = 0
    /// The latest training that was asked for.
    private(set) var latest: TrainingReplay.Training?

    private let run: EventLog
    private let timeline: EventLog
    private let changes: [Change]
    private var next = 0
    private let lastFact: UInt64

    /// An event of the run that concerns its rows.
    private struct Change {
        enum Kind {
            case evaluated(TrainingRow)
            case recorded(OutcomeRecorded)
            case requested(TrainingReplay.Training)
            case other
        }

        let position: UInt64
        let through: UInt64
        let kind: Kind
    }

    init(
        _ run: EventLog, _ timeline: EventLog, _ configuration: LoopConfiguration, asOf: AsOf
    ) throws {
        (self.run, self.timeline) = (run, timeline)
        history = TrainingHistory(configuration)
        var found: [Change] = []
        let models = try RowReading.models(run)
        try run.read { record in
            let envelope = try Envelope(message: record.message)
            guard !asOf.excludes(record.position, recordedAt: envelope.recordedAt) else {
                return .stop
            }
            found.append(
                Change(
                    position: record.position, through: envelope.through,
                    kind: try RowReading.kind(record.message, .own(record.position), models)))
            return .proceed
        }
        changes = found
        lastFact = try RowReading.lastFact(run, timeline, asOf, changes.last?.through ?? 0)
    }

    /// Sessions that closed by the moment are read though the run recorded nothing after them, but
    /// none that the whole run did not read.
    private static func lastFact(
        _ run: EventLog, _ timeline: EventLog, _ asOf: AsOf, _ through: UInt64
    ) throws -> UInt64 {
        if case .position = asOf { return through }
        var end = through
        try run.record(at: run.head().position) { record in
            end = try Envelope(message: record.message).through
        }
        var last = through
        guard end > through else { return last }
        try timeline.read(from: through + 1, through: end) { record in
            let known = try Envelope(message: record.message).knownAt
            guard !asOf.excludes(record.position, recordedAt: known) else { return .stop }
            last = record.position
            return .proceed
        }
        return last
    }

    /// Each model by its request.
    private static func models(_ run: EventLog) throws
        -> Lookup<Reference, (reference: Reference, trainingSet: Digest?)>
    {
        var models = Lookup<Reference, (reference: Reference, trainingSet: Digest?)>()
        try run.read { record in
            if try MessageHeader(record.message).templateID == ModelTrained.templateID {
                let model = try ModelTrainedView(record.message)
                models[model.request] = (.own(record.position), model.trainingSet)
            }
            return .proceed
        }
        return models
    }

    private static func kind(
        _ message: RawSpan, _ reference: Reference,
        _ models: Lookup<Reference, (reference: Reference, trainingSet: Digest?)>
    ) throws -> Change.Kind {
        switch try MessageHeader(message).templateID {
        case SignalGenerated.templateID:
            .evaluated(TrainingRow(try SignalGeneratedView(message), reference, session: 0))
        case SignalSuppressed.templateID:
            .evaluated(TrainingRow(try SignalSuppressedView(message), reference, session: 0))
        case OutcomeRecorded.templateID: .recorded(try OutcomeRecorded(message: message))
        case TrainingRequested.templateID:
            .requested(
                TrainingReplay.Training(
                    reference: reference, request: try TrainingRequested(message: message),
                    model: models[reference]))
        default: .other
        }
    }

    /// Reads all; `body` is called at each training.
    mutating func readAll(
        _ body: (TrainingReplay.Training, inout RowReading) throws -> Void
    ) throws {
        var fold = self
        try fold.apply(before: 1, body)
        if lastFact > 0 {
            try timeline.read(through: lastFact) { record in
                switch try MessageHeader(record.message).templateID {
                case IndexClosed.templateID:
                    fold.history.close(try IndexClosedView(record.message))
                case SessionClosed.templateID:
                    fold.history.close(try SessionClosedView(record.message))
                default: break
                }
                try fold.apply(before: record.position + 1, body)
                return .proceed
            }
        }
        self = fold
    }

    /// Applies what was recorded when less of the timeline than `bound` had been read.
    private mutating func apply(
        before bound: UInt64, _ body: (TrainingReplay.Training, inout RowReading) throws -> Void
    ) throws {
        while next < changes.count, changes[next].through < bound {
            let change = changes[next]
            next += 1
            position = change.position
            switch change.kind {
            case .evaluated(var row):
                guard row.decidedOn == history.immature.day else {
                    throw TrainingReplayError(
                        description: "\(run.path): r\(change.position) evaluates "
                            + "\(row.decidedOn), which is not the latest session of its "
                            + "timeline then; check the run with recount verify --causality")
                }
                row.session = history.immature.session
                history.add(row)
            case .recorded(let outcome): history.add(outcome, .own(change.position))
            case .requested(let training):
                latest = training
                try body(training, &self)
            case .other: break
            }
        }
    }
}

/// Why a run's rows cannot be computed again: what, where, and what to do.
public struct TrainingReplayError: Error, Sendable, CustomStringConvertible {
    /// All of it.
    public let description: String
}
