public import Events
public import Market

/// What a person did, as a fact of the timeline: known when it was recorded, never before.
///
/// A fact says what was asked for; what came of it is an event of each run that reads it. So a run
/// stays what it was, and every replay meets the act at its own instant.
public enum OperatorAct: Sendable {
    /// A model is to be the champion: named by its artefact, for positions differ between runs.
    case promote(ModelPromoted)
    /// The champion before is to be the champion again.
    case rollBack(ModelRolledBack)
    /// A training is asked for.
    case retrain(JobStarted)
    /// A trade that was made elsewhere is told of.
    case trade(TradeRecorded)

    /// The act that a fact of a timeline tells of; nil for facts of other kinds.
    public init?(_ message: RawSpan, templateID: UInt16) throws(DecodingError) {
        switch templateID {
        case ModelPromoted.templateID: self = .promote(try ModelPromoted(message: message))
        case ModelRolledBack.templateID: self = .rollBack(try ModelRolledBack(message: message))
        case JobStarted.templateID: self = .retrain(try JobStarted(message: message))
        case TradeRecorded.templateID: self = .trade(try TradeRecorded(message: message))
        default: return nil
        }
    }

    /// Records that an act could not be done, and why: a failed job whose start is the fact itself.
    public static func refuse<Fold: EventFold>(
        _ fact: Reference, _ reason: String, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        desk.record(
            JobFailed(
                envelope: desk.envelope(causation: fact), start: fact, scheduledAt: desk.now,
                job: .modelEvaluation, text: Array(reason.utf8)), &fold)
    }
}
