import EventLog
import Events
import FeedbackLoop
import Learning

/// Folds a run's evaluations and outcomes over its timeline's sessions, up to a moment.
struct RowReading {
    var history: TrainingHistory
    /// The latest training that was asked for.
    private(set) var latest: TrainingReplay.Training?
    /// Where the moment is.
    let end: MergedPosition

    private let merged: MergedLog
    private let models: Lookup<Reference, (reference: Reference, trainingSet: Digest?)>

    init(_ merged: MergedLog, _ configuration: LoopConfiguration, asOf: AsOf) throws {
        self.merged = merged
        history = TrainingHistory(configuration)
        end = try merged.position(asOf)
        models = try RowReading.models(merged)
    }

    /// Each model by its request.
    private static func models(_ merged: MergedLog) throws
        -> Lookup<Reference, (reference: Reference, trainingSet: Digest?)>
    {
        var models = Lookup<Reference, (reference: Reference, trainingSet: Digest?)>()
        try merged.readOwn { reference, message in
            if try MessageHeader(message).templateID == ModelTrained.templateID {
                let model = try ModelTrainedView(message)
                models[model.request] = (reference, model.trainingSet)
            }
            return .proceed
        }
        return models
    }

    /// Reads all; `body` is called at each training.
    mutating func readAll(
        _ body: (TrainingReplay.Training, inout RowReading) throws -> Void
    ) throws {
        var fold = self
        try merged.read(through: end.position) { record in
            if record.reference.isTimeline {
                try fold.take(fact: record.message)
            } else {
                try fold.take(own: record.message, record.reference, body)
            }
            return .proceed
        }
        self = fold
    }

    private mutating func take(fact message: RawSpan) throws {
        switch try MessageHeader(message).templateID {
        case IndexClosed.templateID: history.close(try IndexClosedView(message))
        case SessionClosed.templateID: history.close(try SessionClosedView(message))
        case CorporateActionAnnounced.templateID:
            history.announce(try CorporateActionAnnouncedView(message))
        default: break
        }
    }

    private mutating func take(
        own message: RawSpan, _ reference: Reference,
        _ body: (TrainingReplay.Training, inout RowReading) throws -> Void
    ) throws {
        switch try MessageHeader(message).templateID {
        case SignalGenerated.templateID:
            try take(TrainingRow(try SignalGeneratedView(message), reference, session: 0))
        case SignalSuppressed.templateID:
            try take(TrainingRow(try SignalSuppressedView(message), reference, session: 0))
        case OutcomeRecorded.templateID:
            history.add(try OutcomeRecorded(message: message), reference)
        case TrainingRequested.templateID:
            let training = TrainingReplay.Training(
                reference: reference, request: try TrainingRequested(message: message),
                model: models[reference])
            latest = training
            try body(training, &self)
        default: break
        }
    }

    private mutating func take(_ evaluated: TrainingRow) throws {
        guard evaluated.decidedOn == history.immature.day else {
            throw TrainingReplayError(
                description: "\(merged.log.path): \(evaluated.signal) evaluates "
                    + "\(evaluated.decidedOn), which is not the latest session of its "
                    + "timeline then; check the run with recount verify --causality")
        }
        var row = evaluated
        row.session = history.immature.session
        history.add(row)
    }
}

/// Why a run's rows cannot be computed again: what, where, and what to do.
public struct TrainingReplayError: Error, Sendable, CustomStringConvertible {
    /// All of it.
    public let description: String
}
