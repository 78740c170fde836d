public import EventLog
import Events
import Foundation
import GRDB

/// The read models of a view at every moment: beside each read model, a file with what changed in
/// its rows, and at which positions.
///
/// The files lie in `views/NAME/history`. They are a cache: made when first asked for, brought up
/// to the head of the log, with the read model, by whoever asks for what they do not have, and may
/// be deleted. What never changes once a row is there is read from the read model; a table of which
/// that holds altogether has nothing in the file, and a read model of such tables has none.
public struct History: Sendable {
    /// The view that it is of.
    public let view: LogView
    private let folder: ReadModelFolder
    private let scratch: ScratchFolder?

    /// Which versions of rows a question is about.
    public enum Scope: Hashable, Sendable {
        /// Those that held at a merged ordinal.
        case at(UInt64)
        /// Those that came after a merged ordinal, with `valid_from` and `valid_to`.
        case since(UInt64)
        /// Those that came after one merged ordinal, and by another, likewise.
        case between(UInt64, UInt64)
        /// All, with `valid_from` and `valid_to`.
        case all
    }

    /// The history of a run, or of the data log when `run` is nil. Where nobody may write beside
    /// its read models, what is made lasts as long as this value.
    public init(_ data: DataFolder, run: String?) throws {
        view = try LogView.open(data, run: run)
        let path = "\(view.folder.path)/history"
        if History.isWritable(path) {
            (folder, scratch) = (ReadModelFolder(path: path), nil)
        } else {
            let own = ScratchFolder()
            (folder, scratch) = (ReadModelFolder(path: own.path), own)
        }
    }

    /// Whether a folder can be written, or made.
    private static func isWritable(_ path: String) -> Bool {
        var place = path
        while !FileManager.default.fileExists(atPath: place) {
            let parent = FilePath.parent(place)
            if parent.isEmpty { place = "." } else { place = parent }
        }
        return access(place, W_OK) == 0
    }

    /// Names of the tables, by projection.
    public static func tables(of projection: String) -> [String] {
        ProjectionCatalogue.all.first { $0.name == projection }?.tables.map(\.name) ?? []
    }

    /// Makes sure that the histories of these projections go through a merged ordinal; `tell`
    /// hears which one is being made, how far it is, and of how much.
    ///
    /// - Throws: `PoisonEvent` when an event before it is refused, and `ReadModelError`.
    public func ensure(
        _ projections: [String], through position: UInt64,
        tell: @escaping (String, MergedPosition, UInt64) -> Void = { _, _, _ in }
    ) throws {
        let builder = HistoryBuilder(view: view, folder: folder, tell: tell)
        for type in ProjectionCatalogue.all where projections.contains(type.name) {
            try builder.ensure(type, through: position)
        }
    }

    /// Whether the history of a projection goes through a merged ordinal, and its read model too.
    public func reaches(_ projection: String, _ position: UInt64) throws -> Bool {
        let type = try ProjectionCatalogue.type(named: projection)
        let builder = HistoryBuilder(view: view, folder: folder)
        guard type.hasHistoryFile else { return try builder.rows(type, through: position) != nil }
        guard let reached = try builder.position(of: type), reached >= position else {
            return false
        }
        return try builder.rows(type, through: position) != nil
    }

    /// The projections whose tables a text names; all when it names none.
    public static func projections(in text: String) -> [String] {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        let named = ProjectionCatalogue.all.filter { type in
            type.tables.contains { table in words.contains { $0 == table.name } }
                || ReadModelView.all.contains { view in
                    words.contains { $0 == view.name } && view.over.contains(type.name)
                }
        }
        return (named.isEmpty ? ProjectionCatalogue.all : named).map { $0.name }
    }

    /// Attaches each projection's read model as `NAME rows` and, where there is one, its history
    /// as `NAME history`.
    func attachFiles(
        _ projections: [String], _ database: Database, prefix: String = ""
    ) throws {
        for type in ProjectionCatalogue.all where projections.contains(type.name) {
            let builder = HistoryBuilder(view: view, folder: folder)
            var last: UInt64 = 0
            if type.hasHistoryFile {
                guard let position = try builder.position(of: type) else {
                    throw ReadModelError.missing(folder.link(type.name))
                }
                last = position
            }
            guard let rows = try builder.rows(type, through: last) else {
                throw ReadModelError.missing(view.folder.link(type.name))
            }
            try database.execute(
                sql: "ATTACH DATABASE ? AS \"\(prefix)\(type.name) rows\"",
                arguments: [rows.readable(type.name)])
            guard type.hasHistoryFile else { continue }
            try database.execute(
                sql: "ATTACH DATABASE ? AS \"\(prefix)\(type.name) history\"",
                arguments: [folder.link(type.name)])
        }
    }

    /// Databases that SQLite attaches to one connection.
    private static let mostAttached = 10

    /// Makes each table of projections a view of what a scope has, over its attached files; where
    /// those are too many, of a projection that is in the way a copy.
    func attach(_ projections: [String], _ scope: Scope, _ database: Database) throws {
        let types = ProjectionCatalogue.all.filter { projections.contains($0.name) }
        var files = types.map { $0.hasHistoryFile ? 2 : 1 }.reduce(0, +)
        // The long ones stand last.
        for type in types.sorted(by: { History.isLong($1.name) && !History.isLong($0.name) }) {
            let isCopied = files > History.mostAttached
            try attachFiles([type.name], database)
            for sql in VersionSQL.all(of: type.name) {
                let selected =
                    switch scope {
                    case .at(let position): sql.state(at: "\(position)")
                    case .since(let position): sql.all(after: position)
                    case .between(let first, let last): sql.all(after: first, through: last)
                    case .all: sql.all()
                    }
                let kind = isCopied ? "TABLE" : "VIEW"
                try database.execute(
                    sql: "CREATE TEMP \(kind) \(sql.table.name) AS \(selected)")
            }
            guard isCopied else { continue }
            files -= type.hasHistoryFile ? 2 : 1
            try database.execute(sql: "DETACH DATABASE \"\(type.name) rows\"")
            if type.hasHistoryFile {
                try database.execute(sql: "DETACH DATABASE \"\(type.name) history\"")
            }
        }
        // Of one moment alone: versions of several tables that hold together are no rows of it.
        if case .at = scope { try ReadModelView.create(over: projections, database) }
    }

    /// Whether a projection's rows are as many as the log's events.
    private static func isLong(_ name: String) -> Bool {
        ["disclosures", "signals", "training-set", "training-set-rows", "lineage"].contains(name)
    }

    /// Runs one query over the tables of projections as a scope has them, as `ReadModelQuery.ask`
    /// does over the present ones.
    @discardableResult
    public func ask(
        _ query: String, _ arguments: [RowValue] = [], of projections: [String], _ scope: Scope,
        bounds: ReadModelQuery.Bounds = ReadModelQuery.Bounds(),
        columns: ([String]) throws -> Void, row: ([RowValue]) throws -> Void
    ) throws -> Bool {
        try ReadModelQuery.serve(
            query, arguments, bounds: bounds, columns: columns, row: row
        ) {
            try attach(projections, scope, $0)
        }
    }

    /// Lends projections' tables as they stood at a merged ordinal, for several questions; their
    /// histories must reach it.
    public func read<Result>(
        _ projections: [String], at position: UInt64,
        bounds: ReadModelQuery.Bounds = ReadModelQuery.Bounds(),
        _ body: (ReadModelReader) throws -> Result
    ) throws -> Result {
        try ReadModelQuery.open(bounds) {
            try attach(projections, .at(position), $0)
        } _: { reader, _ in
            try body(reader)
        }
    }

    /// A connection to which files are attached: it waits for whoever brings a history up, who
    /// holds the file for a moment.
    static func connection() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(configuration: configuration)
    }

    /// The file of a projection's history.
    func file(of projection: String) -> String { folder.link(projection) }

    /// Lends one projection's tables, for reading.
    func read<Result>(
        _ projection: String, _ body: (Database, [VersionSQL]) throws -> Result
    ) throws -> Result {
        let type = try ProjectionCatalogue.type(named: projection)
        return try History.connection().writeWithoutTransaction { database in
            try attachFiles([type.name], database)
            try database.execute(sql: "PRAGMA query_only = ON")
            return try body(database, VersionSQL.all(of: type.name))
        }
    }
}

/// A folder that goes with the value that made it.
private final class ScratchFolder: Sendable {
    let path = NSTemporaryDirectory() + "recount-history-\(getpid())-\(UUID().uuidString)"

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
