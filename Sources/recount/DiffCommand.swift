import ArgumentParser
import EventLog
import Events
import Projections

/// `recount diff`
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "What differs in a read model: between two moments, or between two runs.",
        discussion: """
            Between moments: rows that came (+), and what changed in others (~), column by column. \
            Between two runs rows are matched by what they are about, a ticker and a day for most; \
            columns that name events of the one or the other are left out.

            Example: recount diff portfolio --from 2018-06-01 --to 2018-06-29 --data DIR --run first
                     recount diff portfolio --run first --run second --data DIR --json
            """)

    @Argument(help: "\(ProjectionCatalogue.names.joined(separator: ", ")).")
    var projection: String
    @OptionGroup var data: DataOption
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp(
            "A run instead of the data log; two, to compare them.", valueName: "name"))
    var runs: [String] = []
    @Option(name: .long, help: ArgumentHelp("The earlier moment.", valueName: "when"))
    var from: String?
    @Option(name: .long, help: ArgumentHelp("The later moment.", valueName: "when"))
    var to: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Compare two runs as of this moment of each.", valueName: "when"))
    var asOf: String?
    @Flag(
        name: .long,
        help: "Dates and instants are meant by the time at which the log took an event.")
    var recorded = false
    @Flag(name: .long, help: "One JSON object a row that differs.") var json = false

    func validate() throws {
        guard !History.tables(of: projection).isEmpty else {
            throw ValidationError(
                "there is no projection \(projection); known are "
                    + ProjectionCatalogue.names.joined(separator: ", "))
        }
        guard runs.count <= 2 else { throw ValidationError("--run: takes at most two") }
        if runs.count == 2, from != nil || to != nil {
            throw ValidationError("two runs are compared as of one moment of each: --as-of")
        }
        if runs.count < 2, from == nil || asOf != nil {
            throw ValidationError("name two moments, --from and --to, or two runs")
        }
    }

    func run() throws {
        var option = HistoryOption()
        (option.data, option.runName, option.recorded) = (data, runs.first, recorded)
        let difference = ReadModelDiff(projection: projection, option: option, json: json)
        if runs.count == 2 {
            try difference.run(runs[0], runs[1], asOf: asOf)
        } else {
            try difference.run(from: from ?? "0", to: to ?? "end")
        }
    }
}
