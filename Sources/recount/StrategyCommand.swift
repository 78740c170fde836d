import ArgumentParser
import Events
import FeedbackLoop
import Learning
import Pipeline

/// `recount strategy …`
struct StrategyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strategy", abstract: "Show strategies.",
        discussion: "Example: recount strategy show baseline > mine.yaml",
        subcommands: [StrategyShow.self, StrategyFeatures.self, StrategySchema.self])
}

struct StrategyShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print a strategy as YAML, with the meaning and range of each setting.",
        discussion: "Example: recount strategy show baseline > mine.yaml")

    @Argument(help: "feedback, baseline, disclosure-follow, oracle, or a file.") var strategy =
        "feedback"
    @Flag(name: .long, help: "Print the canonical text only.") var plain = false
    @Flag(name: .long, help: "One JSON object a setting.") var json = false

    func validate() throws {
        guard !(plain && json) else { throw ValidationError("choose --plain or --json") }
    }

    func run() throws {
        let built = try StrategyFile.load(strategy)
        if json { return printObjects(built) }
        switch built {
        case .follow(let follow):
            if plain {
                print(follow.canonicalText, terminator: "")
                return
            }
            print("extends: disclosure-follow")
            print("fill: \(follow.fill)  # where orders are filled; next_open, same_close")
            for field in DisclosureFollow.fields {
                // What a text goes without is decided by the folder, or is off.
                let mark = follow.canonicalText.contains("\n\(field.key): ") ? "" : "# "
                print(
                    "\(mark)\(field.key): \(field.text(follow))  # \(field.summary); "
                        + field.range)
            }
        case .loop(let loop):
            if plain {
                print(loop.canonicalText, terminator: "")
                return
            }
            if loop.following != nil {
                print(
                    """
                    # Feedback's loop, told who is skilled in a simulated world: it buys what they
                    # file and holds it while the edge is earned. What it earns is what there is to
                    # learn. recount backtest --strategy oracle --truth DIR/truth.json names them.
                    """)
            }
            print("extends: \(loop.following == nil ? "feedback" : "oracle")")
            if let filers = loop.following {
                print("filers: \(filers.yaml)  # names, separated by semicolons")
            }
            for field in LoopConfiguration.fields {
                print(
                    "\(field.key): \(field.text(loop.configuration))  # \(field.summary); \(field.range)"
                )
            }
        }
    }

    private func printObjects(_ built: BuiltStrategy) {
        func show(_ key: String, _ value: String, _ meaning: String, _ range: String) {
            var object = JSONObject()
            object.text("setting", key)
            object.text("value", value)
            object.text("meaning", meaning)
            object.text("range", range)
            print(object.text)
        }
        switch built {
        case .loop(let loop):
            for field in LoopConfiguration.fields {
                show(field.key, field.text(loop.configuration), field.summary, field.range)
            }
        case .follow(let follow):
            for field in DisclosureFollow.fields {
                show(field.key, field.text(follow), field.summary, field.range)
            }
        }
    }
}

struct StrategySchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON schema of strategy files, for editors.",
        discussion: "Example: recount strategy schema > Schemas/strategy.schema.json")

    @Flag(name: .long, help: "One JSON object, as without it.") var json = false

    func run() { print(LoopConfiguration.jsonSchema, terminator: "") }
}

struct StrategyFeatures: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "features",
        abstract: "Print the features that evaluations store and models read.",
        discussion: "Example: recount strategy features --markdown > Documentation/features.md")

    @Flag(name: .long, help: "The page in Documentation.") var markdown = false
    @Flag(name: .long, help: "One JSON object a feature.") var json = false

    func validate() throws {
        guard !(markdown && json) else { throw ValidationError("choose --markdown or --json") }
    }

    func run() throws {
        if markdown { return print(FeatureCatalogue.markdown, terminator: "") }
        for (number, feature) in FeatureCatalogue.features.enumerated() {
            guard json else {
                let hindsight = feature.isHindsight ? "; hindsight" : ""
                print("\(feature.name): \(feature.formula) [\(feature.unit)\(hindsight)]")
                continue
            }
            var object = JSONObject()
            object.integer("number", number)
            object.text("name", feature.name)
            object.text("formula", feature.formula)
            object.text("unit", feature.unit)
            object.text("source", feature.source.rawValue)
            object.boolean("hindsight", feature.isHindsight)
            print(object.text)
        }
    }
}
