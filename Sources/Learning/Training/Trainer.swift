public import Events

/// Makes models from rows: the port behind which the training library stands.
///
/// Equal rows and parameters give equal artefacts on one architecture and library version.
public protocol Trainer: Sendable {
    /// Library and version, for example `xgboost 1.7.4`.
    var library: String { get }
    /// The machine's architecture, for example `x86_64`.
    var architecture: String { get }

    /// Trains on `rows`, stopping early on `earlyStopping` when it has rows.
    ///
    /// `proceed` is told each finished round and cancels by answering false.
    func train(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters,
        proceed: (_ round: Int) -> Bool
    ) throws(TrainerError) -> TrainedModel

    /// Whether an equal training was made before and its model is at hand.
    func keeps(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters
    ) -> Bool

    /// The artefact with a digest, where it is kept.
    func stored(_ artefact: Digest) throws(TrainerError) -> [UInt8]

    /// Reads an artefact back.
    func load(_ artefact: [UInt8]) throws(TrainerError) -> TreeEnsemble
}

extension Trainer {
    /// No: nothing is kept.
    public func keeps(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters
    ) -> Bool { false }

    /// None: nothing is kept.
    public func stored(_ artefact: Digest) throws(TrainerError) -> [UInt8] {
        throw TrainerError(.artefactLost, "\(library) keeps no models; \(artefact) is not at hand")
    }
}

/// What a trainer gives.
public struct TrainedModel: Sendable {
    /// The model as a file, in the library's own format.
    public var artefact: [UInt8]
    /// SHA-256 of the artefact, where the trainer took it; nil otherwise.
    public var digest: Digest?
    /// The same model, to predict with.
    public var ensemble: TreeEnsemble
    /// Boosting rounds kept.
    public var rounds: Int
    /// Mean gain of each feature's splits, 0 where it has none.
    public var gains: [Float]
    /// SHA-256 of the canonical bytes of the rows, where the trainer took it; nil otherwise.
    public var trainingSet: Digest?

    /// A model from its parts.
    public init(
        artefact: [UInt8], ensemble: TreeEnsemble, rounds: Int, gains: [Float],
        digest: Digest? = nil, trainingSet: Digest? = nil
    ) {
        self.digest = digest
        self.trainingSet = trainingSet
        self.artefact = artefact
        self.ensemble = ensemble
        self.rounds = rounds
        self.gains = gains
    }
}

/// Why a trainer gives nothing.
public struct TrainerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public let reason: TrainingFailureReason
    /// What the library said.
    public let description: String

    /// A failure.
    public init(_ reason: TrainingFailureReason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}
