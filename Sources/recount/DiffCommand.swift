import ArgumentParser
import Audit
import EventLog
import Events
import Pipeline
import Projections

/// `recount diff`
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract:
            "Say where two runs part and what it came to, or what differs in a read model.",
        discussion: """
            Two runs without a projection: the first decision that is another, field by field, \
            behind the past that forks share; then the trades that only one made or that came to \
            something else, by ticker and entry session, and the final values. Numbers of events \
            are not compared, since they move.

            A projection between two moments: rows that came (+), and what changed in others (~), \
            column by column. A projection of two runs: rows are matched by what they are about, a \
            ticker and a day for most; columns that name events of the one or the other are left \
            out.

            Example: recount diff --run first --run tight --data DIR
                     recount diff portfolio --from 2018-06-01 --to 2018-06-29 --data DIR --run first
                     recount diff portfolio --run first --run second --data DIR --json
            """)

    @Argument(
        help: "\(ProjectionCatalogue.names.joined(separator: ", ")); none compares decisions.")
    var projection: String?
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
    @Option(
        name: .long,
        help: ArgumentHelp("Most trades of two runs to list; else 50.", valueName: "number"))
    var limit: Int?
    @Flag(name: .long, help: "One JSON object, of a projection one a row that differs.")
    var json = false

    mutating func validate() throws {
        runs = runs.map(data.run(named:))
        guard runs.count <= 2 else { throw ValidationError("--run: takes at most two") }
        guard let projection else { return try validateDecisions() }
        guard !History.tables(of: projection).isEmpty else {
            throw ValidationError(ProjectionCatalogue.unknown(projection))
        }
        if limit != nil { throw ValidationError("--limit goes with two runs alone") }
        if runs.count == 2, from != nil || to != nil {
            throw ValidationError("two runs are compared as of one moment of each: --as-of")
        }
        if runs.count < 2, from == nil || asOf != nil {
            throw ValidationError("name two moments, --from and --to, or two runs")
        }
    }

    private func validateDecisions() throws {
        guard runs.count == 2 else {
            throw ValidationError(
                "name two runs, --run first --run second, or a projection and two moments")
        }
        guard from == nil, to == nil, asOf == nil, !recorded else {
            throw ValidationError(
                "two runs are compared whole; moments go with a projection, for example "
                    + "portfolio --as-of 2018-06-29")
        }
        if let limit, limit < 0 { throw ValidationError("--limit \(limit): takes 0 or more") }
    }

    func run() throws {
        guard let projection else { return try compareDecisions() }
        var option = HistoryOption()
        (option.data, option.runName, option.recorded) = (data, runs.first, recorded)
        let difference = ReadModelDiff(projection: projection, option: option, json: json)
        if runs.count == 2 {
            try difference.run(runs[0], runs[1], asOf: asOf)
        } else {
            try difference.run(from: from ?? "0", to: to ?? "end")
        }
    }

    private func compareDecisions() throws {
        let (left, right) = (
            try data.folder.openRun(runs[0]), try data.folder.openRun(runs[1])
        )
        let difference = try Progress.working("comparing \(left.name) with \(right.name)") {
            try RunDifference(left, right)
        }
        print(json ? DiffJSON.text(difference) : DiffText.text(difference, limit: limit ?? 50))
    }
}
