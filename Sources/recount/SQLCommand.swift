import ArgumentParser
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

            Rows are printed as they come. A read model that is not of its log as it stands is \
            named on standard error.
            """)

    @Argument(help: "One SELECT.") var query: String
    @OptionGroup var data: DataOption
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("A run instead of the data log.", valueName: "name"))
    var runName: String?
    @Flag(name: .long, help: "One JSON object a row.") var json = false
    @Flag(name: .long, help: "Comma-separated values.") var csv = false

    @Option(name: .long, help: ArgumentHelp("At most so many rows.", valueName: "rows"))
    var limit: Int?
    @Option(
        name: .long,
        help: ArgumentHelp("Give up after so many seconds.", valueName: "seconds"))
    var timeout: Double?

    func validate() throws {
        guard !(json && csv) else { throw ValidationError("choose --json or --csv") }
        if let limit, limit < 1 { throw ValidationError("--limit \(limit): takes 1 or more") }
        if let timeout, !(timeout > 0 && timeout <= 86_400) {
            throw ValidationError("--timeout \(timeout): takes more than 0, at most 86400")
        }
    }

    func run() throws {
        for remark in try ReadModelQuery.remarks(data: data.folder, run: runName) { note(remark) }
        var output = Output()
        var table = TextTable()
        let isShort = try ReadModelQuery.ask(
            query, data: data.folder, run: runName,
            bounds: ReadModelQuery.Bounds(rows: limit, seconds: timeout)
        ) { columns in
            table.columns = columns
            if csv {
                output.write(columns.map { CSVText.field($0) }.joined(separator: ",") + "\r\n")
            }
        } row: { row in
            if json {
                output.write(object(table.columns, row) + "\n")
            } else if csv {
                output.write(row.map(field).joined(separator: ",") + "\r\n")
            } else {
                table.add(row, to: &output)
            }
        }
        if !json, !csv { table.finish(&output) }
        output.flush()
        if isShort { note("there are more rows than --limit \(limit ?? 0)") }
    }

    private func object(_ columns: [String], _ row: [RowValue]) -> String {
        let fields = zip(columns, row).map { "\(JSONText.quoted($0)):\(jsonValue($1))" }
        return "{\(fields.joined(separator: ","))}"
    }

    private func jsonValue(_ value: RowValue) -> String {
        switch value {
        case .null: "null"
        case .integer(let value): "\(value)"
        case .real(let value): value.isFinite ? "\(value)" : "\"\(value)\""
        case .text(let value): JSONText.quoted(value)
        }
    }

    /// A number as it is; a text so that no spreadsheet runs it.
    private func field(_ value: RowValue) -> String {
        if case .text(let text) = value { return CSVText.field(text) }
        return TextTable.text(value)
    }
}

/// Rows in aligned columns, numbers to the right and the rest to the left, in bounded memory: the
/// first rows say how wide the columns are.
struct TextTable {
    /// Names of the columns.
    var columns: [String] = []
    private var widths: [Int] = []
    private var first: [[RowValue]] = []
    private var isOpen = false

    private static let measured = 1_000

    mutating func add(_ row: [RowValue], to output: inout Output) {
        if isOpen { return write(row, &output) }
        first.append(row)
        if first.count == TextTable.measured { open(&output) }
    }

    mutating func finish(_ output: inout Output) {
        if !isOpen { open(&output) }
    }

    private mutating func open(_ output: inout Output) {
        isOpen = true
        widths = columns.indices.map { column in
            first.reduce(columns[column].count) { max($0, TextTable.cell($1[column]).count) }
        }
        write(columns.map { .text($0) }, &output)
        output.write(
            widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ") + "\n")
        for row in first { write(row, &output) }
        first = []
    }

    private func write(_ row: [RowValue], _ output: inout Output) {
        let cells = row.enumerated().map { column, value in
            let cell = TextTable.cell(value)
            let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
            switch value {
            case .integer, .real: return space + cell
            case .null, .text: return cell + space
            }
        }
        output.write(cells.joined(separator: "  ") + "\n")
    }

    /// A value for a terminal: nothing in it is obeyed, and a line of it stays a line.
    private static func cell(_ value: RowValue) -> String {
        Terminal.line(text(value))
    }

    static func text(_ value: RowValue) -> String {
        switch value {
        case .null: ""
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .text(let value): value
        }
    }
}
