import Events
import Learning
import Market

/// What the loop has at hand and would find again if it were lost: no state, and no part of a fold.
///
/// Trees that were lent, what they predicted, and what a session's evaluations share.
struct LoopMemo: Sendable {
    /// What a session's features share.
    var features = FeatureMemo()
    /// The cut of the training that is being asked for.
    var cut: (request: Reference, set: TrainingSet)?

    private var trees: [(artefact: Digest, trees: TreeEnsemble)] = []
    /// Each model's P(win) of its own training rows, of the candidate alone.
    private var wins: (artefact: Digest, wins: [Float])?
    /// What the champion predicted of rows that it was compared on: most meet it again and again.
    private var championMemo = Lookup<Reference, TreeEnsemble.Probabilities>()
    private var championOfMemo = Reference.none

    /// Takes the trees of a model, and its P(win) of its training rows.
    mutating func lend(_ trees: TreeEnsemble, _ artefact: Digest, wins: [Float]?) {
        self.trees.removeAll { $0.artefact == artefact }
        self.trees.append((artefact, trees))
        if let wins { self.wins = (artefact, wins) }
    }

    /// Lets go of trees that no model which plays a part has.
    mutating func release(but models: [Digest]) {
        guard trees.count > models.count else { return }
        trees.removeAll { !models.contains($0.artefact) }
    }

    /// The trees of a model: at hand, or from the store.
    mutating func trees(
        of model: ModelBook.Model, _ store: any ArtefactStore
    ) throws(LoopError) -> TreeEnsemble {
        if let known = trees.last(where: { $0.artefact == model.artefact }) { return known.trees }
        switch store.trees(model.artefact) {
        case .success(let found):
            trees.append((model.artefact, found))
            return found
        case .failure(let error):
            throw .artefactLost(model.reference, model.artefact, error.description)
        }
    }

    /// A model's P(win) of the rows that it was trained on; nothing for an imported one.
    mutating func wins(
        of model: ModelBook.Model, _ state: borrowing LoopState, _ store: any ArtefactStore
    ) throws(LoopError) -> [Float] {
        if model.isImported { return [] }
        if let wins, wins.artefact == model.artefact { return wins.wins }
        guard let trained = state.recalledRows, trained.artefact == model.artefact else {
            return []
        }
        let trees = try trees(of: model, store)
        let rows = trained.rows
        let found = trees.probabilities(rows.count) { rows[$0] }.map(\.win)
        wins = (model.artefact, found)
        return found
    }

    /// What a model predicts of rows that are evaluated now; nil of those its table does not have.
    mutating func predictions(
        _ model: ModelBook.Model, _ evaluated: [Evaluated], _ day: Day,
        _ imports: borrowing ImportedModels, _ store: any ArtefactStore
    ) throws(LoopError) -> [TreeEnsemble.Probabilities?] {
        guard !model.isImported else {
            return evaluated.map { imports.predictions(model.reference, $0.ticker, day) }
        }
        let trees = try trees(of: model, store)
        return trees.probabilities(evaluated.count) { evaluated[$0].features }
    }

    /// What a model predicts of rows, by their places.
    mutating func predictions(
        _ model: ModelBook.Model, _ rows: [TrainingRow], at places: [Int],
        _ imports: borrowing ImportedModels, _ store: any ArtefactStore
    ) throws(LoopError) -> [TreeEnsemble.Probabilities?] {
        guard !model.isImported else { return imports.predictions(model, rows, at: places) }
        let trees = try trees(of: model, store)
        return trees.probabilities(places.count) { rows[places[$0]].features }
    }

    /// What the champion predicts of rows, by their places; nil without a champion.
    mutating func championPredictions(
        _ champion: ModelBook.Model?, _ rows: [TrainingRow], at places: [Int],
        _ imports: borrowing ImportedModels, _ store: any ArtefactStore
    ) throws(LoopError) -> [TreeEnsemble.Probabilities?]? {
        guard let champion else { return nil }
        guard !champion.isImported else { return imports.predictions(champion, rows, at: places) }
        if championOfMemo != champion.reference {
            championMemo = Lookup()
            championOfMemo = champion.reference
        }
        var known = places.map { championMemo[rows[$0].signal] }
        let unknown = known.indices.filter { known[$0] == nil }
        let predicted = try trees(of: champion, store)
            .probabilities(unknown.count) { rows[places[unknown[$0]]].features }
        for (index, probabilities) in zip(unknown, predicted) {
            known[index] = probabilities
            championMemo[rows[places[index]].signal] = probabilities
        }
        return known
    }
}

extension ImportedModels {
    /// What a model's table says of rows, by their places; nil of those it does not have.
    func predictions(
        _ model: ModelBook.Model, _ rows: [TrainingRow], at places: [Int]
    ) -> [TreeEnsemble.Probabilities?] {
        places.map { predictions(model.reference, rows[$0].ticker, rows[$0].decidedOn) }
    }
}
