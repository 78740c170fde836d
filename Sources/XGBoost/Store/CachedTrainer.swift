public import Events
public import Learning

/// A trainer that keeps its artefacts in a store and does no training twice.
///
/// Nothing but the time depends on whether the result was there: `proceed` is told the same rounds
/// and may cancel at each. A cached result is not used unless its artefact is whole.
public struct CachedTrainer: Trainer {
    private let base: any Trainer
    private let store: ModelStore
    private let cache: TrainingCache
    private let reusesResults: Bool

    /// Wraps a trainer; unless it reuses results every training is done, and its artefact kept.
    public init(_ base: any Trainer, store: ModelStore, reusesResults: Bool = true) {
        self.base = base
        self.store = store
        self.reusesResults = reusesResults
        cache = TrainingCache(folder: store.cache)
        PlacedFile.sweep(store.path)
        PlacedFile.sweep(store.cache)
        store.use()
    }

    /// Library and version of the trainer within.
    public var library: String { base.library }
    /// The architecture of the trainer within.
    public var architecture: String { base.architecture }

    /// Gives the model of an equal training that was made before, or trains; either way the
    /// artefact is in the store.
    public func train(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters,
        proceed: (_ round: Int) -> Bool
    ) throws(TrainerError) -> TrainedModel {
        let (key, trainingSet) = TrainingCache.key(
            rows, earlyStopping, parameters, library: library, architecture: architecture)
        if let (kept, made) = made(key, columns: rows.columns) {
            var model = kept
            model.trainingSet = trainingSet
            for round in 1...made {
                guard proceed(round) else { throw TrainerError.cancelled(after: round) }
            }
            return model
        }
        var made = 0
        var model = try base.train(rows, earlyStopping: earlyStopping, parameters) { round in
            made = round
            return proceed(round)
        }
        let artefact = try store.write(model.artefact)
        cache.keep(
            TrainingCache.Entry(
                artefact: artefact, rounds: model.rounds, made: made, gains: model.gains), key)
        model.digest = artefact
        model.trainingSet = trainingSet
        return model
    }

    /// Whether an equal training was made before and its model is at hand.
    public func keeps(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters
    ) -> Bool {
        let (key, _) = TrainingCache.key(
            rows, earlyStopping, parameters, library: library, architecture: architecture)
        return made(key, columns: rows.columns) != nil
    }

    /// What an equal training gave, and in how many rounds.
    private func made(_ key: Digest, columns: Int) -> (TrainedModel, Int)? {
        guard reusesResults, let entry = cache.entry(key), entry.gains.count == columns,
            let artefact = try? store.read(entry.artefact),
            let ensemble = try? base.load(artefact), ensemble.columns == columns
        else { return nil }
        store.touch(entry.artefact)
        let model = TrainedModel(
            artefact: artefact, ensemble: ensemble, rounds: entry.rounds, gains: entry.gains,
            digest: entry.artefact)
        return (model, entry.made)
    }

    /// The artefact with a digest, from the store.
    public func stored(_ artefact: Digest) throws(TrainerError) -> [UInt8] {
        try store.read(artefact)
    }

    /// Reads an artefact back.
    public func load(_ artefact: [UInt8]) throws(TrainerError) -> TreeEnsemble {
        try base.load(artefact)
    }
}

extension TrainerError {
    /// The rounds were stopped from outside.
    static func cancelled(after round: Int) -> TrainerError {
        TrainerError(.cancelled, "cancelled after round \(round)")
    }
}
