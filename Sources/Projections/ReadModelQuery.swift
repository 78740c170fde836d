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
        return try serve(query, arguments, bounds: bounds, columns: columns, row: row) {
            try attach(names, of: folder, $0)
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
        try open(bounds, prepare) { reader, hasBegun in
            try reader.ask(
                query, arguments, most: bounds.rows,
                columns: {
                    hasBegun = true
                    try columns($0)
                }, row: row)
        }
    }

    /// Lends a connection on which `prepare` attached files; once more where one could not be
    /// opened, unless the body has begun to give.
    static func open<Result>(
        _ bounds: Bounds, _ prepare: (Database) throws -> Void,
        _ body: (ReadModelReader, inout Bool) throws -> Result
    ) throws -> Result {
        var left = tries
        while true {
            var hasBegun = false
            do {
                return try openOnce(bounds, prepare) { try body($0, &hasBegun) }
            } catch let error as DatabaseError
                where error.resultCode == .SQLITE_CANTOPEN && !hasBegun && left > 1
            {
                left -= 1
                usleep(pause)
            }
        }
    }

    private static func openOnce<Result>(
        _ bounds: Bounds, _ prepare: (Database) throws -> Void,
        _ body: (ReadModelReader) throws -> Result
    ) throws -> Result {
        let queue = try History.connection()
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
                return try body(ReadModelReader(database: database))
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
            throw ReadModelQueryError(
                description: "the query took longer than \(bounds.seconds ?? 0) s; ask for less, "
                    + "or give it more time (--timeout)")
        }
    }

    /// Lends some read models of a run, or of the data log, for several questions.
    ///
    /// - Throws: `ReadModelError.missing` where one of them is not there, and what `ask` throws.
    public static func read<Result>(
        _ wanted: [String], data: DataFolder, run: String?, bounds: Bounds = Bounds(),
        _ body: (ReadModelReader) throws -> Result
    ) throws -> Result {
        if let run { _ = try data.existingRun(run) }
        let folder = ReadModelFolder(path: "\(data.path)/views/\(run ?? "data")")
        let published = published(folder)
        if let missing = wanted.first(where: { !published.contains($0) }) {
            throw ReadModelError.missing(folder.link(missing))
        }
        return try open(bounds) { database in
            try attach(wanted, of: folder, database)
        } _: { reader, _ in
            try body(reader)
        }
    }

    private static func attach(
        _ names: [String], of folder: ReadModelFolder, _ database: Database
    ) throws {
        for name in names {
            try database.execute(
                sql: "ATTACH DATABASE ? AS \"\(name)\"", arguments: [folder.readable(name)])
        }
        try ReadModelView.create(over: names, database)
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
