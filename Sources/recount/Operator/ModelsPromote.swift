import ArgumentParser
import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline
import Projections
import XGBoost

struct ModelsPromote: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Make a model the champion by hand: a fact of the data log, with who and why.",
        discussion: """
            A run never changes. What you say is recorded in the data log, known from now on, and \
            every replay reads it at that instant: the next run then makes the model its champion, \
            or records why it cannot. Saying the same twice adds nothing.

            Example: recount models promote r4711 --run first --data DIR --reason "champion drifts"
            """)

    @Argument(help: ArgumentHelp("The model, as that run knows it.", valueName: "model"))
    var model: String
    @OptionGroup var target: OperatorRunOption
    @OptionGroup var person: PersonOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let registry = try ModelRegistry.read(try target.open().merged)
        let row = try registry.model(model)
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
                description: "\(id) is the champion of run \(target.run) already, "
                    + "\(row.text("status_reason") ?? "?")")
        }
        if !isImported { _ = try target.store.read(artefact) }
        let log = try target.data.openForWriting()
        var ledger = OperatorLedger()
        try ledger.read(log)
        let recorded = try ledger.promote(
            artefact, who: person.name, reason: person.reason, in: log, now: wallClock())
        let text = "promote \(id), artefact \("\(artefact)".prefix(12))…"
        print(target.answer(recorded, "promotion", artefact, text, person, json: json))
        if !json { try target.data.printAnchor() }
    }
}

struct ModelsRollback: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Make the champion before the champion again: a fact of the data log.",
        discussion: """
            A run never changes: the next replay reads the fact at its instant. Where the first \
            champion is rolled back there is none afterwards, and confidence is the heuristic's \
            alone. A second rollback needs a run that has read the first.

            Example: recount models rollback --run first --data DIR --reason "worse since March"
            """)

    @OptionGroup var target: OperatorRunOption
    @OptionGroup var person: PersonOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let run = try target.open().merged
        let history = try ChampionHistory(run)
        guard let champion = history.champion else {
            throw ModelRegistryError(
                description: "run \(target.run) has no champion to roll back from; "
                    + "recount models list shows its models")
        }
        // An imported model is a fact of the timeline and has no file.
        if let before = history.before, !before.model.isTimeline {
            _ = try target.store.read(before.artefact)
        }
        let seen = try RefusedAct.changesSeen(by: run)
        let log = try target.data.openForWriting()
        var ledger = OperatorLedger()
        try ledger.read(log)
        let recorded = try ledger.rollBack(
            seen: seen, who: person.name, reason: person.reason, in: log, now: wallClock())
        let text =
            "roll back \(champion.model) to "
            + (history.before.map { "\($0.model)" } ?? "no champion")
        print(
            target.answer(recorded, "rollback", history.before?.artefact, text, person, json: json))
        if !json { try target.data.printAnchor() }
    }
}

/// The run whose models a person speaks of.
struct OperatorRunOption: ParsableArguments {
    @OptionGroup var data: DataOption
    @Option(
        name: .long,
        help: ArgumentHelp("The run whose models are meant.", valueName: "name"))
    var run: String

    mutating func validate() { run = data.run(named: run) }

    func open() throws -> OpenedRun { try data.folder.openRun(run) }

    var store: ModelStore { ModelStore("\(data.folder.path)/models") }

    /// What was recorded, and how to see what follows from it.
    func answer(
        _ recorded: OperatorLedger.Recorded, _ kind: String, _ artefact: Digest?, _ text: String,
        _ person: PersonOption, json: Bool
    ) -> String {
        if json {
            var object = JSONObject()
            object.text("act", kind)
            object.integer("position", recorded.position)
            object.boolean("recorded", recorded.isNew)
            object.text("known_at", recorded.recordedAt.map { "\($0)" })
            object.text("artifact_sha256", artefact.map { "\($0)" })
            object.text("who", person.name)
            object.text("reason", person.reason)
            object.text("seal", try? data.anchor())
            return object.text
        }
        guard let recordedAt = recorded.recordedAt else {
            return "nothing added: r\(recorded.position) of the data log says so already, and no "
                + "later word changed it\n" + next
        }
        return """
            r\(recorded.position) of the data log, known from \(recordedAt) on: \(text), by \
            \(person.name): \(person.reason)
            Run \(run) stays as it is. A replay reads the fact at its instant:
            \(next)
            """
    }

    private var next: String {
        """
          recount backtest --data \(data.data) --like \(run) --run next
          recount models list --data \(data.data) --run next
        """
    }
}
