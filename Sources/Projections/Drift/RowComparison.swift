import Foundation
import GRDB

/// Compares the rows of two files of one projection, table by table, in the order of their keys.
struct RowComparison {
    /// Differences that are kept; of the others the number is.
    static let most = 1_000

    /// Rows that differ, the first of each table first.
    private(set) var differences: [RowDifference] = []
    /// How many there are.
    private(set) var count = 0
    /// Rows in the first and in the second.
    private(set) var rows = (first: 0, second: 0)

    /// Reads both files; nothing is written.
    init(_ first: String, _ second: String, _ projection: any Projection.Type) throws {
        let (first, second) = (try RowComparison.open(first), try RowComparison.open(second))
        for table in projection.tables {
            try first.read { one in
                try second.read { other in try compare(table, one, other) }
            }
        }
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private mutating func compare(
        _ table: ProjectionTable, _ first: Database, _ second: Database
    ) throws {
        let columns = try first.columns(in: table.name).map(\.name)
        let key = columns.prefix(table.keyColumns).joined(separator: ", ")
        let sql = "SELECT * FROM \(table.name) ORDER BY \(key)"
        let (ones, others) = (
            try Row.fetchCursor(first, sql: sql), try Row.fetchCursor(second, sql: sql)
        )
        var one = try ones.next().map(ReadModelQuery.values)
        var other = try others.next().map(ReadModelQuery.values)
        func keyOf(_ row: [RowValue]) -> [RowValue] { Array(row.prefix(table.keyColumns)) }
        while one != nil || other != nil {
            let takesOne =
                other == nil || one.map { !RowValue.isBefore(keyOf(other!), keyOf($0)) } ?? false
            let takesOther =
                one == nil || other.map { !RowValue.isBefore(keyOf(one!), keyOf($0)) } ?? false
            let (left, right) = (takesOne ? one : nil, takesOther ? other : nil)
            if left != right, let row = left ?? right {
                count += 1
                if differences.count < RowComparison.most {
                    differences.append(
                        RowDifference(
                            table: table.name, key: keyOf(row), first: left, second: right,
                            columns: columns))
                }
            }
            if takesOne {
                rows.first += 1
                one = try ones.next().map(ReadModelQuery.values)
            }
            if takesOther {
                rows.second += 1
                other = try others.next().map(ReadModelQuery.values)
            }
        }
    }
}
