import Application
import ArgumentParser
import EventLog
import Projections

/// What people take into a notebook: rows of one table of a run, whole.
struct NotebookOption: ParsableArguments {
    @OptionGroup var data: DataOption
    @Option(name: .customLong("run"), help: ArgumentHelp("The run.", valueName: "name"))
    var runName: String
    @Option(name: .long, help: ArgumentHelp("csv or json: an object a line.", valueName: "name"))
    var format = "csv"
    @Option(
        name: .long,
        help: ArgumentHelp(
            "As of a date (after its cycle), an instant, an event or a position.",
            valueName: "when"))
    var asOf: String?
    @Flag(name: .long, help: "One JSON object a line.") var json = false

    mutating func validate() throws {
        runName = data.run(named: runName)
        if json { format = "json" }
        guard ["csv", "json"].contains(format) else {
            throw ValidationError("--format \(format): write csv or json")
        }
    }

    /// Prints a table, page by page.
    func print(_ table: String, _ filters: [TablePage.Filter] = []) throws {
        var request = TablePage.Request(table: table, run: runName)
        (request.filters, request.limit) = (filters, 10_000)
        request.moment = try asOf.map { try AsOf($0) }
        if asOf == nil {
            for remark in try ReadModelQuery.remarks(data: data.folder, run: runName) {
                note(remark)
            }
        }
        var printer = RowPrinter(format == "json" ? .json : .csv)
        var isFirst = true
        repeat {
            let page = try TablePage(request, in: data.folder)
            if isFirst { printer.begin(page.columns) }
            for row in page.rows { printer.add(row) }
            (request.cursor, isFirst) = (page.next, false)
        } while request.cursor != nil
        printer.finish()
    }
}

/// `recount trades`
struct TradesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trades",
        abstract: "Print the trades of a run, closed and open, for a notebook.",
        discussion: """
            The table signal_outcomes: prices, net return, why it was left, the features and the \
            model of its signal. Project it first (recount project, or recount up).

            Example: recount trades --data DIR --run first --format csv > trades.csv
            """)

    @OptionGroup var option: NotebookOption

    func run() throws { try option.print("signal_outcomes") }
}

/// `recount returns`
struct ReturnsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "returns",
        abstract: "Print the value and the return of a run, a row a session, for a notebook.",
        discussion: """
            The table reference_portfolio_snapshots. Project it first (recount project, or recount \
            up).

            Example: recount returns --data DIR --run first --format csv > returns.csv
            """)

    @OptionGroup var option: NotebookOption

    func run() throws { try option.print("reference_portfolio_snapshots") }
}

/// `recount holdings`
struct HoldingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdings",
        abstract: "Print what a run holds, or held as of a moment, for a notebook.",
        discussion: """
            The open rows of reference_portfolio_positions. Project it first (recount project, or \
            recount up).

            Example: recount holdings --data DIR --run first --as-of 2019-06-03 --json
            """)

    @OptionGroup var option: NotebookOption

    func run() throws {
        try option.print("reference_portfolio_positions", [TablePage.Filter("is_open", "1")])
    }
}
