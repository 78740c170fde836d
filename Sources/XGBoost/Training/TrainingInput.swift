import Events
import Learning

/// What the library is not asked to judge: it would answer late, in its own words or not at all.
enum TrainingInput {
    /// Refuses rows and parameters that no model can come of.
    static func check(
        _ rows: TrainingMatrix, _ earlyStopping: TrainingMatrix, _ parameters: TrainingParameters
    ) throws(TrainerError) {
        guard rows.rows > 0 else { throw TrainerError(.tooFewRows, "there is no row to train on") }
        guard rows.columns > 0 else { throw TrainerError(.library, "a row has no features") }
        guard earlyStopping.rows == 0 || rows.columns == earlyStopping.columns else {
            throw TrainerError(
                .library,
                "an early-stopping row has \(earlyStopping.columns) features and a training row "
                    + "\(rows.columns); make both from one catalogue")
        }
        try check(rows, "training")
        if earlyStopping.rows > 0 { try check(earlyStopping, "early-stopping") }
        try check(parameters)
        try check(parameters, columns: rows.columns)
    }

    private static func check(
        _ parameters: TrainingParameters, columns: Int
    ) throws(TrainerError) {
        let rising = parameters.risingColumns
        guard rising.isEmpty || rising.count == columns else {
            throw TrainerError(
                .library,
                "monotone_constraints are \(rising.count); give one for each of \(columns)")
        }
        if let place = rising.firstIndex(where: { $0 != 0 && $0 != 1 }) {
            throw TrainerError(
                .library,
                "monotone_constraints: feature \(place) has \(rising[place]); give 0 or 1")
        }
        guard let prior = parameters.prior else { return }
        guard (0..<columns).contains(prior.column) else {
            throw TrainerError(
                .library, "the prior is of feature \(prior.column); there are \(columns)")
        }
        guard prior.slope.isFinite else {
            throw TrainerError(.library, "the prior's slope is \(prior.slope); give a number")
        }
    }

    private static func check(_ rows: TrainingMatrix, _ kind: String) throws(TrainerError) {
        if let place = rows.features.firstIndex(where: \.isInfinite) {
            throw TrainerError(
                .library,
                "\(kind) row \(place / rows.columns), feature \(place % rows.columns): "
                    + "\(rows.features[place]); give NaN for what is unknown")
        }
        if let row = rows.weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
            throw TrainerError(
                .library, "\(kind) row \(row): weight \(rows.weights[row]); give 0 or more")
        }
        if let row = rows.classes.firstIndex(of: .unrecognised) {
            throw TrainerError(
                .library, "\(kind) row \(row): its class is none of loss, breakeven and win")
        }
        guard rows.weights.contains(where: { $0 > 0 }) else {
            throw TrainerError(.library, "every \(kind) row has weight 0")
        }
    }

    private static func check(_ parameters: TrainingParameters) throws(TrainerError) {
        let whole = [
            ("max_depth", parameters.depth, 1...30), ("rounds", parameters.rounds, 1...100_000),
            ("max_bin", parameters.bins, 2...65_535),
            ("early_stopping_rounds", parameters.patience, 0...100_000),
        ]
        for (name, value, range) in whole where !range.contains(value) {
            throw TrainerError(
                .library,
                "\(name) is \(value); give \(range.lowerBound) to \(range.upperBound)")
        }
        let shares = [
            ("subsample", parameters.subsample), ("colsample_bytree", parameters.columnSample),
        ]
        for (name, value) in shares where !(value > 0 && value <= 1) {
            throw TrainerError(.library, "\(name) is \(value); give more than 0 and at most 1")
        }
        let amounts = [
            ("eta", parameters.learningRate), ("lambda", parameters.lambda),
            ("min_child_weight", parameters.minimumChildWeight), ("gamma", parameters.minimumGain),
        ]
        for (name, value) in amounts where !(value >= 0 && value.isFinite) {
            throw TrainerError(.library, "\(name) is \(value); give 0 or more")
        }
        guard parameters.seed <= UInt64(Int64.max) else {
            throw TrainerError(
                .library, "seed is \(parameters.seed); give at most \(Int64.max)")
        }
    }
}
