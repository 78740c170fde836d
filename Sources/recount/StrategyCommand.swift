import ArgumentParser
import FeedbackLoop
import Pipeline

/// `recount strategy …`
struct StrategyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strategy", abstract: "Show strategies.",
        subcommands: [StrategyShow.self])
}

struct StrategyShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print a strategy as YAML, with the meaning and range of each setting.",
        discussion: "Example: recount strategy show baseline > mine.yaml")

    @Argument(help: "feedback, baseline, disclosure-follow, oracle, or a file.") var strategy =
        "feedback"
    @Flag(name: .long, help: "Print the canonical text only.") var plain = false

    func run() throws {
        switch try StrategyFile.load(strategy) {
        case .follow(let follow): print(follow.canonicalText, terminator: "")
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
}
