import CXGBoost
import Events
import Learning

/// Rows inside the library, freed with the object.
final class DenseMatrix {
    let handle: DMatrixHandle
    let rows: Int

    /// Copies rows of features, NaN where unknown.
    init(_ features: [Float], columns: Int) throws(TrainerError) {
        try XGBoostLibrary.quiet()
        rows = features.count / max(columns, 1)
        var made: DMatrixHandle?
        try XGBoostLibrary.check(
            XGDMatrixCreateFromMat(
                features, bst_ulong(rows), bst_ulong(columns), .nan, &made))
        guard let made else { throw TrainerError(.library, "XGBoost made no matrix") }
        handle = made
    }

    /// Copies rows with their classes and weights.
    convenience init(_ matrix: TrainingMatrix) throws(TrainerError) {
        try self.init(matrix.features, columns: matrix.columns)
        try set("label", matrix.classes.map { Float($0.rawValue) })
        try set("weight", matrix.weights)
    }

    deinit {
        XGDMatrixFree(handle)
    }

    private func set(_ field: String, _ values: [Float]) throws(TrainerError) {
        try XGBoostLibrary.check(
            XGDMatrixSetFloatInfo(handle, field, values, bst_ulong(values.count)))
    }
}
