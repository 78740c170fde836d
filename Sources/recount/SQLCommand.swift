import ArgumentParser
import EventLog
import Events
import Foundation
import Projections

/// `recount sql`
struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Ask the read models of a run, or of the data log, in SQL.",
        discussion: """
            All read models of the view are attached, each under its own name, for reading only; a \
            table that has one name can be named without it.

            Example: recount sql --data DIR --run first \\
                       'SELECT exit_reason, count(*), avg(return_pct) FROM signal_outcomes GROUP BY 1'

            --as-of asks the same tables as they stood at a moment (a date, after its cycle; an \
            instant; an event, r45; a position). --from has the versions of rows that came after \
            one, with --to by another, --history all, each with valid_from and valid_to, the positions between which it \
            held (valid_to is NULL while it does):

                     recount sql --data DIR --run first --as-of 2018-06-29 \
                       'SELECT ticker, quantity FROM reference_portfolio_positions WHERE is_open'

            Rows are printed as they come. A read model that is not of its log as it stands is \
            named on standard error.

            \(EventArgument.explained)
            """)

    @Argument(help: "One SELECT; with --tables a table or a read model, or nothing.")
    var query: String?
    @OptionGroup var option: HistoryOption
    @Flag(name: .long, help: "List the tables, their columns and what stands in them.")
    var tables = false
    @Option(
        name: .long,
        help: ArgumentHelp("Ask the tables as they stood at a moment.", valueName: "when"))
    var asOf: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Ask for what came after a moment, with its positions.", valueName: "when"))
    var from: String?
    @Option(
        name: .long,
        help: ArgumentHelp("With --from or --history: what came by a moment.", valueName: "when"))
    var to: String?
    @Flag(name: .long, help: "Ask for every version of each row, with its positions.")
    var history = false
    @Flag(name: .long, help: "One JSON object a row.") var json = false
    @Flag(name: .long, help: "Comma-separated values.") var csv = false

    @Option(name: .long, help: ArgumentHelp("At most so many rows.", valueName: "rows"))
    var limit: Int?
    @Option(
        name: .long,
        help: ArgumentHelp("Give up after so many seconds.", valueName: "seconds"))
    var timeout: Double?

    func validate() throws {
        guard tables || query != nil else {
            throw ValidationError("ask one SELECT, or for the --tables that there are")
        }
        guard !tables || !isOfThePast else {
            throw ValidationError("--tables goes with no moment: tables were always the same")
        }
        guard [asOf != nil, from != nil, history].filter({ $0 }).count <= 1 else {
            throw ValidationError("choose one of --as-of, --from and --history")
        }
        guard to == nil || from != nil || history else {
            throw ValidationError("--to goes with --from or --history; --as-of asks as of a moment")
        }
        guard !option.recorded || asOf != nil || from != nil else {
            throw ValidationError("--recorded goes with --as-of and --from")
        }
        guard !(json && csv) else { throw ValidationError("choose --json or --csv") }
        if let limit, limit < 1 { throw ValidationError("--limit \(limit): takes 1 or more") }
        if let timeout, !(timeout > 0 && timeout <= 86_400) {
            throw ValidationError("--timeout \(timeout): takes more than 0, at most 86400")
        }
    }

    func run() throws {
        var printer = RowPrinter(json ? .json : csv ? .csv : .table)
        if tables { return try listTables(&printer) }
        let query = query ?? ""
        let isShort = try isOfThePast ? askHistory(query, &printer) : askPresent(query, &printer)
        printer.finish()
        if printer.rows == 0 { EmptyAnswer.noteRows(of: option) }
        if isShort { note("there are more rows than --limit \(limit ?? 0)") }
    }

    /// Prints a row for each column, of all tables or of those named.
    private func listTables(_ printer: inout RowPrinter) throws {
        let all = ReadModelTables.columns
        let shown =
            query.map { name in all.filter { [$0.table, $0.readModel].contains(name) } } ?? all
        guard !shown.isEmpty else {
            let known = ProjectionCatalogue.names + ReadModelTables.tables
            throw ValidationError(
                "there is no table \(query ?? "")\(Suggestion.question(query ?? "", known)); known "
                    + "are \(ReadModelTables.tables.joined(separator: ", "))")
        }
        printer.begin(["read_model", "table", "column", "type", "meaning"])
        for column in shown {
            printer.add(
                [column.readModel, column.table, column.name, column.type, column.meaning].map {
                    .text($0)
                })
        }
        printer.finish()
    }

    private var isOfThePast: Bool { asOf != nil || from != nil || history }
    private var bounds: ReadModelQuery.Bounds {
        ReadModelQuery.Bounds(rows: limit, seconds: timeout)
    }

    /// Asks the read models as they are published.
    private func askPresent(_ query: String, _ printer: inout RowPrinter) throws -> Bool {
        let (data, run) = (option.data.folder, option.runName)
        for remark in try ReadModelQuery.remarks(data: data, run: run) { note(remark) }
        return try ReadModelQuery.ask(
            query, data: data, run: run, bounds: bounds, columns: { printer.begin($0) },
            row: { printer.add($0) })
    }

    /// Asks the tables that the query names as a moment had them, or their versions.
    private func askHistory(_ query: String, _ printer: inout RowPrinter) throws -> Bool {
        let history = try option.open()
        func position(_ when: String) throws -> UInt64 {
            try option.position(when, in: history).position
        }
        let scope: History.Scope
        let last: UInt64
        if let asOf {
            last = try position(asOf)
            scope = .at(last)
        } else {
            let (start, end) = (try from.map(position), try to.map(position))
            if let start, let end, start > end {
                throw ValidationError("--from \(from ?? "") lies behind --to \(to ?? "")")
            }
            last = try end ?? history.view.merged.end().position
            scope = start == nil && end == nil ? .all : .between(start ?? 0, end ?? .max)
        }
        let projections = History.projections(in: query)
        try option.ensure(projections, through: last, in: history)
        return try history.ask(
            query, of: projections, scope, bounds: bounds, columns: { printer.begin($0) },
            row: { printer.add($0) })
    }
}
