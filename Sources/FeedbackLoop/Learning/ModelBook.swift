import Events
import Learning

/// The models that the loop has: at most one champion and one candidate of its own, and those that
/// were imported.
struct ModelBook: Sendable {
    /// Where a model's answers come from.
    enum Answers: Sendable {
        /// Trees that the loop's trainer made.
        case trees(TreeEnsemble)
        /// The table of an imported model.
        case table
    }

    /// A trained model, ready to predict.
    struct Model: Sendable {
        /// Its ModelTrained, or ModelImported.
        let reference: Reference
        let artefact: Digest
        let answers: Answers
        /// Day and session in which its last label, early stopping included, became mature.
        let labelsThrough: Day
        let labelsThroughSession: Int
        /// The majority class of its training part.
        var majority: OutcomeClass
        /// Its own P(win) of its training rows.
        let trainingWins: [Float]
        var map: QuantileMap
        /// The session after which it was trained, or imported.
        let trainedSession: Int
    }

    /// A model without its trees, which lie under its artefact's digest.
    struct Shelved: Sendable {
        let reference: Reference
        let isImported: Bool
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
    /// Models of other tools.
    private(set) var imports = ImportedModels()
    /// Every model that was trained or imported, by its artefact.
    private var shelf = Lookup<Digest, Shelved>()
    /// The champions before the present one, the latest last.
    private var earlier: [Shelved] = []
    /// The latest promotion or rollback.
    private(set) var latestPromotion = Reference.none
    /// Decision sessions of the comparisons so far.
    private(set) var compared: [ClosedRange<Int>] = []
    /// What the champion says of rows that it was compared on: most meet it again and again.
    private var championMemo = Lookup<Reference, TreeEnsemble.Probabilities>()

    /// The models that play a part.
    var present: [Reference] {
        [champion, candidate].compactMap { $0?.reference }
            + imports.candidates.map(\.model.reference)
    }

    /// Whether a model, the loop's own or imported, waits for more holdout rows and said so.
    func isWaiting(_ model: Reference) -> Bool {
        candidate?.reference == model
            ? isWaiting
            : imports.candidates.contains { $0.model.reference == model && $0.isWaiting }
    }

    /// The model with an artefact; nil when none was trained.
    func known(_ artefact: Digest) -> Shelved? { shelf[artefact] }

    /// The champion before the present one; nil when it was the first.
    var championBefore: Shelved? { earlier.last }

    mutating func evolve(trained model: Model) {
        shelf[model.artefact] = Shelved(model)
        candidate = model
        isWaiting = false
    }

    mutating func evolve(imported event: ModelImported, at position: UInt64, sessions: [Day]) {
        let model = imports.learn(event, at: position, sessions: sessions)
        shelf[model.artefact] = Shelved(model)
    }

    mutating func evolve(predicted event: PredictionsImported) {
        imports.learn(event)
    }

    mutating func evolve(superseded model: Reference) {
        imports.remove(model)
    }

    /// A candidate met the gate; an imported one with the map that its rows gave.
    mutating func evolve(compared sessions: ClosedRange<Int>, of model: Model) {
        compared.append(sessions)
        if candidate?.reference == model.reference { isWaiting = false }
        imports.update(model.reference) { ($0.isCompared, $0.isWaiting) = (true, false) }
        imports.update(model.reference) { $0.model = model }
        if case .table = model.answers { shelf[model.artefact] = Shelved(model) }
    }

    mutating func evolve(promoted model: Model, by promotion: Reference) {
        if let champion { earlier.append(Shelved(champion)) }
        champion = model
        championMemo = Lookup()
        if candidate?.reference == model.reference { candidate = nil }
        imports.remove(model.reference)
        latestPromotion = promotion
    }

    /// The champion before is the champion again; nil when the first was rolled back.
    mutating func evolve(rolledBackTo model: Model?, by rollback: Reference) {
        _ = earlier.popLast()
        champion = model
        championMemo = Lookup()
        latestPromotion = rollback
    }

    /// What a model says of rows that are evaluated now; nil of those that its table does not have.
    func predictions(
        _ model: Model, _ evaluated: [Evaluated], _ day: Day
    ) -> [TreeEnsemble.Probabilities?] {
        switch model.answers {
        case .trees(let trees): trees.probabilities(evaluated.count) { evaluated[$0].features }
        case .table: evaluated.map { imports.predictions(model.reference, $0.ticker, day) }
        }
    }

    /// What a model says of rows, by their places.
    func predictions(
        _ model: Model, _ rows: [TrainingRow], at places: [Int]
    ) -> [TreeEnsemble.Probabilities?] {
        switch model.answers {
        case .trees(let trees):
            trees.probabilities(places.count) { rows[places[$0]].features }
        case .table:
            places.map { imports.predictions(model.reference, rows[$0].ticker, rows[$0].decidedOn) }
        }
    }

    /// What the champion says of rows, by their places; nil without a champion.
    mutating func championPredictions(
        _ rows: [TrainingRow], at places: [Int]
    ) -> [TreeEnsemble.Probabilities?]? {
        guard let champion else { return nil }
        guard case .trees(let trees) = champion.answers else {
            return predictions(champion, rows, at: places)
        }
        var known = places.map { championMemo[rows[$0].signal] }
        let unknown = known.indices.filter { known[$0] == nil }
        let predicted = trees.probabilities(unknown.count) { rows[places[unknown[$0]]].features }
        for (index, probabilities) in zip(unknown, predicted) {
            known[index] = probabilities
            championMemo[rows[places[index]].signal] = probabilities
        }
        return known
    }

    mutating func evolve(waiting model: Reference) {
        if candidate?.reference == model { isWaiting = true }
        imports.update(model) { $0.isWaiting = true }
    }

    /// Earlier comparisons that used any of these sessions.
    func reuses(_ sessions: ClosedRange<Int>) -> Int {
        compared.reduce(0) { $0 + ($1.overlaps(sessions) ? 1 : 0) }
    }
}

extension ModelBook.Shelved {
    /// What is kept of a model when its trees are put away.
    init(_ model: ModelBook.Model) {
        var isImported = false
        if case .table = model.answers { isImported = true }
        self.init(
            reference: model.reference, isImported: isImported, artefact: model.artefact,
            labelsThrough: model.labelsThrough, labelsThroughSession: model.labelsThroughSession,
            majority: model.majority, map: model.map, trainedSession: model.trainedSession)
    }
}

extension ModelBook.Model {
    /// A model whose answers are at hand again. Its predictions of its training rows are not kept:
    /// a champion is asked for them no more.
    init(_ shelved: ModelBook.Shelved, _ answers: ModelBook.Answers) {
        self.init(
            reference: shelved.reference, artefact: shelved.artefact, answers: answers,
            labelsThrough: shelved.labelsThrough,
            labelsThroughSession: shelved.labelsThroughSession, majority: shelved.majority,
            trainingWins: [], map: shelved.map, trainedSession: shelved.trainedSession)
    }
}
