import ArgumentParser
import Backtest
import Events
import Pipeline

/// `recount trials`
struct TrialsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trials",
        abstract: "List what was tried in a data folder, and what a Sharpe ratio loses by it.",
        discussion: """
            Every backtest and every side of a comparison is written down before it runs. The \
            deflated Sharpe ratio is the chance that the true ratio is above what the best of as \
            many worthless trials would have shown; N counts distinct strategies over distinct \
            dates of a family, repeats, controls and simulations apart.

            Example: recount trials --data DIR
            """)

    @OptionGroup var data: DataOption
    @Option(name: .long, help: "Only this family.") var family: String?
    @Flag(name: .long, help: "One JSON object a trial, then one a family.") var json = false

    func run() throws {
        let book = try TrialLog.existing(data.folder)?.book() ?? TrialBook()
        if let family, !book.families.contains(family) {
            throw ValidationError(
                "--family \(family): nothing was tried in it"
                    + Suggestion.question(family, book.families) + "; there are: "
                    + book.families.joined(separator: ", "))
        }
        let names = family.map { [$0] } ?? book.families
        if json {
            for trial in book.trials where names.contains(trial.started.family) {
                print(TrialText.json(trial, book))
            }
            for name in names { print(TrialText.json(book.family(name))) }
            return
        }
        guard !book.trials.isEmpty else {
            print("Nothing was tried yet: recount backtest and recount compare write trials.")
            return
        }
        for name in names { print(TrialText.table(name, book), terminator: "") }
    }
}
