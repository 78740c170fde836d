import Events
import Learning

/// The models that the loop has: at most one champion and one candidate.
struct ModelBook: Sendable {
    /// A trained model, ready to predict.
    struct Model: Sendable {
        /// Its ModelTrained.
        let reference: Reference
        let artefact: Digest
        let ensemble: TreeEnsemble
        /// Day and session in which its last label, early stopping included, became mature.
        let labelsThrough: Day
        let labelsThroughSession: Int
        /// The majority class of its training part.
        let majority: OutcomeClass
        /// Its own P(win) of its training rows.
        let trainingWins: [Float]
        let map: QuantileMap
    }

    private(set) var champion: Model?
    private(set) var candidate: Model?
    /// Whether the candidate waits for more holdout rows.
    private(set) var isWaiting = false
    /// The latest promotion or rollback.
    private(set) var latestPromotion = Reference.none
    /// Decision sessions of the comparisons so far.
    private(set) var compared: [ClosedRange<Int>] = []
    /// What the champion says of rows that it was compared on: most meet it again and again.
    private var said = Lookup<Reference, TreeEnsemble.Probabilities>()

    /// The models that play a part.
    var present: [Reference] { [champion, candidate].compactMap { $0?.reference } }

    mutating func evolve(trained model: Model) {
        candidate = model
        isWaiting = false
    }

    mutating func evolve(compared sessions: ClosedRange<Int>) {
        compared.append(sessions)
        isWaiting = false
    }

    mutating func evolve(promoted model: Model, by promotion: Reference) {
        champion = model
        said = Lookup()
        if candidate?.reference == model.reference { candidate = nil }
        latestPromotion = promotion
    }

    /// What the champion says of a row; nil without a champion.
    mutating func championSays(_ row: TrainingRow) -> TreeEnsemble.Probabilities? {
        guard let champion else { return nil }
        if let known = said[row.signal] { return known }
        let probabilities = champion.ensemble.probabilities(row.features)
        said[row.signal] = probabilities
        return probabilities
    }

    mutating func evolveWaiting() {
        isWaiting = true
    }

    /// Earlier comparisons that used any of these sessions.
    func reuses(_ sessions: ClosedRange<Int>) -> Int {
        compared.reduce(0) { $0 + ($1.overlaps(sessions) ? 1 : 0) }
    }
}
