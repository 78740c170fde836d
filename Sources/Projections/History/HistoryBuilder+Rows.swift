import EventLog
import Events
import Foundation

extension HistoryBuilder {
    /// Where a history's read model lies: the published one or, where that cannot be had, one of
    /// the history's own.
    private var places: [ReadModelFolder] {
        [view.folder, ReadModelFolder(path: "\(folder.path)/rows")]
    }

    /// The folder of a read model that is of this log and version and goes at least so far; nil for
    /// none.
    func rows(
        _ type: any Projection.Type, through last: UInt64 = 0
    ) throws -> ReadModelFolder? {
        try places.first { try reach(of: type, in: $0).map { $0 >= last } ?? false }
    }

    /// How far a read model goes; nil where it is not of this log and version.
    func reach(
        of type: any Projection.Type, in folder: ReadModelFolder
    ) throws -> UInt64? {
        guard
            let status = try? ReadModelStatus.read(folder, type.name, isCheckpointOnly: true)
        else { return nil }
        switch try view.standing(of: status) {
        case .current, .behind: return status.checkpoint.position.position
        case .foreign, .otherVersion: return nil
        }
    }

    /// Brings the read model up to the head of the log where it does not go so far, as
    /// `recount project` does, or waits for whoever does.
    ///
    /// Where it may not be written, or somebody rolled it back to one of another version, the
    /// history has one of its own.
    func ensureRows(_ type: any Projection.Type, through last: UInt64) throws -> ReadModelFolder {
        var failure: (any Error)?
        for place in places {
            while true {
                if let found = try rows(type, through: last) { return found }
                do {
                    try project(type, into: place)
                } catch let poison as PoisonEvent {
                    // The history goes to the event before it too, and says so.
                    let last = type.hasHistoryFile ? 0 : last
                    guard let found = try rows(type, through: last) else { throw poison }
                    return found
                } catch ReadModelError.locked {
                    usleep(20_000)
                } catch let error as ReadModelError {
                    failure = error
                    break
                }
            }
        }
        throw failure ?? ReadModelError.missing(view.folder.link(type.name))
    }

    private func project(_ type: any Projection.Type, into place: ReadModelFolder) throws {
        let view = LogView(name: view.name, merged: view.merged, folder: place, parent: view.parent)
        let task = try ProjectionCatalogue.projector(type.name, view, rebuild: false)
        defer { try? task.close() }
        do {
            let end = try view.merged.end().position
            var feed = EventFeed(view, after: task.folding)
            while let chunk = try feed.next() {
                try task.fold(chunk)
                tell(type.name, feed.position, end)
            }
            try task.caughtUp()
        } catch {
            _ = task.stop(error)
            throw error
        }
    }
}
