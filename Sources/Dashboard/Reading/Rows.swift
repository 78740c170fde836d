import EventLog
import Events
import Projections

/// Rows of a query, by the names of their columns.
struct Rows {
    let columns: [String]
    let values: [[RowValue]]
    /// The query that gave them.
    let query: String

    /// Asks a reader; each `?` stands for an argument.
    init(_ reader: ReadModelReader, _ query: String, _ arguments: [RowValue] = []) throws {
        let answer = try reader.rows(query, arguments)
        (columns, values) = (answer.columns, answer.rows)
        self.query = Rows.written(query, arguments)
    }

    var isEmpty: Bool { values.isEmpty }
    var count: Int { values.count }

    /// Its rows, in order.
    var rows: [Row] { values.map { Row(columns: columns, values: $0) } }
    var first: Row? { rows.first }

    /// The query with its arguments in their places, as `recount sql` takes it.
    private static func written(_ query: String, _ arguments: [RowValue]) -> String {
        var (written, left) = ("", arguments[...])
        for character in query.split(whereSeparator: \.isWhitespace).joined(separator: " ") {
            guard character == "?", let value = left.popFirst() else {
                written.append(character)
                continue
            }
            switch value {
            case .null: written += "NULL"
            case .integer(let number): written += "\(number)"
            case .real(let number): written += "\(number)"
            case .text(let text): written += "'\(text.replacing("'", with: "''"))'"
            }
        }
        return written
    }
}

/// A row of a query.
struct Row {
    let columns: [String]
    let values: [RowValue]

    subscript(column: String) -> RowValue {
        columns.firstIndex(of: column).map { values[$0] } ?? .null
    }

    /// A text; nil where it is missing.
    func text(_ column: String) -> String? {
        switch self[column] {
        case .text(let text): text
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .null: nil
        }
    }

    /// A number; nil where it is missing or none.
    func real(_ column: String) -> Double? {
        switch self[column] {
        case .real(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    /// A whole number; nil where it is missing or none.
    func integer(_ column: String) -> Int? {
        if case .integer(let value) = self[column] { Int(value) } else { nil }
    }
}
