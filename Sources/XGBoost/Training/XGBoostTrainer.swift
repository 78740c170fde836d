import Events
public import Learning

/// Boosted trees by the installed XGBoost.
///
/// The artefact is XGBoost's own model file in Universal Binary JSON (`.ubj`), which Python's
/// `Booster.load_model` reads. It holds no time, name or number of threads: equal rows and
/// parameters give equal bytes on one architecture and library version.
public struct XGBoostTrainer: Trainer {
    /// Score of every class before the first tree; without it XGBoost may estimate one.
    static let baseScore = "0.5"

    /// Threads of the library.
    public let threads: Int

    /// A trainer that uses so many threads; the artefact does not depend on it.
    ///
    /// More than one pays for many thousands of rows and on idle cores only: OpenMP's threads wait
    /// for each other in a loop unless `OMP_WAIT_POLICY=passive` is in the environment at start.
    public init(threads: Int = TrainingParameters.threads) {
        self.threads = threads
    }

    /// Library and version, for example `xgboost 1.7.4`.
    public var library: String { "xgboost \(XGBoostLibrary.version)" }
    /// The machine's architecture, for example `x86_64`.
    public var architecture: String { XGBoostLibrary.architecture }

    /// Trains on `rows`.
    ///
    /// With early-stopping rows and a patience above 0 the model is cut to the round with the least
    /// weighted log loss on them; otherwise it keeps every round. `proceed` is told each finished
    /// round, from 1. A prior's round comes before them and is always kept.
    public func train(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters,
        proceed: (_ round: Int) -> Bool
    ) throws(TrainerError) -> TrainedModel {
        try TrainingInput.check(rows, earlyStopping, parameters)
        let matrix = try DenseMatrix(rows)
        let stops = earlyStopping.rows > 0 && parameters.patience > 0
        let watched = stops ? try DenseMatrix(earlyStopping) : nil
        var stopping = EarlyStopping(earlyStopping, patience: parameters.patience)
        let booster = try Booster(
            settings(parameters), matrices: [matrix] + (watched.map { [$0] } ?? []),
            from: try parameters.prior.map { prior throws(TrainerError) in
                try PriorRound.artefact(prior, columns: rows.columns)
            })
        let given = parameters.prior == nil ? 0 : 1
        var finished = 0
        for round in 1...parameters.rounds {
            try booster.update(round: given + round - 1, matrix)
            finished = round
            guard proceed(round) else {
                throw TrainerError.cancelled(after: round)
            }
            guard let watched else { continue }
            let margins = try booster.predict(.margins, watched)
            guard try stopping.goesOn(after: round, margins) else { break }
        }
        let kept = watched == nil ? finished : stopping.bestRound
        let model = kept == finished ? booster : try booster.firstRounds(given + kept)
        let artefact = try model.artefact()
        return TrainedModel(
            artefact: artefact, ensemble: try load(artefact), rounds: kept,
            gains: try model.gains(columns: rows.columns))
    }

    /// Reads an artefact of this trainer back; anything else is an error that says what is wrong.
    public func load(_ artefact: [UInt8]) throws(TrainerError) -> TreeEnsemble {
        try ModelReader.read(artefact)
    }

    private func settings(
        _ parameters: TrainingParameters
    ) -> [(name: String, value: String)] {
        var settings = [
            ("verbosity", "0"), ("nthread", "\(max(threads, 1))"), ("booster", "gbtree"),
            ("objective", "multi:softprob"), ("num_class", "\(ModelReader.classes)"),
            ("base_score", XGBoostTrainer.baseScore), ("tree_method", "hist"),
            ("max_depth", "\(parameters.depth)"), ("max_bin", "\(parameters.bins)"),
            ("eta", "\(parameters.learningRate)"),
            ("min_child_weight", "\(parameters.minimumChildWeight)"),
            ("subsample", "\(parameters.subsample)"),
            ("colsample_bytree", "\(parameters.columnSample)"),
            ("lambda", "\(parameters.lambda)"), ("seed", "\(parameters.seed)"),
        ]
        if parameters.minimumGain > 0 {
            settings.append(("gamma", "\(parameters.minimumGain)"))
        }
        if !parameters.risingColumns.isEmpty {
            let signs = parameters.risingColumns.map { "\($0)" }.joined(separator: ",")
            settings.append(("monotone_constraints", "(\(signs))"))
        }
        return settings
    }
}
