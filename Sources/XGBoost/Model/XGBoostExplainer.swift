import Events
public import Learning

/// Says how much each feature moved a model's scores for one row (TreeSHAP), on demand.
///
/// Not `Sendable`: it holds the model inside the library. Make one for each model and thread.
public final class XGBoostExplainer {
    private let booster: Booster
    private let columns: Int

    /// Loads an artefact of `XGBoostTrainer`.
    public init(_ artefact: [UInt8]) throws(TrainerError) {
        // The library trusts the files it reads; only what our reader accepts goes there.
        columns = try ModelReader.read(artefact).columns
        booster = try Booster(artefact: artefact)
    }

    /// The contributions to one row's scores, features in catalogue order, NaN where unknown.
    public func contributions(_ row: [Float]) throws(TrainerError) -> TreeContributions {
        guard row.count == columns, !row.contains(where: \.isInfinite) else {
            throw TrainerError(
                .library,
                "a row to explain has \(row.count) features, the model \(columns), "
                    + "and none may be infinite")
        }
        let values = try booster.predict(.contributions, DenseMatrix(row, columns: columns))
        guard values.count == ModelReader.classes * (columns + 1) else {
            throw TrainerError(.library, "XGBoost gave \(values.count) contributions")
        }
        func part(_ index: Int) -> TreeContributions.Part {
            let first = index * (columns + 1)
            return TreeContributions.Part(
                features: Array(values[first..<first + columns]), bias: values[first + columns])
        }
        return TreeContributions(loss: part(0), breakeven: part(1), win: part(2))
    }
}
