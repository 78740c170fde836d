import Dispatch
public import EventLog
public import Events
public import FeedbackLoop
public import Learning
import Synchronization

/// A trainer that makes ahead of a run, on all processors, the models that can be foreseen.
///
/// A training that uses no outcomes is a function of filings and prices: which model is champion
/// changes no row of it. A rehearsal of the run, in which every training fails at once, therefore
/// asks for the same ones; they are made and kept while it goes on, and the run finds them there.
/// What it comes to is the same to the last byte; a training that was not foreseen is made when it
/// is asked for. It is looked ahead once the first model is made, and not at all if that was kept.
public final class TrainingPrefetch: Trainer {
    private let base: any Trainer
    /// Whether there was a model, made or found.
    private let isBegun = Mutex(false)
    private let lookAhead: @Sendable (TrainingPerformer) throws -> Void
    private let lanes: Int

    /// A trainer for one run of a strategy; `base` keeps what it makes.
    ///
    /// - Parameter progress: told each session that is rehearsed, by the thread that trains.
    public init(
        _ base: any Trainer, of strategy: some Strategy, timeline: EventLog,
        window: ReplayWindow = ReplayWindow(), lanes: Int = Lanes.available,
        progress: @escaping @Sendable (Day) -> Void = { _ in }
    ) {
        self.base = base
        self.lanes = lanes
        lookAhead = { performer in
            var replay = Replay(strategy, window: window, performer: performer)
            try Run.drive(&replay, timeline, try timeline.head(), .checksum, progress) {
                $0.drain()
            }
        }
    }

    /// Library and version of the trainer within.
    public var library: String { base.library }
    /// The architecture of the trainer within.
    public var architecture: String { base.architecture }

    /// Trains, and looks ahead if this is the first training that gives a model and it was not at
    /// hand. (Those before it have too little to learn from, and are kept nowhere.)
    public func train(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters,
        proceed: (_ round: Int) -> Bool
    ) throws(TrainerError) -> TrainedModel {
        let isFirst = isBegun.withLock { !$0 }
        let isKept = isFirst && base.keeps(rows, earlyStopping: earlyStopping, parameters)
        let model = try base.train(rows, earlyStopping: earlyStopping, parameters, proceed: proceed)
        if isFirst {
            isBegun.withLock { $0 = true }
            if !isKept, lanes > 1 {
                let prefetcher = PrefetchTrainer(base, lanes: lanes)
                // A timeline that cannot be read is the run's to report.
                try? lookAhead(TrainingPerformer(prefetcher, usesOutcomes: false))
                prefetcher.wait()
            }
        }
        return model
    }

    /// Whether the trainer within has the model at hand.
    public func keeps(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters
    ) -> Bool {
        base.keeps(rows, earlyStopping: earlyStopping, parameters)
    }

    /// The artefact with a digest, where the trainer within keeps it.
    public func stored(_ artefact: Digest) throws(TrainerError) -> [UInt8] {
        try base.stored(artefact)
    }

    /// Reads an artefact back.
    public func load(_ artefact: [UInt8]) throws(TrainerError) -> TreeEnsemble {
        try base.load(artefact)
    }
}

/// Has trainings made by other threads, as many at a time as there are lanes, and gives nothing.
private final class PrefetchTrainer: Trainer {
    private let base: any Trainer
    private let free: DispatchSemaphore
    private let begun = DispatchGroup()

    init(_ base: any Trainer, lanes: Int) {
        self.base = base
        free = DispatchSemaphore(value: lanes)
    }

    var library: String { base.library }
    var architecture: String { base.architecture }

    func train(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters,
        proceed: (_ round: Int) -> Bool
    ) throws(TrainerError) -> TrainedModel {
        free.wait()
        DispatchQueue.global().async(group: begun) { [base, free] in
            // Whatever fails will fail again, and be told, when the run asks for it.
            _ = try? base.train(rows, earlyStopping: earlyStopping, parameters) { _ in true }
            free.signal()
        }
        throw TrainerError(.cancelled, "only looked ahead at")
    }

    func load(_ artefact: [UInt8]) throws(TrainerError) -> TreeEnsemble {
        try base.load(artefact)
    }

    /// Waits until every training is made.
    func wait() {
        begun.wait()
    }
}
