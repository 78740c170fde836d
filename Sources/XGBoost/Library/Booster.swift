import CXGBoost
import Events
import Learning

/// A model inside the library, freed with the object.
final class Booster {
    /// Which numbers `XGBoosterPredictFromDMatrix` gives.
    enum Prediction: Int {
        /// A probability for each class.
        case probabilities = 0
        /// A score for each class, before softmax.
        case margins = 1
        /// For each class the share of each feature in the score, then the bias.
        case contributions = 2
    }

    private let handle: BoosterHandle

    private init(owning handle: BoosterHandle) {
        self.handle = handle
    }

    /// A model without trees, or with those of an artefact. The library keeps the predictions of
    /// `matrices` between rounds, so that a round costs its own trees only.
    convenience init(
        _ parameters: [(name: String, value: String)], matrices: [DenseMatrix],
        from artefact: [UInt8]? = nil
    ) throws(TrainerError) {
        try XGBoostLibrary.quiet()
        var made: BoosterHandle?
        let handles = matrices.map { Optional($0.handle) }
        try XGBoostLibrary.check(XGBoosterCreate(handles, bst_ulong(handles.count), &made))
        guard let made else { throw TrainerError(.library, "XGBoost made no model") }
        self.init(owning: made)
        if let artefact { try read(artefact) }
        for (name, value) in parameters {
            try XGBoostLibrary.check(XGBoosterSetParam(handle, name, value))
        }
    }

    /// Reads a model back.
    convenience init(artefact: [UInt8]) throws(TrainerError) {
        try self.init([("nthread", "1"), ("verbosity", "0")], matrices: [])
        try read(artefact)
    }

    private func read(_ artefact: [UInt8]) throws(TrainerError) {
        let handle = handle
        try XGBoostLibrary.check(
            artefact.withUnsafeBytes {
                XGBoosterLoadModelFromBuffer(handle, $0.baseAddress, bst_ulong($0.count))
            })
    }

    deinit {
        XGBoosterFree(handle)
    }

    /// Adds a round of trees, one for each class; `round` counts from 0.
    func update(round: Int, _ matrix: DenseMatrix) throws(TrainerError) {
        try XGBoostLibrary.check(XGBoosterUpdateOneIter(handle, Int32(round), matrix.handle))
    }

    /// Adds a round of trees that follow gradients of one's own, row by row and class by class.
    func boost(
        _ matrix: DenseMatrix, gradients: [Float], hessians: [Float]
    ) throws(TrainerError) {
        var (gradients, hessians) = (gradients, hessians)
        try XGBoostLibrary.check(
            XGBoosterBoostOneIter(
                handle, matrix.handle, &gradients, &hessians, bst_ulong(gradients.count)))
    }

    /// The first rounds as a model of their own.
    func firstRounds(_ rounds: Int) throws(TrainerError) -> Booster {
        var made: BoosterHandle?
        try XGBoostLibrary.check(XGBoosterSlice(handle, 0, Int32(rounds), 1, &made))
        guard let made else { throw TrainerError(.library, "XGBoost made no slice") }
        return Booster(owning: made)
    }

    /// The model as a file in Universal Binary JSON.
    func artefact() throws(TrainerError) -> [UInt8] {
        var length: bst_ulong = 0
        var bytes: UnsafePointer<CChar>?
        try XGBoostLibrary.check(
            XGBoosterSaveModelToBuffer(handle, #"{"format":"ubj"}"#, &length, &bytes))
        guard let bytes else { throw TrainerError(.library, "XGBoost saved nothing") }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(length)))
    }

    /// Predictions of rows, row by row.
    func predict(
        _ prediction: Prediction, _ matrix: DenseMatrix
    ) throws(TrainerError) -> [Float] {
        let config =
            #"{"type":\#(prediction.rawValue),"training":false,"iteration_begin":0,"#
            + #""iteration_end":0,"strict_shape":true}"#
        var shape: UnsafePointer<bst_ulong>?
        var dimensions: bst_ulong = 0
        var values: UnsafePointer<Float>?
        try XGBoostLibrary.check(
            XGBoosterPredictFromDMatrix(
                handle, matrix.handle, config, &shape, &dimensions, &values))
        let sizes = UnsafeBufferPointer(start: shape, count: Int(dimensions))
        let count = sizes.reduce(1) { $0 * Int($1) }
        return Array(UnsafeBufferPointer(start: values, count: count))
    }

    /// Mean gain of the splits of each feature, 0 where it has none.
    func gains(columns: Int) throws(TrainerError) -> [Float] {
        var (features, dimensions): (bst_ulong, bst_ulong) = (0, 0)
        var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        var shape: UnsafePointer<bst_ulong>?
        var scores: UnsafePointer<Float>?
        try XGBoostLibrary.check(
            XGBoosterFeatureScore(
                handle, #"{"importance_type":"gain"}"#, &features, &names, &dimensions, &shape,
                &scores))
        var gains = [Float](repeating: 0, count: columns)
        for index in 0..<Int(features) {
            // Features without names are called f0, f1 and so on.
            guard let name = names?[index], let score = scores?[index],
                let column = Int(String(cString: name).dropFirst()), gains.indices.contains(column)
            else { throw TrainerError(.library, "XGBoost named a feature that is not there") }
            gains[column] = score
        }
        return gains
    }
}
