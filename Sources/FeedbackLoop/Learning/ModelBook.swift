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

    /// What the champion says of rows, by their places; nil without a champion.
    mutating func championSays(
        _ rows: [TrainingRow], at places: [Int]
    ) -> [TreeEnsemble.Probabilities]? {
        guard let champion else { return nil }
        var known = places.map { said[rows[$0].signal] }
        let unknown = known.indices.filter { known[$0] == nil }
        let predicted = champion.ensemble.probabilities(rows, at: unknown.map { places[$0] })
        for (index, probabilities) in zip(unknown, predicted) {
            known[index] = probabilities
            said[rows[places[index]].signal] = probabilities
        }
        return known.compactMap { $0 }
    }

    mutating func evolveWaiting() {
        isWaiting = true
    }

    /// Earlier comparisons that used any of these sessions.
    func reuses(_ sessions: ClosedRange<Int>) -> Int {
        compared.reduce(0) { $0 + ($1.overlaps(sessions) ? 1 : 0) }
    }
}
