import Digests
import EventLog
public import Events
public import FeedbackLoop
public import Learning

/// When a live run's trainings are begun, and what ends one.
public protocol TrainingLimits: Sendable {
    /// Why none may be begun now; nil where one may, which begins then.
    func objection() -> String?
    /// Why the one that is under way must end now; nil while it may go on.
    func interruption() -> String?
    /// The trainer failed by itself.
    func failed(_ error: TrainerError)
}

/// Answers training requests with facts: the effect between a training set and a model.
public struct TrainingPerformer: ArtefactStore, Sendable {
    private let trainer: (any Trainer)?
    private let usesOutcomes: Bool
    /// What ends a training, or keeps one from being begun; none in a replay.
    private var limits: (any TrainingLimits)?
    /// What came of the trainings that a live run's log answers: decided again they are what they
    /// were, whatever ended them.
    private var answered: [Reference: TrainingFailed?] = [:]

    /// Most training rows that the quantile map reads.
    public static let sampleRows = 2_000

    /// A performer over a trainer; without one each request fails, and the loop goes on.
    ///
    /// Without outcomes, requests that use them fail as well: in a rehearsal trades are made that
    /// the run itself does not make.
    public init(_ trainer: (any Trainer)?, usesOutcomes: Bool = true) {
        self.trainer = trainer
        self.usesOutcomes = usesOutcomes
    }

    /// A performer of a live run, under limits that what its log answers is not under.
    init(
        _ trainer: (any Trainer)?, limits: (any TrainingLimits)? = nil, of run: OpenedRun
    ) throws {
        self.init(trainer)
        self.limits = limits
        var answered: [Reference: TrainingFailed?] = [:]
        try run.log.read { record in
            switch try MessageHeader(record.message).templateID {
            case ModelTrained.templateID:
                answered.updateValue(nil, forKey: try ModelTrained(message: record.message).request)
            case TrainingFailed.templateID:
                let event = try TrainingFailed(message: record.message)
                answered.updateValue(
                    event.reason == .cancelled ? event : nil, forKey: event.request)
            default: break
            }
            return .proceed
        }
        self.answered = answered
    }

    /// Trains, and says what came of it.
    public func perform(_ order: TrainingOrder) -> TrainingReply {
        let known = answered[order.reference]
        if let failed = known ?? nil { return .failed(failed) }
        // What the log answers was begun before.
        let limits = known == nil ? self.limits : nil
        if let failure = order.set.failure {
            return fail(order, failure, "the training part has too little")
        }
        guard let trainer else {
            return fail(order, .library, "no training library is at hand")
        }
        guard usesOutcomes || !order.request.useOutcomes else {
            return fail(order, .cancelled, "outcomes of a rehearsal train no model")
        }
        if let why = limits?.objection() { return fail(order, .cancelled, why) }
        var interruption: String?
        do {
            let rows = TrainingSet.matrix(order.set.training)
            let early = TrainingSet.matrix(order.set.earlyStopping)
            let model = try trainer.train(rows, earlyStopping: early, order.parameters) { _ in
                interruption = limits?.interruption()
                return interruption == nil
            }
            let predicted = model.ensemble.probabilities(rows)
            let sample = order.set.sample(TrainingPerformer.sampleRows)
            let map = QuantileMap(
                probabilities: sample.map { MachineSide.probability(predicted[$0]) },
                confidences: sample.map { Float(order.set.training.heuristic(at: $0)) / 100 })
            return .trained(
                trained(order, model, map, rows, early, trainer), model, predicted)
        } catch {
            if let interruption { return fail(order, .cancelled, interruption) }
            limits?.failed(error)
            return fail(order, error.reason, error.description)
        }
    }

    /// The trees of an artefact that is kept.
    public func trees(_ artefact: Digest) -> Result<TreeEnsemble, TrainerError> {
        guard let trainer else {
            return .failure(TrainerError(.library, "no training library is at hand"))
        }
        do {
            return .success(try trainer.load(try trainer.stored(artefact)))
        } catch {
            return .failure(error)
        }
    }

    private func fail(
        _ order: TrainingOrder, _ reason: TrainingFailureReason, _ text: String
    ) -> TrainingReply {
        let set = order.set
        let event = TrainingFailed(
            envelope: order.request.envelope,
            request: order.reference,
            trainRows: UInt32(set.training.count + set.earlyStopping.count),
            outcomeRows: UInt32(set.count(.outcome)), wins: UInt32(set.count(.win)),
            losses: UInt32(set.count(.loss)), reason: reason,
            unused: set.unused.map {
                TrainingFailed.UnusedEntry(count: UInt32($0.count), reason: $0.reason)
            },
            text: Array(text.utf8))
        return .failed(event)
    }

    private func trained(
        _ order: TrainingOrder, _ model: TrainedModel,
        _ map: QuantileMap, _ rows: TrainingMatrix, _ early: TrainingMatrix,
        _ trainer: any Trainer
    ) -> ModelTrained {
        let set = order.set
        let days = set.days
        let epoch = Day(rawValue: 0)
        let score = EarlyStoppingScore(early, model.ensemble, majority: set.majority)
        return ModelTrained(
            envelope: order.request.envelope, request: order.reference,
            artefact: model.digest ?? SHA256.hash(model.artefact),
            trainingSet: model.trainingSet ?? TrainingPerformer.digest(rows, early),
            parameters: order.request.parameters, seed: order.parameters.seed,
            accuracy: score.accuracy, logLoss: score.logLoss, baseline: score.baseline,
            trainRows: UInt32(set.training.count), outcomeRows: UInt32(set.count(.outcome)),
            marketRows: UInt32(set.count(.market)), earlyStopRows: UInt32(set.earlyStopping.count),
            unusedRows: UInt32(set.unused.reduce(0) { $0 + $1.count }),
            wins: UInt32(set.count(.win)), losses: UInt32(set.count(.loss)),
            breakevens: UInt32(set.count(.breakeven)), trainedFrom: days?.lowerBound ?? epoch,
            trainedThrough: days?.upperBound ?? epoch, labelsThrough: set.labelsThrough ?? epoch,
            holdoutFrom: set.holdout.first?.row.decidedOn,
            holdoutThrough: set.holdout.last?.row.decidedOn, rounds: UInt32(model.rounds),
            featureSchema: FeatureCatalogue.schema, classes: 3,
            modelName: "disclosure-\(order.request.job == .training ? "market" : "outcome")",
            library: trainer.library, architecture: trainer.architecture,
            quantileMap: map.points.map {
                ModelTrained.QuantileMapEntry(
                    probability: $0.probability, confidence: $0.confidence)
            },
            importances: model.gains.enumerated().filter { $0.element > 0 }.map {
                ModelTrained.Importance(feature: UInt16($0.offset), gain: $0.element)
            },
            unused: set.unused.map {
                ModelTrained.UnusedEntry(count: UInt32($0.count), reason: $0.reason)
            },
            config: order.request.config)
    }

    /// The SHA-256 of canonical rows: those to train on, then those that stop it, each as its
    /// features' bits, its class and its weight's bits, little-endian.
    public static func digest(_ rows: TrainingMatrix, _ early: TrainingMatrix) -> Digest {
        var hasher = SHA256()
        for matrix in [rows, early] {
            matrix.forEachPart { hasher.update($0) }
        }
        return hasher.finalize()
    }
}
