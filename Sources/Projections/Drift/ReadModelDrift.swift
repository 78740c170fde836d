public import EventLog
public import Events
import Foundation
import GRDB

/// Finds where two folders of read models of one log part, in one fold over the log a projection.
///
/// Both are compared where they stand; where they stand at different positions, copies of both are
/// brought to the log's end first. The log decides which of the two is right.
public enum ReadModelDrift {
    /// What was found of one projection.
    public struct Finding: Sendable {
        /// The projection.
        public let projection: String
        /// The position that both were compared at.
        public let position: UInt64
        /// Rows that differ, none kept beyond the first thousand.
        public let differences: [RowDifference]
        /// How many there are.
        public let count: Int
        /// The first position at which they part, 0 for a row that no event makes; nil where they
        /// are equal.
        public let parting: UInt64?
        /// The event there.
        public let reference: Reference
        /// The first row that differs there; nil where they are equal.
        public let first: RowDifference?
        /// What was found, in words.
        public let text: String
    }

    /// Compares the read models that both folders have.
    ///
    /// - Throws: `ReadModelError.missing` where they have none in common, `LogViewError` for one
    ///   that is not of this log or of another version.
    public static func find(
        _ data: DataFolder, run: String?, _ first: String, _ second: String,
        projections: [String]? = nil
    ) throws -> [Finding] {
        let view = try LogView.open(data, run: run)
        let folders = (ReadModelFolder(path: first), ReadModelFolder(path: second))
        let names = (projections ?? ProjectionCatalogue.names).filter { name in
            [folders.0, folders.1].allSatisfy {
                FileManager.default.fileExists(atPath: $0.link(name))
            }
        }
        guard !names.isEmpty else { throw ReadModelError.missing(second) }
        return try names.map { name in
            guard let type = ProjectionCatalogue.all.first(where: { $0.name == name }) else {
                preconditionFailure("\(name) is the name of a projection")
            }
            return try find(type, view, data, run: run, folders)
        }
    }

    private static func find<P: Projection>(
        _ type: P.Type, _ view: LogView, _ data: DataFolder, run: String?,
        _ folders: (ReadModelFolder, ReadModelFolder)
    ) throws -> Finding {
        var statuses: [ReadModelStatus] = []
        for folder in [folders.0, folders.1] {
            let status = try ReadModelStatus.read(folder, P.name)
            switch try view.standing(of: status) {
            case .current, .behind: statuses.append(status)
            case let other:
                throw LogViewError(
                    path: folder.link(P.name),
                    what: other.remark(P.name, view: view.name) ?? "cannot be compared")
            }
        }
        let scratch = NSTemporaryDirectory() + "recount-drift-\(getpid())-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        var paths = (folders.0.readable(P.name), folders.1.readable(P.name))
        var position = statuses[0].checkpoint.position
        if statuses[0].checkpoint.position != statuses[1].checkpoint.position {
            paths.0 = try brought(type, folders.0, to: "\(scratch)/first", data, run)
            paths.1 = try brought(type, folders.1, to: "\(scratch)/second", data, run)
            position = try view.merged.end()
        }
        let comparison = try RowComparison(paths.0, paths.1, type)
        let names = (first: folders.0.path, second: folders.1.path)
        guard comparison.count > 0 else {
            return Finding(
                projection: P.name, position: position.position, differences: [], count: 0,
                parting: nil, reference: .none, first: nil,
                text: "equal at position \(position.position): \(comparison.rows.first) rows")
        }
        let found = try watch(type, view, comparison.differences, through: position, names)
        return finding(P.name, position.position, comparison, found, names)
    }

    /// A copy of a read model, brought to the end of its log.
    private static func brought<P: Projection>(
        _ type: P.Type, _ folder: ReadModelFolder, to path: String, _ data: DataFolder,
        _ run: String?
    ) throws -> String {
        let copy = ReadModelFolder(path: path)
        try copy.make()
        var configuration = Configuration()
        configuration.readonly = true
        let source = try DatabaseQueue(
            path: folder.readable(P.name), configuration: configuration)
        let target = try DatabaseQueue(path: copy.file(P.name, generation: 1))
        try source.backup(to: target)
        try target.close()
        try copy.publish(P.name, generation: 1)
        let group = ProjectorGroup([P.name], data: data, run: run, views: path) { _ in }
        for report in try group.project(rebuild: false) {
            if let failure = report.failure {
                throw LogViewError(path: folder.link(P.name), what: failure)
            }
        }
        return copy.link(P.name)
    }

    /// Folds the view and watches the rows that differ.
    private static func watch<P: Projection>(
        _ type: P.Type, _ view: LogView, _ differences: [RowDifference],
        through end: MergedPosition, _ names: (first: String, second: String)
    ) throws -> [RowWatch.Finding] {
        var watch = RowWatch(differences, P.tables)
        var projection = P()
        var changes = RowChanges(tables: P.tables)
        var cursor = view.merged.cursor(through: end.position)
        while let record = try cursor.next() {
            try projection.evolve(
                try ProjectedEvent(
                    position: record.position, reference: record.reference,
                    message: record.message), &changes)
            guard changes.count > 0 else { continue }
            watch.take(
                changes, at: .init(position: record.position, reference: record.reference))
            changes.removeAll()
        }
        return watch.findings(names)
    }

    private static func finding(
        _ projection: String, _ position: UInt64, _ comparison: RowComparison,
        _ found: [RowWatch.Finding], _ names: (first: String, second: String)
    ) -> Finding {
        let first = found.first
        let right =
            found.allSatisfy(\.isRight.first)
            ? "\(names.first) has what the log gives"
            : found.allSatisfy(\.isRight.second)
                ? "\(names.second) has what the log gives" : "neither has what the log gives"
        let place =
            first?.place.map { "part at position \($0.position) (\($0.reference))" }
            ?? "part at no event"
        let text =
            "\(place): \(first?.text ?? "a row whose key is no key of its table"); \(right); "
            + "\(comparison.count) rows differ"
        return Finding(
            projection: projection, position: position, differences: comparison.differences,
            count: comparison.count, parting: first?.place?.position ?? 0,
            reference: first?.place?.reference ?? .none,
            first: first?.difference ?? comparison.differences.first, text: text)
    }
}
