public import EventLog
import Events
import Foundation
public import Pipeline

/// What a set of read models is made from: the data log, or a run over its timeline.
public struct LogView: Sendable {
    /// The name of the folder in `views`: the run's, or `data`.
    public let name: String
    /// The run or data log.
    public let log: EventLog
    /// The run's timeline; nil for the data log.
    public let timeline: EventLog?
    /// The folder of the read models.
    public let folder: ReadModelFolder

    private let dataFolder: DataFolder

    /// Opens a run, or the data log when `run` is nil.
    public static func open(_ data: DataFolder, run: String?) throws -> LogView {
        let path = try run.map { try data.existingRun($0) } ?? data.log
        let log = try EventLog.open(at: path)
        var timeline: EventLog?
        if run != nil {
            guard let seal = try RunEnd.read(log)?.timeline else {
                throw LogViewError(path: path, what: "is no finished run; make it again")
            }
            timeline = try EventLog.open(at: data.timeline(seal))
        }
        let name = run ?? "data"
        return LogView(
            name: name, log: log, timeline: timeline,
            folder: ReadModelFolder(path: "\(data.path)/views/\(name)"), dataFolder: data)
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

/// How far a view was read: events of the log itself and of the timeline under it.
public struct FeedPosition: Hashable, Sendable {
    /// Events of the run or data log.
    public var own: UInt64
    /// Events of the timeline.
    public var timeline: UInt64

    /// Nothing read.
    public static let start = FeedPosition(own: 0, timeline: 0)

    /// A position from its parts.
    public init(own: UInt64, timeline: UInt64) {
        self.own = own
        self.timeline = timeline
    }

    /// The merged ordinal: events read so far.
    public var position: UInt64 { own + timeline }
}
