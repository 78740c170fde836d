import Events
import Learning

/// Rows that many models are asked of, in order of their decisions, their features one behind the
/// other, so that a model predicts sixteen at a time.
struct PredictedRows {
    /// Ascending by the instant of decision.
    let rows: [TrainingRow]
    private let decided: [Instant]
    /// Features a row has; nil where rows differ in that.
    private let columns: Int?
    private let features: [Float]

    /// Rows in any order.
    init(_ rows: [TrainingRow]) {
        let order = rows.indices.sorted {
            (rows[$0].decidedOn, $0) < (rows[$1].decidedOn, $1)
        }
        self.rows = order.map { rows[$0] }
        decided = self.rows.map(ModelPredictor.decidedAt)
        let count = rows.first?.features.count
        let isUniform = rows.allSatisfy { $0.features.count == count }
        columns = isUniform ? count : nil
        features = isUniform ? self.rows.flatMap(\.features) : []
    }

    /// The first row that was decided after an instant.
    func first(after instant: Instant) -> Int {
        var (low, high) = (0, decided.count)
        while low < high {
            let middle = (low + high) / 2
            if decided[middle] > instant { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// What a model calls each row from a place on; nil where it says nothing.
    func classes(_ model: ModelPredictor, from first: Int) -> [OutcomeClass?] {
        guard let trees = model.trees, let columns, columns == trees.columns else {
            return rows[first...].map { model.predict($0)?.predicted }
        }
        return trees.probabilities(features.span.extracting((first * columns)...))
            .map { $0.predicted }
    }
}
