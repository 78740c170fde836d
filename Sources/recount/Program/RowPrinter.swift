import Application
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
