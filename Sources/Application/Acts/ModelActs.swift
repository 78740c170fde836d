public import EventLog
public import Events
import FeedbackLoop
public import Pipeline
import Projections
public import XGBoost

/// A promotion or a rollback by a person: which model of which run, and what it comes to.
public struct ModelAct: Sendable {
    /// What is wanted.
    public enum Kind: Hashable, Sendable {
        /// A model is made champion: its id in the run, and its artefact.
        case promotion(String, Digest)
        /// The champion before is made champion again: the one that goes, and the artefact of the
        /// one that comes; nil where there was none.
        case rollback(String, to: Digest?, before: String?)
    }

    /// What is wanted.
    public let kind: Kind
    /// The run whose models are meant.
    private let run: String
    /// The artefact that is meant: of a rollback that of the champion that goes.
    let subject: Digest
    /// How many changes of a person the run has read; a rollback behind them was not seen yet.
    private let seen: Int

    /// The promotion of a model, as a run knows it.
    ///
    /// - Throws: `ModelRegistryError` for a model that is not there, has no artefact, or is the
    ///   champion already.
    public static func promotion(of model: String, in run: OpenedRun, _ store: ModelStore) throws
        -> ModelAct
    {
        let row = try ModelRegistry.read(run.merged).model(model)
        let id = row.text("id") ?? model
        let isImported = row.text("model_type") == "imported"
        guard row.text("model_artifact_path") != nil || isImported,
            let artefact = row.text("artifact_sha256").flatMap({ Digest($0) })
        else {
            let why = row.text("error_message") ?? row.text("status_reason") ?? "?"
            throw ModelRegistryError(description: "\(id) has no artefact to promote: \(why)")
        }
        guard row.text("status") != "active" else {
            throw ModelRegistryError(
                description: "\(id) is the champion of run \(run.name) already, "
                    + "\(row.text("status_reason") ?? "?")")
        }
        if !isImported { _ = try store.read(artefact) }
        return ModelAct(
            kind: .promotion(id, artefact), run: run.name, subject: artefact, seen: 0)
    }

    /// The rollback of a run's champion.
    ///
    /// - Throws: `ModelRegistryError` where the run has none.
    public static func rollback(in run: OpenedRun, _ store: ModelStore) throws -> ModelAct {
        let history = try ChampionHistory(run.merged)
        guard let champion = history.champion else {
            throw ModelRegistryError(
                description: "run \(run.name) has no champion to roll back from; "
                    + "recount models list shows its models")
        }
        // An imported model is a fact of the timeline and has no file.
        if let before = history.before, !before.model.isTimeline {
            _ = try store.read(before.artefact)
        }
        return ModelAct(
            kind: .rollback(
                "\(champion.model)", to: history.before?.artefact,
                before: history.before.map { "\($0.model)" }),
            run: run.name, subject: champion.artefact,
            seen: try RefusedAct.changesSeen(by: run.merged))
    }

    /// Records it, or asks a second person.
    public func record(
        by person: PersonAct, in log: EventLog, _ ledger: inout OperatorLedger, now: Instant
    ) throws -> OperatorLedger.Recorded {
        try ledger.record(
            proposal, who: person.who, reason: person.reason, in: log, now: now)
    }

    /// What is recorded of it.
    var proposal: ProposedAct {
        switch kind {
        case .promotion(let id, let artefact): .promotion(artefact, model: id, run: run)
        case .rollback(let champion, _, _):
            .rollback(subject, model: champion, run: run, seen: seen)
        }
    }

    /// `promotion` or `rollback`.
    public var name: String { if case .promotion = kind { "promotion" } else { "rollback" } }

    /// The artefact that is to be champion; nil for none.
    public var artefact: Digest? {
        switch kind {
        case .promotion(_, let artefact): artefact
        case .rollback(_, let artefact, _): artefact
        }
    }

    /// In words.
    public var text: String {
        switch kind {
        case .promotion(let id, let artefact):
            "promote \(id), artefact \("\(artefact)".prefix(12))…"
        case .rollback(let champion, _, let before):
            "roll back \(champion) to " + (before ?? "no champion")
        }
    }

    /// What was recorded, as fields of a JSON object.
    public func json(_ recorded: OperatorLedger.Recorded, _ person: PersonAct) -> JSONObject {
        var object = JSONObject()
        object.text("act", name)
        object.integer("position", recorded.position)
        object.boolean("recorded", recorded.isNew)
        object.text("known_at", recorded.recordedAt.map { "\($0)" })
        object.text("approval", recorded.approval)
        object.text("artifact_sha256", artefact.map { "\($0)" })
        object.text("who", person.who)
        object.text("reason", person.reason)
        return object
    }
}
