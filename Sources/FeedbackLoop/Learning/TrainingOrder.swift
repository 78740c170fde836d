public import Events
public import Learning

/// A training that was asked for: what the performer at the edge needs beside the event.
public struct TrainingOrder: Sendable {
    /// The TrainingRequested.
    public let reference: Reference
    /// The event.
    public let request: TrainingRequested
    /// The rows.
    public let set: TrainingSet
    /// What the trainer is told.
    public let parameters: TrainingParameters

    /// An order from its parts.
    public init(
        reference: Reference, request: TrainingRequested, set: TrainingSet,
        parameters: TrainingParameters
    ) {
        self.reference = reference
        self.request = request
        self.set = set
        self.parameters = parameters
    }
}

/// What became of a training.
public enum TrainingReply: Sendable {
    /// A model, and what it says of the rows that it was trained on.
    case trained(Reference, ModelTrained, TrainedModel, [TreeEnsemble.Probabilities])
    /// None; the loop goes on with its champion.
    case failed(Reference, TrainingFailed)
}

/// What a job came to, beside the events that it recorded.
public struct JobAnswer: Sendable {
    /// A training that it asks for.
    public let order: TrainingOrder?
    /// Items that it looked at.
    public let examined: Int

    /// A job that asks for nothing.
    public init(examined: Int) {
        order = nil
        self.examined = examined
    }

    /// A job that asks for a training, if there is anything to ask for.
    public init(_ order: TrainingOrder?) {
        self.order = order
        examined = order?.set.rowsExamined ?? 0
    }
}

/// What a job is lent by the shell.
public struct JobContext: Sendable {
    /// The instant it was due.
    public let scheduledAt: Instant
    /// SHA-256.
    public let digest: @Sendable ([UInt8]) -> Digest
    /// Why it runs.
    public let trigger: JobTrigger
    /// The person who asked for it, if one did.
    public let who: String?

    /// A context.
    public init(
        scheduledAt: Instant, trigger: JobTrigger = .scheduled, who: String? = nil,
        digest: @escaping @Sendable ([UInt8]) -> Digest
    ) {
        self.scheduledAt = scheduledAt
        self.trigger = trigger
        self.who = who
        self.digest = digest
    }
}
