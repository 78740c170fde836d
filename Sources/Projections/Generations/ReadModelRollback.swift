public import EventLog
import Foundation

/// Gives a read model back the generation that it had before.
public enum ReadModelRollback {
    /// What it came to.
    public struct Outcome: Sendable {
        /// The generations before and after.
        public let (from, to): (Int, Int)
        /// What the present one says.
        public let status: ReadModelStatus
        /// Whether this program goes on with it; else it stands as it is, until it is rebuilt.
        public let isOfThisVersion: Bool
    }

    /// Turns the link to the generation before.
    ///
    /// One of another version of the projection is held: this program would else make it anew at
    /// once. It is served as it stands until `recount project --rebuild`, or a program of its
    /// version.
    /// - Throws: `ReadModelError.locked` while it is projected, `.noGeneration` where none is kept.
    public static func run(_ data: DataFolder, run: String?, projection name: String) throws
        -> Outcome
    {
        let view = try LogView.open(data, run: run)
        let folder = view.folder
        let lock = try ProjectorLock(folder, name)
        defer { lock.release() }
        guard let present = folder.generation(name) else {
            throw ReadModelError.missing(folder.link(name))
        }
        guard let earlier = folder.generations(name).last(where: { $0 < present }) else {
            throw ReadModelError.noGeneration(folder.link(name), present)
        }
        // A file that cannot be read, or is of another log, takes nobody's place.
        let side = try GenerationComparison.Side(folder, name, earlier)
        if try view.standing(of: side.status) == .foreign {
            throw ReadModelError.schema(
                folder.file(name, generation: earlier), projection: name,
                what: "its checkpoint is of no moment of the log of \(view.name)")
        }
        let isOfThisVersion = ProjectionCatalogue.version(of: name) == side.status.version
        try folder.hold(name, generation: isOfThisVersion ? nil : earlier)
        try folder.publish(name, generation: earlier)
        return Outcome(
            from: present, to: earlier, status: side.status, isOfThisVersion: isOfThisVersion)
    }
}

/// Sends a projector that an event stopped on its way again.
public enum ReadModelResume {
    /// Tries again from where it stopped, to the head of the log.
    ///
    /// Nothing is skipped: where the event is still refused it stops again, with the reason.
    /// - Throws: `ReadModelError.notStopped` where there is nothing to resume.
    public static func run(_ data: DataFolder, run: String?, projection name: String) throws
        -> (stoppedFor: String, report: ProjectorReport)
    {
        let folder = try LogView.open(data, run: run).folder
        let status = try ReadModelStatus.read(folder, name)
        guard let reason = status.error else {
            throw ReadModelError.notStopped(folder.link(name), projection: name)
        }
        let group = ProjectorGroup([name], data: data, run: run) { _ in }
        guard let report = try group.project(rebuild: false).first else {
            preconditionFailure("a group of one gives one report")
        }
        if report.failure == nil { try forget(name, in: folder) }
        return (reason, report)
    }

    /// Takes away the note of a failure that is over.
    private static func forget(_ name: String, in folder: ReadModelFolder) throws {
        let lock = try ProjectorLock(folder, name)
        defer { lock.release() }
        guard let type = ProjectionCatalogue.all.first(where: { $0.name == name }) else { return }
        let store = try ReadModelStore.resume(at: folder.link(name), projection: type)
        try store.note(error: nil)
        try store.close()
    }
}
