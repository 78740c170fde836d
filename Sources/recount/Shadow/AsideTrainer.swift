import Events
import Foundation
import Learning
import Pipeline
import XGBoost

/// A trainer that takes from the folder what was trained before, and keeps what is new in a folder
/// of its own, which is gone again afterwards.
struct AsideTrainer: Trainer {
    private let known: CachedTrainer
    private let fresh: CachedTrainer
    private let scratch: String

    init(_ data: DataOption) {
        scratch = NSTemporaryDirectory() + "recount-models-\(getpid())-\(UUID().uuidString)"
        known = data.trainer
        fresh = CachedTrainer(XGBoostTrainer(), store: ModelStore(scratch))
    }

    /// Takes its folder away.
    func clear() { try? FileManager.default.removeItem(atPath: scratch) }

    var library: String { known.library }
    var architecture: String { known.architecture }

    func train(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters,
        proceed: (_ round: Int) -> Bool
    ) throws(TrainerError) -> TrainedModel {
        let isKnown = known.keeps(rows, earlyStopping: earlyStopping, parameters)
        return try (isKnown ? known : fresh).train(
            rows, earlyStopping: earlyStopping, parameters, proceed: proceed)
    }

    func keeps(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters
    ) -> Bool {
        known.keeps(rows, earlyStopping: earlyStopping, parameters)
            || fresh.keeps(rows, earlyStopping: earlyStopping, parameters)
    }

    func stored(_ artefact: Digest) throws(TrainerError) -> [UInt8] {
        if let made = try? fresh.stored(artefact) { return made }
        return try known.stored(artefact)
    }

    func load(_ artefact: [UInt8]) throws(TrainerError) -> TreeEnsemble {
        try known.load(artefact)
    }
}
