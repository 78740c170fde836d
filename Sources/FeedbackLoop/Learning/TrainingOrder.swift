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

/// What became of a training. Envelope and request of the event are set where it is recorded.
public enum TrainingReply: Sendable {
    /// A model, and what it predicts of the rows that it was trained on.
    case trained(ModelTrained, TrainedModel, [TreeEnsemble.Probabilities])
    /// None; the loop goes on with its champion.
    case failed(TrainingFailed)
}
