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
            """)

    @Argument(help: "One SELECT.") var query: String
    @OptionGroup var data: DataOption
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("A run instead of the data log.", valueName: "name"))
    var runName: String?
    @Flag(name: .long, help: "One JSON object a row.") var json = false
    @Flag(name: .long, help: "Comma-separated values.") var csv = false

    func run() throws {
        guard !(json && csv) else { throw ValidationError("choose --json or --csv") }
        let result = try ReadModelQuery.run(query, data: data.folder, run: runName)
        var output = Output()
        if json {
            for row in result.rows { output.write(object(result.columns, row) + "\n") }
        } else if csv {
            output.write(result.columns.map(field).joined(separator: ",") + "\r\n")
            for row in result.rows {
                output.write(row.map { field(text($0)) }.joined(separator: ",") + "\r\n")
            }
        } else {
            write(result, &output)
        }
        output.flush()
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

    private func text(_ value: RowValue) -> String {
        switch value {
        case .null: ""
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .text(let value): value
        }
    }

    private func field(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\""
    }

    /// Aligned columns: numbers to the right, the rest to the left.
    private func write(_ result: ReadModelQuery.Answer, _ output: inout Output) {
        let cells = result.rows.map { $0.map(text) }
        let widths = result.columns.indices.map { column in
            cells.reduce(result.columns[column].count) { max($0, $1[column].count) }
        }
        func line(_ cells: [String], _ isNumber: (Int) -> Bool) -> String {
            let padded = cells.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return isNumber(column) ? space + cell : cell + space
            }
            return padded.joined(separator: "  ")
        }
        output.write(line(result.columns) { _ in false } + "\n")
        output.write(
            widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ") + "\n")
        for (row, values) in zip(cells, result.rows) {
            output.write(
                line(row) {
                    switch values[$0] {
                    case .integer, .real: true
                    case .null, .text: false
                    }
                } + "\n")
        }
    }
}
