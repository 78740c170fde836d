public import Events

/// The champions of a log, one above the other, as its promotions and rollbacks left them.
///
/// Whoever reads a log and asks who was champion folds this; the loop itself decides from its
/// `ModelBook`, and the auditor looks with eyes of its own.
public struct ChampionHistory: Hashable, Sendable {
    /// A model that was promoted.
    public struct Champion: Hashable, Sendable {
        /// The model.
        public let model: Reference
        /// Its artefact.
        public let artefact: Digest

        /// A champion from its parts.
        public init(model: Reference, artefact: Digest) {
            (self.model, self.artefact) = (model, artefact)
        }
    }

    /// The present champion; nil without one.
    public private(set) var champion: Champion?
    /// The champions before, the latest last.
    public private(set) var earlier: [Champion]

    /// A history that goes on behind these champions.
    public init(_ champion: Champion? = nil, earlier: [Champion] = []) {
        (self.champion, self.earlier) = (champion, earlier)
    }

    /// Whom a rollback would make champion again; nil when that leaves none.
    public var before: Champion? { earlier.last }

    /// Whether an event is a promotion or a rollback that a person asked for: what came of it is
    /// another event, of the run.
    public static func isRequest(_ message: RawSpan, _ reference: Reference)
        throws(DecodingError) -> Bool
    {
        switch try MessageHeader(message).templateID {
        case ModelPromoted.templateID, ModelRolledBack.templateID:
            if reference.isTimeline { return true }
            return try Envelope(message: message).actor == .person
        default: return false
        }
    }

    /// Takes the next event of a log; whatever changes no champion is left out.
    public mutating func take(_ message: RawSpan, _ reference: Reference) throws {
        guard try !ChampionHistory.isRequest(message, reference) else { return }
        switch try MessageHeader(message).templateID {
        case ModelPromoted.templateID:
            let event = try ModelPromotedView(message)
            promote(Champion(model: event.model, artefact: event.artefact))
        case ModelRolledBack.templateID: try rollBack(to: ModelRolledBackView(message).model)
        case ModelRetired.templateID: retire(try ModelRetiredView(message).model)
        default: break
        }
    }

    /// A model was promoted.
    public mutating func promote(_ promoted: Champion) {
        if let champion { earlier.append(champion) }
        champion = promoted
    }

    /// The champion before is the champion again; none when that leaves none.
    public mutating func rollBack(to model: Reference) throws(ChampionError) {
        let before = earlier.last?.model ?? .none
        guard model == before else { throw ChampionError(model: model, before: before) }
        champion = earlier.popLast()
    }

    /// A model was retired: if it is the champion there is none.
    public mutating func retire(_ model: Reference) {
        if champion?.model == model { champion = nil }
    }
}

/// A rollback to a model that was not the champion before.
public struct ChampionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The model.
    public let model: Reference
    /// The champion before.
    public let before: Reference

    /// A refusal from its parts.
    public init(model: Reference, before: Reference) {
        (self.model, self.before) = (model, before)
    }

    /// Both.
    public var description: String {
        "it goes back to model \(model), where \(before) was the champion before"
    }
}
