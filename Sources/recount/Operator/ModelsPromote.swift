import Application
import ArgumentParser
import EventLog
import Events
import Foundation
import Pipeline
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
        try target.record(
            try ModelAct.promotion(of: model, in: target.open(), target.store), person, json: json)
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
        try target.record(
            try ModelAct.rollback(in: target.open(), target.store), person, json: json)
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

    /// Records what a person asks for, and prints how to see what follows from it.
    func record(_ act: ModelAct, _ option: PersonOption, json: Bool) throws {
        let person = try PersonAct(who: option.name, reason: option.reason)
        let log = try data.openForWriting()
        var ledger = OperatorLedger()
        try ledger.read(log)
        let recorded = try act.record(by: person, in: log, &ledger, now: wallClock())
        guard !json else {
            var object = act.json(recorded, person)
            object.text("seal", try? data.anchor())
            return print(object.text)
        }
        if let text = ApprovalText.asked(recorded, data) { return print(text) }
        if let recordedAt = recorded.recordedAt {
            print(
                """
                r\(recorded.position) of the data log, known from \(recordedAt) on: \(act.text), by \
                \(person.who): \(person.reason)
                Run \(run) stays as it is. A replay reads the fact at its instant:
                \(next)
                """)
        } else {
            print(
                "nothing added: r\(recorded.position) of the data log says so already, and no "
                    + "later word changed it\n" + next)
        }
        try data.printAnchor()
    }

    private var next: String {
        """
          recount backtest --data \(data.data) --like \(run) --run next
          recount models list --data \(data.data) --run next
        """
    }
}
