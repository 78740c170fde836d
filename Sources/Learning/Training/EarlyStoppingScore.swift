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
    public init(_ rows: TrainingMatrix, _ ensemble: TreeEnsemble, majority: OutcomeClass) {
        guard rows.rows > 0 else {
            (accuracy, logLoss, baseline) = (nil, nil, nil)
            return
        }
        var (correct, most, loss) = (0, 0, 0.0)
        for (probabilities, outcome) in zip(ensemble.probabilities(rows), rows.classes) {
            if probabilities.predicted == outcome { correct += 1 }
            if outcome == majority { most += 1 }
            loss -= Elementary.log(max(Double(probabilities[outcome]), 1e-15))
        }
        accuracy = Double(correct) / Double(rows.rows)
        baseline = Double(most) / Double(rows.rows)
        logLoss = loss / Double(rows.rows)
    }
}
