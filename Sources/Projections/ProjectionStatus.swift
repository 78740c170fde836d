public import EventLog
import Events
import Foundation
import GRDB

extension ReadModelStatus {
    /// The status of a published read model.
    ///
    /// - Throws: `ReadModelError.missing` when there is none, and what SQLite says of a damaged
    ///   file.
    public static func read(_ folder: ReadModelFolder, _ name: String) throws -> ReadModelStatus {
        try read(folder, name, isCheckpointOnly: false)
    }

    /// The same, or of it what says how far the read model goes, and of which log.
    static func read(
        _ folder: ReadModelFolder, _ name: String, isCheckpointOnly: Bool
    ) throws -> ReadModelStatus {
        let path = folder.link(name)
        guard FileManager.default.fileExists(atPath: path) else {
            throw ReadModelError.missing(path)
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(2)
        let queue = try DatabaseQueue(
            path: folder.readable(name), configuration: configuration)
        var status = try queue.read {
            try CheckpointTable.read($0, isCheckpointOnly: isCheckpointOnly)
        }
        try queue.close()
        if isCheckpointOnly { return status }
        status.isRunning = ProjectorLock.isHeld(folder, name)
        for suffix in ["", "-wal", "-shm"] {
            var file = stat()
            if stat(path + suffix, &file) == 0 { status.size += Int(file.st_size) }
        }
        return status
    }
}

/// What `recount status` shows of one view: its log, its read models, its readers.
public struct ViewStatus: Sendable {
    /// The view: a run's name, or `data`.
    public var name: String
    /// Head of its log.
    public var head: LogHead
    /// What a fork left; nil for what is none.
    public var parent: RunManifest.Parent?
    /// Events of its log and timeline: where its read models end.
    public var end: UInt64
    /// Bytes of the log on disk.
    public var logSize: Int
    /// Its read models by projection, and how each stands to the log; the error where one cannot be
    /// read, nil where there is none.
    public var readModels:
        [(
            name: String,
            status: Result<(model: ReadModelStatus, standing: ReadModelStanding), any Error>?
        )]
    /// Readers of the log.
    public var readers: [LogReader]

    /// Reads the status of a view.
    public init(_ data: DataFolder, run: String?) throws {
        let view = try LogView.open(data, run: run)
        name = view.name
        head = try view.log.head()
        parent = view.parent
        end = try view.merged.end().position
        logSize = view.log.size
        readers = try view.log.readers().filter { $0.process != getpid() }
        readModels = ProjectionCatalogue.names.map { name in
            guard FileManager.default.fileExists(atPath: view.folder.link(name)) else {
                return (name, nil)
            }
            return (
                name,
                Result {
                    let model = try ReadModelStatus.read(view.folder, name)
                    return (model, try view.standing(of: model))
                }
            )
        }
    }
}
