public import EventLog
import Events
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

    /// Bounds of one query.
    public struct Bounds: Sendable {
        /// The most rows that are given; nil for all.
        public var rows: Int?
        /// The most seconds that it may take; nil for any.
        public var seconds: Double?

        /// Bounds; none when left out.
        public init(rows: Int? = nil, seconds: Double? = nil) {
            (self.rows, self.seconds) = (rows, seconds)
        }
    }

    /// Runs one query over all read models of a run, or of the data log, and gives all its rows.
    ///
    /// - Throws: as `ask`.
    public static func run(_ query: String, data: DataFolder, run: String?) throws -> Answer {
        var answer = Answer(columns: [], rows: [])
        try ask(query, data: data, run: run) {
            answer.columns = $0
        } row: {
            answer.rows.append($0)
        }
        return answer
    }

    /// Runs one query over all read models of a run, or of the data log, and lends each row as it
    /// comes: none is kept. Gives whether `bounds` cut it short. `arguments` stand for its `?`;
    /// `wanted` names the read models that it is over, all where it is left out.
    ///
    /// - Throws: `ReadModelError.missing` when there is none, `ReadModelQueryError` for what is no
    ///   single SELECT, what takes longer than its bound, and what SQLite says of the query.
    @discardableResult
    public static func ask(
        _ query: String, _ arguments: [RowValue] = [], of wanted: [String]? = nil,
        data: DataFolder, run: String?, bounds: Bounds = Bounds(),
        columns: ([String]) throws -> Void,
        row: ([RowValue]) throws -> Void
    ) throws -> Bool {
        if let run { _ = try data.existingRun(run) }
        let folder = ReadModelFolder(path: "\(data.path)/views/\(run ?? "data")")
        let names = published(folder).filter { wanted?.contains($0) ?? true }
        guard !names.isEmpty else { throw ReadModelError.missing(folder.path) }
        return try serve(query, arguments, bounds: bounds, columns: columns, row: row) { database in
            for name in names {
                try database.execute(
                    sql: "ATTACH DATABASE ? AS \"\(name)\"", arguments: [folder.readable(name)])
            }
            try ReadModelView.create(over: names, database)
        }
    }

    /// Tries to open files that a projector swings or closes meanwhile, and the pause between two,
    /// microseconds.
    private static let (tries, pause) = (20, UInt32(10_000))

    /// Runs one query on what `prepare` attaches; once more where a file could not be opened.
    static func serve(
        _ query: String, _ arguments: [RowValue], bounds: Bounds,
        columns: ([String]) throws -> Void, row: ([RowValue]) throws -> Void,
        prepare: (Database) throws -> Void
    ) throws -> Bool {
        var left = tries
        while true {
            var hasBegun = false
            do {
                return try serveOnce(
                    query, arguments, bounds: bounds,
                    columns: {
                        hasBegun = true
                        try columns($0)
                    }, row: row, prepare: prepare)
            } catch let error as DatabaseError
                where error.resultCode == .SQLITE_CANTOPEN && !hasBegun && left > 1
            {
                left -= 1
                usleep(pause)
            }
        }
    }

    private static func serveOnce(
        _ query: String, _ arguments: [RowValue], bounds: Bounds,
        columns: ([String]) throws -> Void, row: ([RowValue]) throws -> Void,
        prepare: (Database) throws -> Void
    ) throws -> Bool {
        let queue = try DatabaseQueue()
        let timer = bounds.seconds.map { seconds in
            let work = DispatchWorkItem { queue.interrupt() }
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: work)
            return work
        }
        defer { timer?.cancel() }
        do {
            return try queue.writeWithoutTransaction { database in
                try prepare(database)
                try database.execute(sql: "PRAGMA query_only = ON")
                let statement = try statement(query, database)
                if !arguments.isEmpty {
                    try statement.setArguments(
                        StatementArguments(arguments.map { $0.databaseValue }))
                }
                try columns(statement.columnNames)
                var given = 0
                let cursor = try Row.fetchCursor(statement)
                while let next = try cursor.next() {
                    if given == bounds.rows ?? .max { return true }
                    try row(ReadModelQuery.values(next))
                    given += 1
                }
                return false
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
            throw ReadModelQueryError(
                description: "the query took longer than \(bounds.seconds ?? 0) s; ask for less, "
                    + "or give it more time (--timeout)")
        }
    }

    /// What a person who asks a view must be told of its read models: which are not of its log as
    /// it stands.
    public static func remarks(data: DataFolder, run: String?) throws -> [String] {
        let view = try LogView.open(data, run: run)
        let names = published(view.folder)
        let remarks = try names.compactMap { name in
            let status = try ReadModelStatus.read(view.folder, name)
            return (name, try view.standing(of: status))
        }
        // All for one reason is said once.
        if let first = remarks.first?.1, names.count > 1, remarks.allSatisfy({ $0.1 == first }) {
            return first.remark("all", view: view.name).map { [$0] } ?? []
        }
        return remarks.compactMap { $1.remark($0, view: view.name) }
    }

    private static func published(_ folder: ReadModelFolder) -> [String] {
        ProjectionCatalogue.names.filter {
            FileManager.default.fileExists(atPath: folder.link($0))
        }
    }

    private static func statement(_ query: String, _ database: Database) throws -> Statement {
        let statement: Statement
        do {
            statement = try database.makeStatement(sql: query)
        } catch let error as DatabaseError {
            let message = error.message ?? "\(error)"
            throw ReadModelQueryError(description: message + question(message))
        }
        guard statement.isReadonly, statement.columnCount > 0 else {
            throw ReadModelQueryError(
                description: "only a query that reads can be asked; write a SELECT")
        }
        return statement
    }

    /// What may be meant by a table or column that SQLite does not know.
    private static func question(_ message: String) -> String {
        for (what, known) in [
            ("no such table: ", VersionTable.catalogue.map(\.table.name) + ReadModelView.names),
            ("no such column: ", VersionTable.catalogue.flatMap(\.table.columns)),
        ] where message.hasPrefix(what) {
            let name = message.dropFirst(what.count).split(separator: ".").last.map(String.init)
            let question = name.map { Suggestion.question($0, known) } ?? ""
            return question.isEmpty ? "; recount sql --tables lists them" : question
        }
        return ""
    }

    /// The names of the read models of a view that are published.
    public static func published(data: DataFolder, run: String?) -> [String] {
        published(ReadModelFolder(path: "\(data.path)/views/\(run ?? "data")"))
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

extension RowValue {
    /// As SQLite takes it.
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value): value.databaseValue
        }
    }
}
