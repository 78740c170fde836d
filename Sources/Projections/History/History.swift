public import EventLog
import Events
import Foundation
import GRDB

/// The read models of a view at every moment: a file a projection, with every version of its rows
/// and the positions between which each held.
///
/// The files lie in `views/NAME/history`. They are a cache: made when first asked for, brought up
/// to the head of the log by whoever asks for what they do not have, and may be deleted.
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

    /// The projections whose tables a text names; all when it names none.
    public static func projections(in text: String) -> [String] {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        let named = ProjectionCatalogue.all.filter { type in
            type.tables.contains { table in words.contains { $0 == table.name } }
        }
        return (named.isEmpty ? ProjectionCatalogue.all : named).map { $0.name }
    }

    /// Attaches the histories of projections, each as `NAME history`.
    func attachFiles(_ projections: [String], _ database: Database) throws {
        for name in ProjectionCatalogue.names where projections.contains(name) {
            try database.execute(
                sql: "ATTACH DATABASE ? AS \"\(name) history\"", arguments: [folder.link(name)])
        }
    }

    /// Attaches the histories of projections and makes each table a view of what a scope has.
    func attach(_ projections: [String], _ scope: Scope, _ database: Database) throws {
        try attachFiles(projections, database)
        for type in ProjectionCatalogue.all where projections.contains(type.name) {
            for table in try VersionTable.all(of: type) {
                let source = "\"\(type.name) history\".\(table.name)"
                let selected =
                    switch scope {
                    case .at(let position):
                        "\(table.list) FROM \(source) WHERE \(table.holds(at: position))"
                    case .since(let position): "* FROM \(source) WHERE valid_from > \(position)"
                    case .all: "* FROM \(source)"
                    }
                try database.execute(
                    sql: "CREATE TEMP VIEW \(table.name) AS SELECT \(selected)")
            }
        }
    }

    /// Runs one query over the tables of projections as a scope has them, as `ReadModelQuery.ask`
    /// does over the present ones.
    @discardableResult
    public func ask(
        _ query: String, of projections: [String], _ scope: Scope,
        bounds: ReadModelQuery.Bounds = ReadModelQuery.Bounds(),
        columns: ([String]) throws -> Void, row: ([RowValue]) throws -> Void
    ) throws -> Bool {
        try ReadModelQuery.serve(query, bounds: bounds, columns: columns, row: row) {
            try attach(projections, scope, $0)
        }
    }

    /// The file of a projection's history.
    func file(of projection: String) -> String { folder.link(projection) }

    /// Lends an open file of one projection, for reading.
    func read<Result>(
        _ type: any Projection.Type, _ body: (Database, [VersionTable]) throws -> Result
    ) throws -> Result {
        guard let file = try HistoryFile.open(at: folder.link(type.name), type, isReader: true)
        else { throw ReadModelError.missing(folder.link(type.name)) }
        defer { try? file.close() }
        return try file.queue.read { try body($0, file.tables) }
    }
}

/// A folder that goes with the value that made it.
private final class ScratchFolder: Sendable {
    let path = NSTemporaryDirectory() + "recount-history-\(getpid())-\(UUID().uuidString)"

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
