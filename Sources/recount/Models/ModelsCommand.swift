import ArgumentParser
import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline
import Projections
import XGBoost

/// `recount models …`
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "The models of a run: what was trained, compared, promoted, and why.",
        discussion: """
            Everything is read from the run's own log, as of any position; no projector needs to \
            run. MODEL is champion, candidate, a reference (r123), a version (7) or the beginning \
            of an artefact's SHA-256.

            \(EventArgument.explained)

            Example: recount models list --data DIR --run first --as-of 2018-06-30
            """,
        subcommands: [
            ModelsList.self, ModelsShow.self, ModelsCompare.self, ModelsExport.self,
            ModelsExplain.self, ModelsPromote.self, ModelsRollback.self, ModelsPrune.self,
        ])
}

/// Whose models.
struct ModelsLogOption: ParsableArguments {
    @OptionGroup var data: DataOption
    @Option(name: .long, help: ArgumentHelp("A run instead of the data log.", valueName: "name"))
    var run: String?

    mutating func validate() { run = run.map(data.run(named:)) }

    /// The run over its timeline, or the data log.
    func open() throws -> MergedLog {
        try run.map { try data.folder.openRun($0).merged }
            ?? MergedLog(try EventLog.open(at: data.folder.log))
    }

    var store: ModelStore { ModelStore("\(data.folder.path)/models") }
}

/// Whose models, and as of when.
struct ModelsOption: ParsableArguments {
    @OptionGroup var log: ModelsLogOption
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A date (after its cycle), an instant, an event or a position: 2018-06-30 or r4711.",
            valueName: "when"),
        transform: { try AsOf($0) })
    var asOf: AsOf?

    func registry() throws -> ModelRegistry {
        try ModelRegistry.read(try log.open(), asOf: asOf ?? .end)
    }

    /// What a run's trainings learnt from and what its promotions came to; nil of the data log.
    func learning() throws -> LearningReading? {
        guard let name = log.run else { return nil }
        let (run, loop, _) = try RunOption.parsed(data: log.data, run: name).openLoop()
        return try LearningReading(
            of: run.merged, loop.configuration, asOf: asOf ?? .end, load: log.data.trees)
    }
}

struct ModelsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List trainings and their models, the champion marked.",
        discussion: """
            Every model that is or was champion is listed, and the last twenty trainings; --all \
            lists all, --status those of one status. JSON has all, or those of the status.

            Example: recount models list --data DIR --run first --as-of r4711 --json
                     recount models list --data DIR --run last --status failed
            """)

    @OptionGroup var option: ModelsOption
    @Flag(name: .long, help: "Every training.") var all = false
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only these: \(ModelsList.states.joined(separator: ", ")).", valueName: "status"))
    var status: String?
    @Flag(name: .long, help: "One JSON object.") var json = false

    private static let states = ["training", "candidate", "active", "archived", "failed"]

    func validate() throws {
        if let status, !ModelsList.states.contains(status) {
            throw ValidationError(
                "--status \(status): is none of \(ModelsList.states.joined(separator: ", "))"
                    + Suggestion.question(status, ModelsList.states))
        }
    }

    func run() throws {
        let (registry, refusals, learning) = try Progress.working("reading the models") {
            let registry = try option.registry()
            return (
                registry, try RefusedAct.all(of: try option.log.open()),
                try registry.models.isEmpty ? nil : option.learning()
            )
        }
        if json { return print(object(registry, refusals, learning)) }
        print(ModelsText.list(registry, shown(registry), learning))
        guard !refusals.isEmpty else { return }
        print("\n\(refusals.count) acts by hand were refused:")
        for refused in refusals { print("  \(refused.fact): \(refused.reason)") }
    }

    /// The places of the models that are listed.
    private func shown(_ registry: ModelRegistry) -> [Int] {
        let models = registry.models
        if let status { return models.indices.filter { models[$0].text("status") == status } }
        let promoted = registry.comparisons.filter { $0.number("promoted") == 1 }
            .compactMap { $0.text("new_model_id") }
        return models.indices.filter { place in
            all || place >= models.count - 20 || models[place].text("status") == "active"
                || models[place].text("id").map(promoted.contains) == true
        }
    }

    private func object(
        _ registry: ModelRegistry, _ refusals: [RefusedAct], _ learning: LearningReading?
    ) -> String {
        var object = JSONObject()
        object.text("as_of", "r\(registry.through)")
        object.text("recorded_at", registry.recordedAt.map { "\($0)" })
        let champion = registry.champion
        object.text("champion", champion?.text("id"))
        object.text("champion_because", champion?.text("status_reason"))
        object.json("comparison", ModelsText.promotion(of: champion, registry)?.json ?? "null")
        object.text("candidate", registry.candidate?.text("id"))
        let refused = refusals.map { refused in
            var object = JSONObject()
            object.reference("fact", refused.fact)
            object.text("reason", refused.reason)
            return object.text
        }
        object.json("refused", JSONObject.list(refused))
        let models = registry.models.filter { status == nil || $0.text("status") == status }
        object.json("models", JSONObject.list(models.map(\.json)))
        object.json(
            "outcome_ages",
            learning.map { JSONObject.list($0.ages.map(ModelsText.json)) } ?? "null")
        object.json(
            "promotions",
            learning.map { JSONObject.list($0.promotions.map(ModelsText.json)) } ?? "null")
        if let learning {
            object.integer(
                "regressed_promotions", learning.promotions.count { $0.isRegression })
        }
        return object.text
    }
}

struct ModelsShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a model: its rows, those not used, importances, figures, artefact.",
        discussion: "Example: recount models show champion --data DIR --run first")

    @Argument(help: ArgumentHelp("The model.", valueName: "model")) var model: String
    @OptionGroup var option: ModelsOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let registry = try option.registry()
        let row = try registry.model(model)
        let artefact = ArtefactState(row, option.log.store)
        guard json else { return print(ModelsText.show(row, registry, artefact)) }
        var object = JSONObject()
        row.write(into: &object)
        object.text("artefact", artefact.word)
        object.text("artefact_problem", artefact.problem)
        object.json("comparisons", JSONObject.list(registry.comparisons(of: row).map(\.json)))
        print(object.text)
    }
}

/// Whether a model's artefact is at hand.
enum ArtefactState {
    case none
    case present(bytes: Int)
    case lost(String)

    /// Reads the artefact and checks its digest.
    init(_ model: RegistryRow, _ store: ModelStore) {
        guard model.text("model_artifact_path") != nil, let text = model.text("artifact_sha256"),
            let digest = Digest(text)
        else {
            self = .none
            return
        }
        do {
            self = .present(bytes: try store.read(digest).count)
        } catch {
            self = .lost("\(error)")
        }
    }

    var word: String {
        switch self {
        case .none: "none"
        case .present: "present"
        case .lost: "lost"
        }
    }

    var problem: String? {
        if case .lost(let problem) = self { problem } else { nil }
    }
}
