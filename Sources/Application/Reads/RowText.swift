import Events
public import Projections

/// Values of rows as text.
public enum RowText {
    /// A row as a JSON object.
    public static func object(_ columns: [String], _ row: [RowValue]) -> String {
        let fields = zip(columns, row).map { "\(JSONText.quoted($0)):\(json($1))" }
        return "{\(fields.joined(separator: ","))}"
    }

    /// A value as JSON.
    public static func json(_ value: RowValue) -> String {
        switch value {
        case .null: "null"
        case .integer(let value): "\(value)"
        case .real(let value): value.isFinite ? "\(value)" : "\"\(value)\""
        case .text(let value): JSONText.quoted(value)
        }
    }

    /// A value as a field of CSV: a number as it is, a text so that no spreadsheet runs it.
    public static func field(_ value: RowValue) -> String {
        if case .text(let text) = value { return CSVText.field(text) }
        return plain(value)
    }

    /// A value as it is; nothing for NULL.
    public static func plain(_ value: RowValue) -> String {
        switch value {
        case .null: ""
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .text(let value): value
        }
    }
}
