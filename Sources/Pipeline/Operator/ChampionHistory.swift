public import EventLog
public import Events

/// The champions of a run, one above the other, as its promotions and rollbacks left them.
public struct ChampionHistory: Sendable {
    /// A model that was promoted.
    public struct Champion: Hashable, Sendable {
        /// The model.
        public let model: Reference
        /// Its artefact.
        public let artefact: Digest
    }

    /// The champions, the present one last; a rollback takes the last away.
    public private(set) var champions: [Champion] = []
    /// What a person asked for and the run could not do: the fact, and why.
    public private(set) var refusals: [(fact: Reference, reason: String)] = []

    /// Reads a run's log.
    public init(_ run: EventLog) throws {
        var found: [Champion] = []
        var refused: [(Reference, String)] = []
        try run.read { record in
            switch try MessageHeader(record.message).templateID {
            case ModelPromoted.templateID:
                let event = try ModelPromotedView(record.message)
                found.append(Champion(model: event.model, artefact: event.artefact))
            case ModelRolledBack.templateID: _ = found.popLast()
            case JobFailed.templateID:
                let event = try JobFailed(message: record.message)
                if event.start.isTimeline {
                    refused.append((event.start, String(decoding: event.text, as: UTF8.self)))
                }
            default: break
            }
            return .proceed
        }
        champions = found
        refusals = refused
    }

    /// The present champion; nil without one.
    public var champion: Champion? { champions.last }

    /// Whom a rollback would make champion again; nil when that leaves none.
    public var before: Champion? { champions.dropLast().last }

    /// How many promotions and rollbacks by a person a timeline holds.
    public static func wordsSeen(in timeline: EventLog) throws -> Int {
        var count = 0
        try timeline.read { record in
            let template = try MessageHeader(record.message).templateID
            if template == ModelPromoted.templateID || template == ModelRolledBack.templateID {
                count += 1
            }
            return .proceed
        }
        return count
    }
}
