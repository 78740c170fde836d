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
        /// The session after which it was trained.
        let trainedSession: Int
    }

    /// A model without its trees, which lie under its artefact's digest.
    struct Shelved: Sendable {
        let reference: Reference
        let artefact: Digest
        let labelsThrough: Day
        let labelsThroughSession: Int
        let majority: OutcomeClass
        let map: QuantileMap
        let trainedSession: Int
    }

    private(set) var champion: Model?
    private(set) var candidate: Model?
    /// Whether the candidate waits for more holdout rows.
    private(set) var isWaiting = false
    /// Every model that was trained, by its artefact.
    private var shelf = Lookup<Digest, Shelved>()
    /// The champions before the present one, the latest last.
    private var earlier: [Shelved] = []
    /// The latest promotion or rollback.
    private(set) var latestPromotion = Reference.none
    /// Decision sessions of the comparisons so far.
    private(set) var compared: [ClosedRange<Int>] = []
    /// What the champion says of rows that it was compared on: most meet it again and again.
    private var said = Lookup<Reference, TreeEnsemble.Probabilities>()

    /// The models that play a part.
    var present: [Reference] { [champion, candidate].compactMap { $0?.reference } }

    /// The model with an artefact; nil when none was trained.
    func known(_ artefact: Digest) -> Shelved? { shelf[artefact] }

    /// The champion before the present one; nil when it was the first.
    var championBefore: Shelved? { earlier.last }

    mutating func evolve(trained model: Model) {
        shelf[model.artefact] = Shelved(model)
        candidate = model
        isWaiting = false
    }

    mutating func evolve(compared sessions: ClosedRange<Int>) {
        compared.append(sessions)
        isWaiting = false
    }

    mutating func evolve(promoted model: Model, by promotion: Reference) {
        if let champion { earlier.append(Shelved(champion)) }
        champion = model
        said = Lookup()
        if candidate?.reference == model.reference { candidate = nil }
        latestPromotion = promotion
    }

    /// The champion before is the champion again; nil when the first was rolled back.
    mutating func evolve(rolledBackTo model: Model?, by rollback: Reference) {
        _ = earlier.popLast()
        champion = model
        said = Lookup()
        latestPromotion = rollback
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

extension ModelBook.Shelved {
    /// What is kept of a model when its trees are put away.
    init(_ model: ModelBook.Model) {
        self.init(
            reference: model.reference, artefact: model.artefact,
            labelsThrough: model.labelsThrough, labelsThroughSession: model.labelsThroughSession,
            majority: model.majority, map: model.map, trainedSession: model.trainedSession)
    }
}

extension ModelBook.Model {
    /// A model whose trees were read again. Its predictions of its training rows are not kept: a
    /// champion is asked for them no more.
    init(_ shelved: ModelBook.Shelved, _ ensemble: TreeEnsemble) {
        self.init(
            reference: shelved.reference, artefact: shelved.artefact, ensemble: ensemble,
            labelsThrough: shelved.labelsThrough,
            labelsThroughSession: shelved.labelsThroughSession, majority: shelved.majority,
            trainingWins: [], map: shelved.map, trainedSession: shelved.trainedSession)
    }
}
