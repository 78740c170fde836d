public import Events

/// A row of the registry, by the names of its columns.
public struct RegistryRow: Hashable, Sendable {
    /// The columns, in their order.
    public let columns: [String]
    /// Their values.
    public let values: [RowValue]
    /// The event that changed the row last; nil for a table without positions.
    public let changedBy: Reference?

    init(columns: [String], values: [RowValue], _ references: Lookup<UInt64, Reference>) {
        (self.columns, self.values) = (columns, values)
        var changedBy: Reference?
        for (column, value) in zip(columns, values) where column == "position" {
            if case .integer(let place) = value, let position = UInt64(exactly: place) {
                changedBy = references[position]
            }
        }
        self.changedBy = changedBy
    }

    /// The value of a column.
    ///
    /// - Precondition: the table has the column.
    public subscript(column: String) -> RowValue {
        guard let index = columns.firstIndex(of: column) else {
            preconditionFailure("the registry's DDL has a column \(column)")
        }
        return values[index]
    }

    /// A text, nil for NULL.
    public func text(_ column: String) -> String? {
        if case .text(let text) = self[column] { text } else { nil }
    }

    /// A number, nil for NULL.
    public func number(_ column: String) -> Double? {
        switch self[column] {
        case .real(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    /// Columns that hold JSON.
    private static let json = [
        "metrics", "feature_importance", "hyperparameters", "statistics", "config",
        "result_summary", "old_model_metrics", "new_model_metrics",
    ]

    /// The row as JSON; in place of `position` stands the event that changed it last.
    public func write(into object: inout JSONObject) {
        for (column, value) in zip(columns, values) {
            switch value {
            case .null: object.json(column, "null")
            case .integer where column == "position":
                object.text("changed_by", changedBy.map { "\($0)" })
            case .integer(let value): object.integer(column, value)
            case .real(let value): object.real(column, value)
            case .text(let text) where RegistryRow.json.contains(column): object.json(column, text)
            case .text(let text): object.text(column, text)
            }
        }
    }

    /// The row as a JSON object.
    public var json: String {
        var object = JSONObject()
        write(into: &object)
        return object.text
    }
}

extension RowBytes {
    /// The values of a row's canonical bytes.
    static func values(_ row: UnsafeRawBufferPointer) -> [RowValue] {
        var values: [RowValue] = []
        var offset = 0
        func word(_ start: Int) -> UInt64 {
            (0..<8).reversed().reduce(0) { $0 << 8 | UInt64(row[start + $1]) }
        }
        while offset < row.count {
            let end = offset + length(of: row, at: offset)
            switch row[offset] {
            case RowTag.null: values.append(.null)
            case RowTag.integer: values.append(.integer(Int64(bitPattern: word(offset + 1))))
            case RowTag.real: values.append(.real(Double(bitPattern: word(offset + 1))))
            default: values.append(.text(String(decoding: row[(offset + 5)..<end], as: UTF8.self)))
            }
            offset = end
        }
        return values
    }
}
