import Events
import Learning

/// The models that the loop has: at most one champion and one candidate of its own, and those that
/// were imported.
///
/// A model is a digest: its trees are lent by an artefact store when it is asked.
struct ModelBook: Sendable {
    /// A trained or imported model.
    struct Model: Sendable {
        /// Its ModelTrained, or ModelImported.
        let reference: Reference
        /// Whether another tool made it: its answers stand in a table.
        let isImported: Bool
        /// Of an imported model the file that it came with.
        let artefact: Digest
        /// Day and session in which its last label, early stopping included, became mature.
        let labelsThrough: Day
        let labelsThroughSession: Int
        /// The majority class of its training part.
        var majority: OutcomeClass
        var map: QuantileMap
        /// The session after which it was trained, or imported.
        let trainedSession: Int
    }

    /// A comparison whose decision is not recorded yet.
    struct Undecided: Sendable {
        let comparison: Reference
        let challenger: Reference
        let decision: GateVerdict
        /// Whether there was no champion to be compared with.
        let isBaseline: Bool
        let rows: UInt32
    }

    /// A model that ended and is not retired yet.
    struct Unretired: Sendable {
        let model: Reference
        let successor: Reference
        let ended: Reference
        let reason: RetirementReason
        let text: [UInt8]
    }

    private(set) var champion: Model?
    private(set) var candidate: Model?
    /// Whether the candidate waits for more holdout rows.
    private(set) var isWaiting = false
    /// What the gate last recorded of the candidate: a comparison, or that it waits.
    private(set) var candidateJudged = Reference.none
    /// Models of other tools.
    private(set) var imports = ImportedModels()
    /// A comparison whose decision is due.
    private(set) var undecided: Undecided?
    /// A model whose retirement is due.
    private(set) var unretired: Unretired?
    /// Every model that was trained or imported, by its artefact.
    private var shelf = Lookup<Digest, Model>()
    /// The champions before the present one, the latest last.
    private var earlier: [Model] = []
    /// The latest promotion or rollback.
    private(set) var latestPromotion = Reference.none
    /// Decision sessions of the comparisons so far.
    private(set) var compared: [ClosedRange<Int>] = []

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
    func known(_ artefact: Digest) -> Model? { shelf[artefact] }

    /// The champion before the present one; nil when it was the first.
    var championBefore: Model? { earlier.last }

    /// The loop's candidate, or an imported one, by its reference.
    func candidate(_ reference: Reference) -> Model? {
        if let candidate, candidate.reference == reference { return candidate }
        return imports.candidates.first { $0.model.reference == reference }?.model
    }

    /// Earlier comparisons that used any of these sessions.
    func reuses(_ sessions: ClosedRange<Int>) -> Int {
        compared.reduce(0) { $0 + ($1.overlaps(sessions) ? 1 : 0) }
    }
}

extension ModelBook {
    /// A model was trained: the candidate from now on, in place of the one before.
    mutating func apply(trained model: Model) {
        shelf[model.artefact] = model
        if let candidate {
            unretired = Unretired(
                model: candidate.reference, successor: model.reference, ended: model.reference,
                reason: .superseded, text: [])
        }
        candidate = model
        isWaiting = false
        candidateJudged = .none
    }

    /// A model of another tool became known.
    mutating func learn(_ event: ModelImported, at fact: Reference, sessions: [Day]) {
        let model = imports.learn(event, at: fact, sessions: sessions)
        shelf[model.artefact] = model
    }

    /// Predictions of another tool became known.
    mutating func learn(_ event: PredictionsImported) {
        imports.learn(event)
    }

    /// A candidate met the gate; an imported one with the map that its rows gave.
    mutating func apply(
        _ event: ModelCompared, at reference: Reference, sessions: ClosedRange<Int>, of model: Model
    ) {
        compared.append(sessions)
        undecided = Undecided(
            comparison: reference, challenger: event.challenger, decision: event.decision,
            isBaseline: event.champion == .none, rows: event.rows)
        if candidate?.reference == model.reference {
            isWaiting = false
            candidateJudged = reference
        }
        imports.update(model.reference) {
            ($0.isCompared, $0.isWaiting) = (true, false)
            $0.model = model
        }
        if model.isImported { shelf[model.artefact] = model }
    }

    /// A challenger is not promoted, or waits.
    mutating func apply(_ event: ModelHeldAsCandidate, at reference: Reference) {
        if event.comparison == undecided?.comparison { undecided = nil }
        guard event.comparison == .none else { return }
        if candidate?.reference == event.model {
            isWaiting = event.reason == .awaitingHoldout
            candidateJudged = reference
        }
        imports.update(event.model) { $0.isWaiting = true }
    }

    /// A model is the champion from now on.
    mutating func apply(_ event: ModelPromoted, at reference: Reference, of model: Model) {
        if event.comparison == undecided?.comparison { undecided = nil }
        if let champion {
            earlier.append(champion)
            unretired = Unretired(
                model: champion.reference, successor: model.reference, ended: reference,
                reason: .replaced, text: [])
        }
        champion = model
        if candidate?.reference == model.reference { candidate = nil }
        imports.remove(model.reference)
        latestPromotion = reference
    }

    /// The champion before is the champion again; none when the first was rolled back.
    mutating func apply(_ event: ModelRolledBack, at reference: Reference, to model: Model?) {
        _ = earlier.popLast()
        champion = model
        latestPromotion = reference
        unretired = Unretired(
            model: event.replaced, successor: event.model, ended: reference, reason: .rolledBack,
            text: event.text)
    }

    /// A model is no longer a champion or candidate.
    mutating func apply(_ event: ModelRetired) {
        if unretired?.model == event.model { unretired = nil }
        if event.model.isTimeline, event.reason == .superseded { imports.remove(event.model) }
    }
}
