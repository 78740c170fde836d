import EventLog
import Events
import Foundation

/// What a projector did when it began, and why.
public enum ProjectorStart: Hashable, Sendable {
    /// Goes on from its checkpoint.
    case resumed
    /// Makes its rows anew, for a reason in words.
    case rebuilding(String)
}

/// What a projector came to.
public struct ProjectorReport: Sendable {
    /// The projection.
    public var projection: String
    /// How it began.
    public var start: ProjectorStart
    /// Where it stands.
    public var checkpoint: Checkpoint
    /// Events folded.
    public var events: UInt64
    /// Why it stopped before the end, nil when it did not.
    public var failure: String?
    /// How the generation that it made stands to the one whose place it took; nil when it made
    /// none.
    public var replaced: GenerationComparison?
}

/// A projector whatever its projection.
protocol ProjectorTask: AnyObject {
    var start: ProjectorStart { get }
    var folding: MergedPosition { get }
    func report(failure: String?) -> ProjectorReport
    func fold(_ chunk: EventChunk) throws
    func beginFolding()
    func save() throws
    func caughtUp() throws
    func stop(_ failure: any Error) -> ProjectorReport
    func check() throws
    func close() throws
}

/// One projection and its file: folds chunks, stores at checkpoints, publishes a rebuilt file.
///
/// It belongs to one thread. It may be killed at any instant: rows, state and checkpoint go
/// together, and a rebuilt file takes the place of the old one only when it is whole.
final class Projector<P: Projection>: ProjectorTask {
    private let view: LogView
    private let lock: ProjectorLock
    private(set) var projection: P
    private var changes: RowChanges
    private(set) var store: ReadModelStore
    /// The generation being made, nil while the published one goes on.
    private var building: Int?
    private var position: MergedPosition
    private var folded: UInt64 = 0
    private var foldedSince = ContinuousClock.now
    private var foldedBefore: UInt64 = 0
    /// The checkpoint that is being stored while folding goes on.
    private var storing: StoringCheckpoint?
    /// Room for the changes after those that are being stored.
    private var spare: RowChanges
    let start: ProjectorStart
    /// How the generation that was published last stands to the one before.
    private var replaced: GenerationComparison?

    /// Changed rows, and bytes of them, after which a checkpoint is stored.
    private static var checkpoint: (rows: Int, bytes: Int) { (32_000, 12 << 20) }

    /// Takes the projection's file, or begins a new one: on demand, when there is none, when it is
    /// of another version, when the log is not the one it was made from, when it is damaged.
    init(_ view: LogView, rebuild: Bool) throws {
        self.view = view
        lock = try ProjectorLock(view.folder, P.name)
        changes = RowChanges(tables: P.tables)
        spare = changes
        if !rebuild { try Projector.refuseHeld(view.folder) }
        let found: (store: ReadModelStore, projection: P)?
        do {
            found = try rebuild ? nil : Projector.resume(view)
            start = found == nil ? .rebuilding(rebuild ? "on demand" : "the first time") : .resumed
        } catch {
            found = nil
            start = .rebuilding("\(error)")
        }
        if let found {
            view.folder.sweep(P.name)
            (store, projection) = (found.store, found.projection)
            position = store.checkpoint.position
        } else {
            let next = (view.folder.generation(P.name) ?? 0) + 1
            building = next
            view.folder.removeGenerations(P.name, except: [next - 1])
            let path = view.folder.file(P.name, generation: next)
            do {
                store = try ReadModelStore.create(
                    at: path, projection: P.self, logID: view.log.identity.logID)
            } catch {
                throw StorageFailure(error, path: path) ?? error
            }
            projection = P()
            position = .start
        }
    }

    /// How far it has folded.
    var folding: MergedPosition { position }

    /// What it came to so far.
    func report(failure: String?) -> ProjectorReport {
        ProjectorReport(
            projection: P.name, start: start, checkpoint: store.checkpoint, events: folded,
            failure: failure, replaced: replaced)
    }

    /// Refuses a file that somebody rolled back to, where this program would make it anew.
    private static func refuseHeld(_ folder: ReadModelFolder) throws {
        guard let held = folder.heldGeneration(P.name), held == folder.generation(P.name),
            let status = try? ReadModelStatus.read(folder, P.name), status.version != P.version
        else { return }
        throw ReadModelError.held(
            folder.link(P.name), projection: P.name, version: status.version)
    }

    /// The published file and its state, nil when there is none.
    ///
    /// - Throws: why it cannot be used.
    private static func resume(_ view: LogView) throws -> (store: ReadModelStore, projection: P)? {
        guard let generation = view.folder.generation(P.name) else { return nil }
        let path = view.folder.file(P.name, generation: generation)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let status = try ReadModelStatus.read(view.folder, P.name)
        guard status.version == P.version else {
            throw LogViewError(
                path: path, what: "is of version \(status.version), this is \(P.version)")
        }
        let checkpoint = status.checkpoint
        if try view.standing(of: status) == .foreign {
            throw LogViewError(path: view.log.path, what: "is not the log that was seen")
        }
        let store = try ReadModelStore.resume(at: path, projection: P.self)
        var reader = SnapshotReader(try store.state())
        let projection =
            checkpoint.position == .start
            ? P() : try store.rows { try P(snapshot: &reader, rows: $0) }
        return (store, projection)
    }

    /// Folds the events of a chunk that it has not seen.
    func fold(_ chunk: EventChunk) throws {
        guard chunk.end.position > position.position else { return }
        precondition(chunk.start.position <= position.position, "no event is skipped")
        let array = chunk.bytes
        let bytes = array.span.bytes
        for entry in chunk.entries.dropFirst(Int(position.position - chunk.start.position)) {
            try fold(entry, bytes)
            if changes.count >= Self.checkpoint.rows || changes.size >= Self.checkpoint.bytes {
                try save(whileFolding: building != nil)
            }
        }
    }

    private func fold(_ entry: EventChunk.Entry, _ bytes: RawSpan) throws {
        try projection.fold(entry, of: bytes, at: &position, &changes)
        folded += 1
    }

    /// Stores what was folded since the last checkpoint.
    func save() throws { try save(whileFolding: false) }

    /// Waits until the store has what it was given, and takes up why it has not.
    private func settle() throws {
        guard let storing else { return }
        self.storing = nil
        spare = try storing.wait()
        spare.removeAll()
    }

    /// Stores, on another thread if folding is to go on meanwhile: one checkpoint at a time.
    private func save(whileFolding: Bool) throws {
        try settle()
        // What was stored while it was made has no state: the end has one, wherever it falls.
        let isWanted = building != nil && !whileFolding && position != .start
        guard position != store.checkpoint.position || changes.count > 0 || isWanted else { return }
        // Nobody goes on from a file that is not whole: its state is written once, at the end.
        var writer = SnapshotWriter()
        if !whileFolding { projection.snapshot(&writer) }
        let now = ContinuousClock.now
        let seconds = (now - foldedSince) / .seconds(1)
        let rate = seconds > 0 ? Double(folded - foldedBefore) / seconds : nil
        let seals = (
            log: try view.merged.seal(of: .own(position.own)),
            timeline: try view.merged.seal(of: .timeline(position.timeline))
        )
        let clock = CheckpointTable.Clock(
            updatedAt: Date().formatted(.iso8601), eventsPerSecond: rate)
        let state = writer.bytes
        (foldedSince, foldedBefore) = (now, folded)
        guard whileFolding else {
            try store.store(changes, at: position, seals: seals, state: state, clock: clock)
            changes.removeAll()
            return
        }
        swap(&changes, &spare)
        let place = position
        // Nobody touches the store before `settle` has returned.
        nonisolated(unsafe) let store = store
        storing = StoringCheckpoint(spare) {
            try store.store($0, at: place, seals: seals, state: state, clock: clock)
        }
        spare = RowChanges(tables: [])
    }

    /// Begins to measure the rate: events are at hand.
    func beginFolding() {
        (foldedSince, foldedBefore) = (ContinuousClock.now, folded)
    }

    /// The end of the log is reached: a file that was made anew is published.
    func caughtUp() throws {
        try save()
        guard let generation = building else { return }
        try store.finish(P.self)
        // An old file that cannot be read is compared with nothing.
        replaced = try? view.folder.generation(P.name).map { old in
            try GenerationComparison(P.self, view.folder, old: old, new: generation)
        }
        try view.folder.hold(P.name, generation: nil)
        try view.folder.publish(P.name, generation: generation)
        building = nil
        store = try ReadModelStore.resume(
            at: view.folder.file(P.name, generation: generation), projection: P.self)
    }

    /// Stops for a reason: what was folded before the event at fault is kept, and the reason noted
    /// where `recount status` finds it.
    func stop(_ cause: any Error) -> ProjectorReport {
        var failure = cause
        do { try settle() } catch { failure = error }
        let storage = StorageFailure(failure, path: store.path)
        let words = "\(storage ?? failure)"
        do {
            if let poison = failure as? PoisonEvent { try refold(before: poison.position) }
            try store.note(error: words)
        } catch  where storage == nil {
            return report(failure: "\(words); and its checkpoint could not be stored: \(error)")
        } catch {
            // What cannot be written cannot be noted either.
        }
        return report(failure: words)
    }

    /// Folds from the last checkpoint, a file that is being made from the first event, to the event
    /// before a position, and publishes that: an event that was refused may have changed part of
    /// what it changes.
    private func refold(before bad: UInt64) throws {
        changes.removeAll()
        if building != nil {
            store = try ReadModelStore.create(
                at: store.path, projection: P.self, logID: view.log.identity.logID)
        }
        var reader = SnapshotReader(try store.state())
        position = store.checkpoint.position
        projection =
            position == .start ? P() : try store.rows { try P(snapshot: &reader, rows: $0) }
        var feed = EventFeed(view, after: position)
        while position.position + 1 < bad, let chunk = try feed.next() {
            let array = chunk.bytes
            let bytes = array.span.bytes
            for entry in chunk.entries where position.position + 1 < bad { try fold(entry, bytes) }
        }
        try caughtUp()
    }

    /// Recomputes the digest over all rows and compares it.
    func check() throws {
        try settle()
        try store.check(P.name)
    }

    /// Closes the file and lets another projector have it.
    func close() throws {
        defer { lock.release() }
        let stored = Result { try settle() }
        try store.close()
        try stored.get()
    }
}
