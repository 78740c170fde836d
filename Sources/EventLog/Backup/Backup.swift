public import Events
import Foundation

/// A backup of a data folder: copies of its logs in segments, the manifests of its runs, and the
/// artefacts that runs and people name; no views and no caches, which are made again.
///
///     FOLDER/backup.json               what the last backup that came to its end holds
///     FOLDER/log, trials               segments of the logs that grow
///     FOLDER/runs/NAME                 segments of a run, and its manifest
///     FOLDER/timelines/SEAL, by-head   segments of a timeline; which facts gave it
///     FOLDER/models/SHA-256.ubj        artefacts
///
/// It only grows. Each file takes its place whole, so that whoever is killed goes on where they
/// were, and what the last whole backup holds can be restored at every instant.
public struct Backup: Sendable {
    /// The folder.
    public let path: String

    /// The newest format that this program knows.
    public static let format = 1
    static let indexName = "backup.json"

    /// Names a folder; nothing is touched.
    public init(_ path: String) { self.path = DataFolder(path).path }

    /// The names of its logs: `log`, `trials`, `runs/NAME`, `timelines/SEAL`, those of runs behind
    /// their timelines.
    public func logNames() -> [String] {
        func names(_ folder: String) -> [String] {
            let all = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)"))
            return (all ?? []).filter { !$0.hasPrefix(".") && $0 != Backup.notes }.sorted()
                .map { "\(folder)/\($0)" }
        }
        let runs = names("runs").flatMap { run in
            [run, "\(run)/timeline"].filter { EventLog.isThere("\(path)/\($0)") }
        }
        return (["log", "trials"] + names("timelines") + runs).filter {
            EventLog.isThere("\(path)/\($0)")
        }
    }

    /// The copy of a log by its name.
    public func copy(_ name: String) throws -> LogCopy { try LogCopy("\(path)/\(name)") }

    /// The folder of notes which facts gave which timeline.
    static let notes = "by-head"

    /// A log of a data folder by the name that it has in a backup; nil when it is not there.
    static func open(_ name: String, of data: DataFolder) throws -> EventLog? {
        let path = "\(data.path)/\(name)"
        return EventLog.fileSize("\(path)/data.mdb") == nil ? nil : try EventLog.open(at: path)
    }

    /// Held while somebody works on a backup, or restores from it; the system lets go of it when
    /// the process ends.
    final class Hold {
        private let descriptor: Int32

        init(_ path: String, isShared: Bool) throws {
            descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw errno == ENOENT
                    ? BackupError.incomplete(path: path) : EventLog.systemError(path, "open")
            }
            // Closed where it ends, also when this throws.
            guard flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
                throw BackupError.busy(path: path)
            }
        }

        deinit { close(descriptor) }
    }
}

/// What the last backup that came to its end holds.
public struct BackupIndex: Hashable, Sendable {
    /// One log.
    public struct Entry: Hashable, Sendable {
        /// Its name, as `Backup.logNames` has it.
        public var name: String
        /// Where it ended, and its seal there.
        public var position: UInt64
        /// The seal.
        public var seal: Digest
    }

    /// The data log's id; zero for a folder without one.
    public var logID: Digest
    /// When it was taken, by the clock; nil when none came to its end.
    public var takenAt: Instant?
    /// Its logs.
    public var logs: [Entry] = []

    /// Where a log ended; nil for one that it does not hold.
    public func entry(_ name: String) -> Entry? { logs.first { $0.name == name } }
}

extension BackupIndex {
    /// The file's text.
    var text: String {
        var object = JSONObject()
        object.integer("format", Backup.format)
        object.text("log", "\(logID)")
        object.integer("taken_at", takenAt?.rawValue)
        object.text("taken", takenAt.map { "\($0)" })
        object.json(
            "logs",
            JSONObject.list(
                logs.map { entry in
                    var object = JSONObject()
                    object.text("name", entry.name)
                    object.integer("position", entry.position)
                    object.text("seal", "\(entry.seal)")
                    return object.text
                }))
        return object.text + "\n"
    }

    /// Reads a backup's index; nil where there is none.
    ///
    /// - Throws: `BackupError.newerFormat` and `.damaged`.
    static func read(_ backup: Backup) throws -> BackupIndex? {
        let path = "\(backup.path)/\(Backup.indexName)"
        guard let data = FileManager.default.contents(atPath: path) else {
            if EventLog.isThere(path) { throw EventLog.systemError(path, "read") }
            return nil
        }
        let fields = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
        if let format = (fields?["format"] as? NSNumber)?.intValue, format > Backup.format {
            throw BackupError.newerFormat(path: path, format: format)
        }
        guard let fields, let logID = (fields["log"] as? String).flatMap(Digest.init),
            let entries = fields["logs"] as? [[String: Any]]
        else {
            throw BackupError.damaged(path: path, position: nil, what: "it is no index of a backup")
        }
        var index = BackupIndex(logID: logID)
        index.takenAt = (fields["taken_at"] as? NSNumber).map { Instant(rawValue: $0.int64Value) }
        for entry in entries {
            guard let name = entry["name"] as? String, isName(name),
                let position = (entry["position"] as? NSNumber)?.uint64Value,
                let seal = (entry["seal"] as? String).flatMap(Digest.init)
            else {
                throw BackupError.damaged(
                    path: path, position: nil, what: "one of its logs cannot be read")
            }
            index.logs.append(Entry(name: name, position: position, seal: seal))
        }
        return index
    }

    /// Whether a name leads to a log within the folder, and nowhere else.
    private static func isName(_ name: String) -> Bool {
        if ["log", "trials"].contains(name) { return true }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        // A live run's timeline lies in the run's folder.
        guard parts.count == 2 || parts.count == 3 && parts[0] == "runs" && parts[2] == "timeline"
        else { return false }
        return parts[0] == "timelines"
            ? Digest(parts[1]) != nil
            : parts[0] == "runs" && (try? DataFolder("").run(parts[1])) != nil
    }
}
