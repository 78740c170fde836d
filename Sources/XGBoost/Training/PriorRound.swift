import Events
import Learning

/// The round of trees that a model with a prior starts from.
///
/// XGBoost has a base margin for this, but keeps it beside the model: whoever predicted would have
/// to give it again. As trees it is part of the artefact, and any XGBoost predicts the same. Trees
/// are steps: the prior's slope is followed in tenths of a unit from −3 to 3, and is level beyond.
enum PriorRound {
    /// Steps a unit of the column.
    static let steps = 10
    /// Units either way.
    static let units = 3

    /// A model of that round alone.
    static func artefact(
        _ prior: TrainingParameters.Prior, columns: Int
    ) throws(TrainerError) -> [UInt8] {
        var (features, gradients): ([Float], [Float]) = ([], [])
        // The last row does not know the column; nothing is expected of it.
        for step in -steps * units...steps * units + 1 {
            let isKnown = step <= steps * units
            let value = Float(step) / Float(steps)
            for column in 0..<columns {
                features.append(column == prior.column && isKnown ? value : .nan)
            }
            let score = isKnown ? Float(prior.slope) * value : 0
            for outcome in 0..<ModelReader.classes {
                // A leaf is minus the mean of its gradients.
                let isWin = outcome == Int(OutcomeClass.win.rawValue)
                let isLoss = outcome == Int(OutcomeClass.loss.rawValue)
                gradients.append(isWin ? -score : isLoss ? score : 0)
            }
        }
        let matrix = try DenseMatrix(features, columns: columns)
        let booster = try Booster(
            [
                ("verbosity", "0"), ("nthread", "1"), ("booster", "gbtree"),
                ("objective", "multi:softprob"), ("num_class", "\(ModelReader.classes)"),
                ("base_score", XGBoostTrainer.baseScore), ("tree_method", "hist"),
                ("max_depth", "8"), ("max_bin", "256"), ("eta", "1"), ("lambda", "0"),
                ("min_child_weight", "0"), ("seed", "0"),
            ], matrices: [matrix])
        try booster.boost(
            matrix, gradients: gradients,
            hessians: Array(repeating: 1, count: gradients.count))
        return try booster.artefact()
    }
}
