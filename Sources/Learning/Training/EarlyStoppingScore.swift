public import Events
import Market

/// How a model does on the rows that stopped its training, each row counting once.
public struct EarlyStoppingScore: Hashable, Sendable {
    /// Share of right classes; nil without rows.
    public let accuracy: Double?
    /// Mean of −ln P(class); nil without rows.
    public let logLoss: Double?
    /// Accuracy of always naming the training part's majority class; nil without rows.
    public let baseline: Double?

    /// Scores a model.
    public init(_ rows: [TrainingSet.Used], _ ensemble: TreeEnsemble, majority: OutcomeClass) {
        guard !rows.isEmpty else {
            (accuracy, logLoss, baseline) = (nil, nil, nil)
            return
        }
        var (correct, most, loss) = (0, 0, 0.0)
        for used in rows {
            let probabilities = ensemble.probabilities(used.row.features)
            if probabilities.predicted == used.outcome { correct += 1 }
            if used.outcome == majority { most += 1 }
            loss -= Elementary.log(max(Double(probabilities[used.outcome]), 1e-15))
        }
        accuracy = Double(correct) / Double(rows.count)
        baseline = Double(most) / Double(rows.count)
        logLoss = loss / Double(rows.count)
    }
}
