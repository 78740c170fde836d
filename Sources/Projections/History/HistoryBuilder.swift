import EventLog
import Events
import Foundation

/// Makes the history of one projection, or brings it up to the head of its log.
struct HistoryBuilder {
    let view: LogView
    let folder: ReadModelFolder
    var tell: (String, MergedPosition, UInt64) -> Void = { _, _, _ in }

    /// Chunks of the log in one transaction.
    private static let chunks = 16

    /// Where the history of a projection lies.
    func path(_ name: String) -> String { folder.link(name) }

    /// Makes sure that the read model and its history go through a merged ordinal.
    func ensure(_ type: any Projection.Type, through last: UInt64) throws {
        let rows = try ensureRows(type, through: last)
        guard type.hasHistoryFile else { return }
        if try reaches(type, last) { return }
        let lock = try awaitLock(folder, type.name)
        defer { lock.release() }
        // Another process may have done it meanwhile.
        if try reaches(type, last) { return }
        try extend(type, over: rows, wanted: last)
    }

    private func reaches(_ type: any Projection.Type, _ last: UInt64) throws -> Bool {
        try position(of: type).map { $0 >= last } ?? false
    }

    /// How far the history goes; nil where there is none of this log.
    func position(of type: any Projection.Type) throws -> UInt64? {
        let status = try HistoryFile.status(at: path(type.name))
        guard let status, try isOfLog(status) else { return nil }
        return status.checkpoint.position.position
    }

    private func isOfLog(_ status: ReadModelStatus) throws -> Bool {
        switch try view.standing(of: status) {
        case .current, .behind: true
        case .foreign, .otherVersion: false
        }
    }

    /// Waits for whoever makes the same history now.
    private func awaitLock(_ folder: ReadModelFolder, _ name: String) throws -> ProjectorLock {
        while true {
            do {
                return try ProjectorLock(folder, name)
            } catch ReadModelError.locked {
                usleep(20_000)
            }
        }
    }

    private func extend<P: Projection>(
        _ type: P.Type, over rows: ReadModelFolder, wanted: UInt64
    ) throws {
        let path = path(P.name)
        // Not beyond the read model, unless to the event that stopped it.
        let limit = max(wanted, try reach(of: type, in: rows) ?? 0)
        if let file = try HistoryFile.open(at: path, type, over: rows) {
            if try isOfLog(file.status) {
                try fold(P.self, into: file, wanted: wanted, limit)
                return try file.close()
            }
            try file.close()
        }
        let beside = "\(path).making"
        let file = try HistoryFile.create(
            at: beside, type, over: rows, logID: view.log.identity.logID)
        var failure: (any Error)?
        do {
            try fold(P.self, into: file, wanted: wanted, limit)
        } catch let poison as PoisonEvent {
            // What comes before it is whole and of use.
            failure = poison
        }
        try file.finish()
        guard rename(beside, path) == 0 else { throw ReadModelError.system(path, "rename", errno) }
        if let failure { throw failure }
    }

    /// Folds up to a limit; where an event is refused, to the one before it, and says so only when
    /// that is not far enough.
    private func fold<P: Projection>(
        _ type: P.Type, into file: HistoryFile, wanted: UInt64, _ limit: UInt64
    ) throws {
        do {
            try fold(type, into: file, through: limit)
        } catch let poison as PoisonEvent {
            try fold(type, into: file, through: poison.position - 1)
            if poison.position <= wanted { throw poison }
        }
    }

    private func fold<P: Projection>(
        _ type: P.Type, into file: HistoryFile, through last: UInt64
    ) throws {
        var state = try HistoryFold<P>(resuming: file)
        var feed = EventFeed(view, after: state.position)
        let end = try view.merged.end().position
        var store = file
        while state.position.position < last {
            let before = state.position
            try file.transact {
                for _ in 0..<HistoryBuilder.chunks {
                    guard state.position.position < last, let chunk = try feed.next() else { break }
                    try state.fold(chunk, through: last, into: &store)
                    tell(P.name, state.position, end)
                }
                var checkpoint = file.status.checkpoint
                checkpoint.position = state.position
                checkpoint.logSeal = try view.merged.seal(of: .own(state.position.own))
                checkpoint.timelineSeal =
                    try view.merged.seal(of: .timeline(state.position.timeline))
                return (checkpoint, state.state)
            }
            if state.position == before { return }
        }
    }
}

extension Projection {
    /// Whether its history has a file: something in its rows changes.
    static var hasHistoryFile: Bool { VersionTable.of(name).contains { $0.isKept } }
}

extension HistoryFold {
    /// A fold that goes on where a file stands.
    init(resuming file: HistoryFile) throws {
        guard file.position != .start else {
            self.init()
            return
        }
        var reader = SnapshotReader(try file.state())
        let projection = try file.presentRows { try P(snapshot: &reader, rows: $0) }
        self.init(projection, after: file.position)
    }
}
