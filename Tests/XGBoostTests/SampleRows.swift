import Events
import Learning
import TestKit
import XGBoost

/// Rows made of a seed: what is known is normal-like, some is unknown, and the class depends on the
/// first features, on whether one is unknown, and on chance.
struct SampleRows {
    var training: TrainingMatrix
    var earlyStopping: TrainingMatrix
    var others: [[Float]] = []

    init(seed: UInt64, rows: Int = 400, columns: Int = 7) {
        var random = SeededGenerator(seed: seed)
        training = TrainingMatrix(columns: columns)
        earlyStopping = TrainingMatrix(columns: columns)
        for number in 0..<rows {
            let row = SampleRows.row(columns, &random)
            let score =
                2 * (row[0].isNaN ? 1 : row[0]) - (row[1].isNaN ? 0.5 : row[1])
                + Float.random(in: -2...2, using: &random)
            let outcome: OutcomeClass = score > 0.4 ? .win : score < -0.4 ? .loss : .breakeven
            let weight = Float.random(in: 0.1...3, using: &random)
            if number.isMultiple(of: 4) {
                earlyStopping.append(row, outcome, weight: weight)
            } else {
                training.append(row, outcome, weight: weight)
            }
        }
        for _ in 0..<100 { others.append(SampleRows.row(columns, &random)) }
    }

    private static func row(_ columns: Int, _ random: inout SeededGenerator) -> [Float] {
        (0..<columns).map { column in
            if Int.random(in: 0..<7, using: &random) == 0 { return .nan }
            // Some features have few values, so that thresholds are met exactly.
            if column % 3 == 1 { return Float(Int.random(in: -2...2, using: &random)) }
            return (0..<4).reduce(Float(0)) { sum, _ in
                sum + Float.random(in: -1...1, using: &random)
            }
        }
    }

    /// Trains with a small trainer.
    func train(
        threads: Int = 1, _ edit: (inout TrainingParameters) -> Void = { _ in }
    ) throws -> TrainedModel {
        var parameters = TrainingParameters()
        parameters.rounds = 30
        parameters.patience = 5
        edit(&parameters)
        return try XGBoostTrainer(threads: threads).train(
            training, earlyStopping: earlyStopping, parameters, proceed: { _ in true })
    }
}
