public import EventLog
import Events

/// What a set of read models is made from: the data log, or a run over its timeline.
public struct LogView: Sendable {
    /// The name of the folder in `views`: the run's, or `data`.
    public let name: String
    /// The run over its timeline, or the data log.
    public let merged: MergedLog
    /// The folder of the read models.
    public let folder: ReadModelFolder
    /// What a fork left; nil for what is none.
    public let parent: RunManifest.Parent?

    /// The run's own log, or the data log.
    public var log: EventLog { merged.log }

    /// Opens a run, or the data log when `run` is nil; its read models lie in the folder `views`,
    /// in the data folder when that is left out.
    public static func open(
        _ data: DataFolder, run: String?, views: String? = nil
    ) throws -> LogView {
        let opened = try run.map { try data.openRun($0) }
        let merged = try opened?.merged ?? MergedLog(try EventLog.open(at: data.log))
        let name = run ?? "data"
        return LogView(
            name: name, merged: merged,
            folder: ReadModelFolder(path: views ?? "\(data.path)/views/\(name)"),
            parent: opened?.manifest?.parent)
    }

    /// Whether the log on disk is no longer the one that was opened: replaced, or gone.
    public var isReplaced: Bool { log.isReplaced }
}

/// Why a view cannot be opened.
public struct LogViewError: Error, Sendable, CustomStringConvertible {
    /// The log.
    public let path: String
    /// What is wrong with it, and what to do.
    public let what: String
    /// Both.
    public var description: String { "\(path): \(what)" }
}
