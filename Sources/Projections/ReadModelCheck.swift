public import EventLog
import Events
import Foundation

/// Compares the rows of a published read model with its digest.
public enum ReadModelCheck {
    /// Recomputes the digest over all rows.
    ///
    /// - Throws: `ReadModelError.digest` when the rows are not those that were written.
    public static func run(_ data: DataFolder, run: String?, projection name: String) throws {
        let folder = ReadModelFolder(path: "\(data.path)/views/\(run ?? "data")")
        guard let type = ProjectionCatalogue.all.first(where: { $0.name == name }) else { return }
        let view = try LogView.open(data, run: run)
        let status = try ReadModelStatus.read(folder, name)
        if try view.standing(of: status) == .foreign {
            throw ReadModelError.schema(
                folder.link(name), projection: name,
                what: "its checkpoint is of no moment of the log of \(view.name)")
        }
        let store = try ReadModelStore.resume(at: folder.link(name), projection: type)
        try store.checkSchema(type)
        try store.check(name)
        try store.close()
    }

    /// Folds the view's events again, in a folder of its own, and compares what it comes to with
    /// the published read models; gives a sentence for each, by its name.
    ///
    /// - Throws: what a fold throws; a difference is an outcome.
    public static func foldAgain(_ data: DataFolder, run: String?) throws
        -> [(name: String, isEqual: Bool, text: String)]
    {
        let view = try LogView.open(data, run: run)
        let names = ProjectionCatalogue.names.filter {
            FileManager.default.fileExists(atPath: view.folder.link($0))
        }
        guard !names.isEmpty else { return [] }
        let scratch = NSTemporaryDirectory() + "recount-views-\(getpid())-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let group = ProjectorGroup(names, data: data, run: run, views: scratch) { _ in }
        let again = try group.project(rebuild: true)
        /// The first row that is another than the log gives, as far as it can be told.
        func located(_ name: String) -> String {
            let found = try? ReadModelDrift.find(
                data, run: run, view.folder.path, scratch, projections: [name]
            ).first
            guard let found, let row = found.first else { return "" }
            let what = row.text((first: "the view", second: "the log"))
            return "; \(found.count) rows differ, first \(what)"
                + (found.reference == .none ? "" : " (\(found.reference))")
        }
        return try names.map { name in
            let status = try ReadModelStatus.read(view.folder, name)
            switch try view.standing(of: status) {
            case .current: break
            case let other:
                return (name, other != .foreign, other.remark(name, view: view.name) ?? "")
            }
            do {
                try ReadModelCheck.run(data, run: run, projection: name)
            } catch {
                return (name, false, "\(error)\(located(name))")
            }
            guard let report = again.first(where: { $0.projection == name }) else {
                return (name, false, "\(name) was not folded again")
            }
            if let failure = report.failure { return (name, false, failure) }
            let isEqual = report.checkpoint.digest == status.checkpoint.digest
            return (
                name, isEqual,
                isEqual
                    ? "\(report.events) events folded again give its very rows"
                    : "\(report.events) events folded again give other rows\(located(name)); run "
                        + "recount project \(name) --rebuild"
            )
        }
    }
}
