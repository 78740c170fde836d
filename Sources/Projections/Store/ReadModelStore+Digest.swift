import Events
import Foundation
import GRDB

/// The digest over all rows, made anew: in parts, each over a connection of its own.
extension ReadModelStore {
    /// Rows of a table, all of them or those whose first key column lies in a span.
    private struct Part: Sendable {
        let table: StoredTable
        let span: ClosedRange<Int64>?
    }

    /// Parts of a table; more readers than that find the processors busy.
    private static let partsOfTable: Int64 = 4
    /// Shortest span of a part.
    private static let shortestSpan: Int64 = 16_384

    /// The digest over all rows, made anew from what is stored, in one snapshot.
    private func recomputedDigest() throws -> StateDigest {
        try queue.read { database in
            var sum = StateDigest()
            for table in tables {
                try ReadModelStore.add(Part(table: table, span: nil), to: &sum, database)
            }
            return sum
        }
    }

    /// The same of a file that nobody writes, its parts side by side.
    private func recomputedInParts() throws -> StateDigest {
        let parts = try queue.read { database in
            try tables.flatMap { try ReadModelStore.parts($0, database) }
        }
        let sums = Sums(count: parts.count)
        let path = path
        DispatchQueue.concurrentPerform(iterations: parts.count) { index in
            sums.set(index, Result { try ReadModelStore.read(parts[index], of: path) })
        }
        var sum = StateDigest()
        for part in sums.taken { sum.add(try part.get().sum) }
        return sum
    }

    private static func parts(_ table: StoredTable, _ database: Database) throws -> [Part] {
        guard let row = try Row.fetchOne(database, sql: table.span), row[0] == "integer",
            let low: Int64 = row[1], let high: Int64 = row[2]
        else { return [Part(table: table, span: nil)] }
        // Keys that are no positions, of tickers for instance, lie far apart: one part will do.
        let (width, isTooWide) = high.subtractingReportingOverflow(low)
        guard !isTooWide, width < Int64.max / 4 else { return [Part(table: table, span: nil)] }
        let step = max(shortestSpan, width / partsOfTable + 1)
        return stride(from: low, through: high, by: Int(step)).map {
            Part(table: table, span: $0...min(high, $0 + step - 1))
        }
    }

    private static func read(_ part: Part, of path: String) throws -> StateDigest {
        var configuration = Configuration()
        configuration.readonly = true
        let reader = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? reader.close() }
        return try reader.read { database in
            var sum = StateDigest()
            try add(part, to: &sum, database)
            return sum
        }
    }

    private static func add(
        _ part: Part, to sum: inout StateDigest, _ database: Database
    ) throws {
        let sql = part.span == nil ? part.table.selectAll : part.table.selectSpan
        let key = part.span.map { RowKey.pair($0.lowerBound, $0.upperBound) }
        try RowStatement(database, sql).forEachRow(key) { sum.add(part.table.hash($0)) }
    }

    /// Refuses a file that is made of something else than its DDL makes.
    func checkSchema(_ projection: any Projection.Type) throws {
        let path = path
        try queue.read { try ReadModelSchema.check($0, path, projection) }
    }

    /// Refuses rows that are not those that the digest was made of; `isQuiet` when nobody writes.
    func check(_ projection: String, isQuiet: Bool = false) throws {
        guard try (isQuiet ? recomputedInParts() : recomputedDigest()) == checkpoint.digest else {
            throw ReadModelError.digest(path, projection: projection)
        }
    }

    /// What each part came to.
    private final class Sums: @unchecked Sendable {
        // Guarded by `lock`.
        private var results: [Result<StateDigest, any Error>?]
        private let lock = NSLock()

        init(count: Int) { results = Array(repeating: nil, count: count) }

        func set(_ index: Int, _ result: Result<StateDigest, any Error>) {
            lock.withLock { results[index] = result }
        }

        var taken: [Result<StateDigest, any Error>] { lock.withLock { results.compactMap { $0 } } }
    }
}
