import Events
public import Learning

/// One holdout drawn by a design: what came out, and what makes each model right.
///
/// A model is right where its skill is below the quantile of its accuracy, so that its true
/// accuracy is exact; where it is wrong it names one of the other classes, each equally likely.
public struct SimulatedHoldout {
    let design: Design
    let labels: [OutcomeClass]
    let returns: [Double]
    let champion: [Double]
    let challenger: [Double]
    /// Values that have nothing to do with the labels: what a guessing model goes by.
    let guesses: [Double]
    /// Which of the other classes a wrong champion names, and a wrong challenger.
    let wrong: [(champion: Bool, challenger: Bool)]

    /// Draws a holdout.
    public init(_ design: Design, seed: UInt64) {
        var normal = Normal(seed: seed)
        let outcome = Field(design, &normal)
        let shared = Field(design, &normal)
        let (old, new) = (Field(design, &normal), Field(design, &normal))
        let (both, rest) = (
            Design.skillCorrelation.squareRoot(), (1 - Design.skillCorrelation).squareRoot()
        )
        let classify = SimulatedHoldout.classes()
        self.design = design
        labels = outcome.values.map(classify)
        returns = outcome.values.map { 0.08 * $0 }
        champion = zip(shared.values, old.values).map { both * $0 + rest * $1 }
        challenger = zip(shared.values, new.values).map { both * $0 + rest * $1 }
        guesses = new.values
        wrong = labels.map { _ in
            let bits = normal.generator.next()
            return (bits & 1 == 0, bits & 2 == 0)
        }
    }

    /// The rows when the challenger's true accuracy is `gain` above the champion's.
    public func rows(gain: Double) -> [HoldoutRow] {
        let limits = (
            old: Normal.quantile(Design.accuracy), new: Normal.quantile(Design.accuracy + gain)
        )
        return rows { row in
            let label = labels[row]
            let old = champion[row] < limits.old ? label : other(label, wrong[row].champion)
            let new = challenger[row] < limits.new ? label : other(label, wrong[row].challenger)
            return (old, new)
        }
    }

    /// The rows of a challenger that guesses in the shares of the classes, without a champion.
    public func guessedRows() -> [HoldoutRow] {
        let classify = SimulatedHoldout.classes()
        return rows { row in (nil, classify(guesses[row])) }
    }

    private func rows(
        _ predictions: (Int) -> (old: OutcomeClass?, new: OutcomeClass)
    ) -> [HoldoutRow] {
        labels.indices.map { row in
            let place = design.place(row)
            let (old, new) = predictions(row)
            return HoldoutRow(
                day: Day(rawValue: 18_000 + Int32(place.session)), session: place.session,
                ticker: Ticker("T\(1_000 + place.ticker)")!, label: labels[row],
                netReturn: returns[row], champion: old.map(SimulatedHoldout.naming),
                challenger: SimulatedHoldout.naming(new))
        }
    }

    /// One of the two classes that are not `label`.
    private func other(_ label: OutcomeClass, _ first: Bool) -> OutcomeClass {
        switch label {
        case .loss: first ? .breakeven : .win
        case .breakeven: first ? .loss : .win
        default: first ? .loss : .breakeven
        }
    }

    /// The class of a standard normal value, in the design's shares.
    private static func classes() -> (Double) -> OutcomeClass {
        let loss = Normal.quantile(Design.shares[0])
        let win = Normal.quantile(Design.shares[0] + Design.shares[1])
        return { $0 < loss ? .loss : $0 < win ? .breakeven : .win }
    }

    private static func naming(_ outcome: OutcomeClass) -> TreeEnsemble.Probabilities {
        TreeEnsemble.Probabilities(
            loss: outcome == .loss ? 0.5 : 0.25, breakeven: outcome == .breakeven ? 0.5 : 0.25,
            win: outcome == .win ? 0.5 : 0.25)
    }
}
