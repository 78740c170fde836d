import Events

/// A row that two read models have differently.
public struct RowDifference: Hashable, Sendable {
    /// A value in both.
    public struct Column: Hashable, Sendable {
        /// The column.
        public let name: String
        /// Its value in the first and in the second.
        public let (first, second): (RowValue, RowValue)
    }

    /// The table.
    public let table: String
    /// The values of its key.
    public let key: [RowValue]
    /// The row in the first; nil when it has none.
    public let first: [RowValue]?
    /// The row in the second.
    public let second: [RowValue]?
    /// The names of its columns.
    public let columns: [String]

    /// The columns that differ; none where one of them has no such row.
    public var different: [Column] {
        guard let first, let second else { return [] }
        return columns.indices.filter { first[$0] != second[$0] }.map {
            Column(name: columns[$0], first: first[$0], second: second[$0])
        }
    }

    /// What differs, in words: `portfolio key 12: cash 1.0 and 2.0`.
    public func text(_ names: (first: String, second: String)) -> String {
        let place = "\(table) \(key.map(\.text).joined(separator: ", "))"
        if first == nil { return "\(place): is in \(names.second) alone" }
        if second == nil { return "\(place): is in \(names.first) alone" }
        let values = different.map { "\($0.name) \($0.first.text) and \($0.second.text)" }
        return "\(place): \(values.joined(separator: ", "))"
    }
}

extension RowValue {
    /// The value as a query prints it.
    public var text: String {
        switch self {
        case .null: "NULL"
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .text(let value): value
        }
    }

    /// SQLite's order of values.
    static func isBefore(_ left: [RowValue], _ right: [RowValue]) -> Bool {
        for (one, other) in zip(left, right) where one != other {
            switch (one, other) {
            case (.integer(let one), .integer(let other)): return one < other
            case (.text(let one), .text(let other)):
                return one.utf8.lexicographicallyPrecedes(other.utf8)
            default: return one.rank < other.rank
            }
        }
        return false
    }

    private var rank: Int {
        switch self {
        case .null: 0
        case .integer, .real: 1
        case .text: 2
        }
    }
}
