public import EventLog
public import Events
public import FeedbackLoop
public import Learning

/// A run's training sets, computed again from its events and its timeline: nothing is decided, no
/// model is read, and labels mature as they did when the loop lived through them.
public enum TrainingReplay {
    /// A training that the run asked for.
    public struct Training: Sendable {
        /// The TrainingRequested.
        public let reference: Reference
        /// The event.
        public let request: TrainingRequested
        /// What came of it, nil when it failed or was never answered.
        public let model: (reference: Reference, trainingSet: Digest?)?

        /// Whether outcome rows were asked for.
        public var useOutcomes: Bool { request.useOutcomes }
    }

    /// A training set as of a moment.
    public struct Recomputed: Sendable {
        /// The set.
        public let set: TrainingSet
        /// Where the moment is.
        public let position: MergedPosition
        /// The latest session, nil before the first.
        public let session: Day?
        /// The training of just that moment, if one was asked for then.
        public let training: Training?
        /// Whether outcome rows were asked for.
        public let useOutcomes: Bool

        /// The SHA-256 of the rows to train on, as `ModelTrained.trainingSet` has it.
        public var digest: Digest {
            TrainingPerformer.digest(
                TrainingSet.matrix(set.training), TrainingSet.matrix(set.earlyStopping))
        }
    }

    /// The set as of a moment; `job` says which training's, nil for that of the moment itself, or
    /// feedback retraining's where none was asked for then.
    public static func set(
        of run: MergedLog, _ configuration: LoopConfiguration, asOf: AsOf,
        job: JobKind? = nil
    ) throws -> Recomputed {
        var reading = try RowReading(run, configuration, asOf: asOf)
        try reading.readAll { _, _ in }
        let asked = try training(at: asOf, reading, run)
        let useOutcomes = job.map { $0 != .training } ?? asked?.useOutcomes ?? true
        let training = asked?.useOutcomes == useOutcomes ? asked : nil
        let set =
            training.map { reading.history.trainingSet($0.request) }
            ?? reading.history.trainingSet(useOutcomes: useOutcomes)
        return Recomputed(
            set: set, position: reading.end, session: reading.history.immature.day,
            training: training, useOutcomes: useOutcomes)
    }

    /// The set of every training that the run asked for, each at its own moment.
    public static func each(
        of run: MergedLog, _ configuration: LoopConfiguration,
        body: (Recomputed) throws -> Void
    ) throws {
        var reading = try RowReading(run, configuration, asOf: .end)
        try reading.readAll { training, reading in
            try body(
                Recomputed(
                    set: reading.history.trainingSet(training.request),
                    position: try run.position(after: training.reference) ?? reading.end,
                    session: reading.history.immature.day,
                    training: training, useOutcomes: training.useOutcomes))
        }
    }

    /// The rows as of a moment.
    public static func history(
        of run: MergedLog, _ configuration: LoopConfiguration, asOf: AsOf
    ) throws -> TrainingHistory {
        var reading = try RowReading(run, configuration, asOf: asOf)
        try reading.readAll { _, _ in }
        return reading.history
    }

    /// The training that was asked for at just a moment: at its own event or its model's, or at
    /// the instant of its request.
    private static func training(at asOf: AsOf, _ reading: RowReading, _ run: MergedLog) throws
        -> Training?
    {
        guard let latest = reading.latest else { return nil }
        switch asOf.moment {
        case .position, .event:
            let event = try run.event(at: reading.end)
            return event == latest.reference || event == latest.model?.reference ? latest : nil
        case .instant(let instant):
            return latest.request.envelope.recordedAt == instant ? latest : nil
        case .day, .end: return nil
        }
    }
}
