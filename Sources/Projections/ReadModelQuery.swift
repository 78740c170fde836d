public import EventLog
import Foundation
import GRDB

/// Asks the read models of a view in SQL, for reading only.
public enum ReadModelQuery {
    /// What a query gave.
    public struct Answer: Sendable {
        /// Names of the columns.
        public var columns: [String]
        /// The rows.
        public var rows: [[RowValue]]
    }

    /// Runs one query over all read models of a run, or of the data log.
    ///
    /// - Throws: `ReadModelError.missing` when there is none, `ReadModelQueryError` for what is no
    ///   single SELECT, and what SQLite says of the query.
    public static func run(_ query: String, data: DataFolder, run: String?) throws -> Answer {
        if let run { _ = try data.existingRun(run) }
        let folder = ReadModelFolder(path: "\(data.path)/views/\(run ?? "data")")
        let names = ProjectionCatalogue.names.filter {
            FileManager.default.fileExists(atPath: folder.link($0))
        }
        guard !names.isEmpty else { throw ReadModelError.missing(folder.path) }
        let queue = try DatabaseQueue()
        return try queue.writeWithoutTransaction { database in
            for name in names {
                try database.execute(
                    sql: "ATTACH DATABASE ? AS \"\(name)\"", arguments: [folder.link(name)])
            }
            try database.execute(sql: "PRAGMA query_only = ON")
            let statement: Statement
            do {
                statement = try database.makeStatement(sql: query)
            } catch let error as DatabaseError {
                throw ReadModelQueryError(description: error.message ?? "\(error)")
            }
            guard statement.isReadonly, statement.columnCount > 0 else {
                throw ReadModelQueryError(
                    description: "only a query that reads can be asked; write a SELECT")
            }
            var rows: [[RowValue]] = []
            let cursor = try Row.fetchCursor(statement)
            while let row = try cursor.next() { rows.append(ReadModelQuery.values(row)) }
            return Answer(columns: statement.columnNames, rows: rows)
        }
    }

    static func values(_ row: Row) -> [RowValue] {
        (0..<row.count).map { index in
            switch (row[index] as DatabaseValue).storage {
            case .int64(let value): .integer(value)
            case .double(let value): .real(value)
            case .string(let value): .text(value)
            case .blob(let data): .text(data.map { String(format: "%02x", $0) }.joined())
            case .null: .null
            }
        }
    }
}

/// Why a query is refused.
public struct ReadModelQueryError: Error, Sendable, CustomStringConvertible {
    /// What is wrong with it, and what to do.
    public let description: String
}

/// Compares the rows of a published read model with its digest.
public enum ReadModelCheck {
    /// Recomputes the digest over all rows.
    ///
    /// - Throws: `ReadModelError.digest` when the rows are not those that were written.
    public static func run(_ data: DataFolder, run: String?, projection name: String) throws {
        let folder = ReadModelFolder(path: "\(data.path)/views/\(run ?? "data")")
        guard let type = ProjectionCatalogue.all.first(where: { $0.name == name }) else { return }
        let store = try ReadModelStore.resume(at: folder.link(name), projection: type)
        try store.check(name)
        try store.close()
    }
}
