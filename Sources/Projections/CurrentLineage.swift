public import EventLog
import Foundation

/// The lineage of a view, brought up to the end of its log before it is asked.
public final class CurrentLineage: Sendable {
    /// The view.
    public let view: LogView
    /// The lineage, to be asked.
    public let reader: LineageReader
    /// What had to be done first, for the person who waits; nil for nothing.
    public let remark: String?
    /// A folder of its own for a view that cannot be written; removed at the end.
    private let temporary: String?

    /// Opens the lineage of a run, or of the data log when `run` is nil, and catches it up where it
    /// is behind, as `recount project lineage` does. Where the data folder cannot be written, or
    /// another process is at it, the rows are made in a temporary folder.
    ///
    /// - Parameter progress: told events read, and of how many.
    public static func open(
        _ data: DataFolder, run: String?, progress: @escaping (UInt64, UInt64) -> Void
    ) throws -> CurrentLineage {
        let view = try LogView.open(data, run: run)
        if try isCurrent(view) { return try CurrentLineage(view, view.folder, nil, nil) }
        do {
            let report = try project(data, run: run, views: nil, progress)
            let what =
                report.start == .resumed
                ? "caught the read model lineage up with \(report.events) events"
                : "made the read model lineage from \(report.events) events"
            return try CurrentLineage(view, view.folder, "\(what) first", nil)
        } catch let error as ReadModelError {
            switch error {
            case .locked, .system: break
            default: throw error
            }
            if try isCurrent(view) { return try CurrentLineage(view, view.folder, nil, nil) }
            let folder =
                FileManager.default.temporaryDirectory.path
                + "/recount-lineage-\(getpid())-\(UUID().uuidString)"
            let report = try project(data, run: run, views: folder, progress)
            return try CurrentLineage(
                view, ReadModelFolder(path: folder),
                "made a lineage of its own from \(report.events) events: \(error)", folder)
        }
    }

    private init(
        _ view: LogView, _ folder: ReadModelFolder, _ remark: String?, _ temporary: String?
    ) throws {
        (self.view, self.remark, self.temporary) = (view, remark, temporary)
        reader = try LineageReader(folder)
    }

    deinit {
        if let temporary { try? FileManager.default.removeItem(atPath: temporary) }
    }

    private static func isCurrent(_ view: LogView) throws -> Bool {
        guard let status = try? ReadModelStatus.read(view.folder, LineageProjection.name) else {
            return false
        }
        return try view.standing(of: status) == .current
    }

    private static func project(
        _ data: DataFolder, run: String?, views: String?,
        _ progress: @escaping (UInt64, UInt64) -> Void
    ) throws -> ProjectorReport {
        let group = ProjectorGroup(
            [LineageProjection.name], data: data, run: run, views: views
        ) { happening in
            if case .read(let position, let end) = happening { progress(position.position, end) }
        }
        let report = try group.project(rebuild: false)[0]
        if let failure = report.failure { throw LogViewError(path: data.path, what: failure) }
        return report
    }
}
