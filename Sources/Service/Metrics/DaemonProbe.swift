import CoreMetrics
import Events
import Foundation
import Learning
import Synchronization

/// What others may ask of a daemon while it runs, from any thread: signs of life, how it stands,
/// what it measures.
public final class DaemonProbe: Sendable {
    /// Signs of the loop.
    public let pulse = LoopPulse()
    /// What is measured.
    public let metrics: ServiceMetrics

    /// How a daemon stands.
    struct Standing: Hashable, Sendable {
        /// Whether its run is open.
        var isOpen = false
        /// As `DaemonStanding` has it.
        var state = "starting"
        /// What comes next, or what is wrong.
        var next = ""
    }

    private let standing = Mutex(Standing())

    /// A probe whose metrics nobody keeps.
    public convenience init() { self.init(ServiceMetrics(NOOPMetricsHandler.instance)) }

    /// A probe over metrics.
    public init(_ metrics: ServiceMetrics) { self.metrics = metrics }

    /// Says how the daemon stands.
    func set(_ state: String, _ next: String, isOpen: Bool? = nil) {
        standing.withLock { standing in
            (standing.state, standing.next) = (state, next)
            if let isOpen { standing.isOpen = isOpen }
        }
    }

    /// How it stands.
    /// Whether the run is open: from then on others may open its logs.
    public var isOpen: Bool { current.isOpen }

    var current: Standing { standing.withLock { $0 } }
}

/// A trainer that gives a sign of life at each round: a training takes minutes, and is no standing
/// still.
struct PulsedTrainer: Trainer {
    let trainer: any Trainer
    let pulse: LoopPulse

    var library: String { trainer.library }
    var architecture: String { trainer.architecture }

    func train(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters,
        proceed: (_ round: Int) -> Bool
    ) throws(TrainerError) -> TrainedModel {
        try trainer.train(rows, earlyStopping: earlyStopping, parameters) { round in
            pulse.beat()
            return proceed(round)
        }
    }

    func keeps(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters
    ) -> Bool {
        trainer.keeps(rows, earlyStopping: earlyStopping, parameters)
    }

    func stored(_ artefact: Digest) throws(TrainerError) -> [UInt8] {
        try trainer.stored(artefact)
    }

    func load(_ artefact: [UInt8]) throws(TrainerError) -> TreeEnsemble {
        try trainer.load(artefact)
    }
}
