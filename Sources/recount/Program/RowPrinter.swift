import Events
import Projections

/// Rows on standard output as they come: for a person, as JSON lines, or as CSV.
struct RowPrinter {
    /// How rows are written.
    enum Format {
        case table
        /// One object a line.
        case json
        case csv
    }

    private let format: Format
    /// Rows so far.
    private(set) var rows = 0
    private var table = TextTable()
    private var output = Output()

    init(_ format: Format) {
        self.format = format
    }

    /// The names of the columns; before the first row.
    mutating func begin(_ columns: [String]) {
        table.columns = columns
        if format == .csv {
            output.write(columns.map { CSVText.field($0) }.joined(separator: ",") + "\r\n")
        }
    }

    /// One row.
    mutating func add(_ row: [RowValue]) {
        rows += 1
        switch format {
        case .table: table.add(row, to: &output)
        case .json: output.write(RowText.object(table.columns, row) + "\n")
        case .csv: output.write(row.map(RowText.field).joined(separator: ",") + "\r\n")
        }
    }

    /// After the last row.
    mutating func finish() {
        if format == .table { table.finish(&output) }
        output.flush()
    }
}

/// Values of rows as text.
enum RowText {
    /// A row as a JSON object.
    static func object(_ columns: [String], _ row: [RowValue]) -> String {
        let fields = zip(columns, row).map { "\(JSONText.quoted($0)):\(json($1))" }
        return "{\(fields.joined(separator: ","))}"
    }

    /// A value as JSON.
    static func json(_ value: RowValue) -> String {
        switch value {
        case .null: "null"
        case .integer(let value): "\(value)"
        case .real(let value): value.isFinite ? "\(value)" : "\"\(value)\""
        case .text(let value): JSONText.quoted(value)
        }
    }

    /// A value as a field of CSV: a number as it is, a text so that no spreadsheet runs it.
    static func field(_ value: RowValue) -> String {
        if case .text(let text) = value { return CSVText.field(text) }
        return plain(value)
    }

    /// A value as it is; nothing for NULL.
    static func plain(_ value: RowValue) -> String {
        switch value {
        case .null: ""
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .text(let value): value
        }
    }
}
