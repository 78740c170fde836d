public import Events
import Foundation

extension Backup {
    /// What a backup came to.
    public struct Taken: Sendable {
        /// Events that were not there before, by log; logs without any are left out.
        public var events: [(name: String, count: UInt64)] = []
        /// What is there now.
        public var index: BackupIndex
        /// What a person should hear of: models that are lost, runs that cannot be read.
        public var remarks: [String] = []
    }

    /// Copies what came since the last backup; whoever is killed meanwhile begins it again, and
    /// goes on.
    ///
    /// - Parameter tell: is told what is being copied.
    /// - Throws: `BackupError`; before anything is written where the source's past is another.
    public func take(
        _ data: DataFolder, now: Instant, tell: (String) -> Void = { _ in }
    ) throws -> Taken {
        guard EventLog.isThere(data.path) else { throw LogError.missing(path: data.path) }
        let facts = try Backup.open("log", of: data)
        guard facts != nil || !data.runNames.isEmpty else { throw LogError.missing(path: data.log) }
        let hold = try prepare(logID: facts?.identity.logID ?? .zero)
        defer { withExtendedLifetime(hold) {} }
        var taken = Taken(index: BackupIndex(logID: facts?.identity.logID ?? .zero))
        let names = Backup.logNames(of: data, &taken.remarks)
        for name in names {
            guard let log = try Backup.open(name, of: data) else { continue }
            tell("comparing \(name)")
            if let difference = try copy(name).difference(from: log) {
                throw BackupError.otherPast(log: log.path, difference)
            }
        }
        for name in names {
            guard let log = try Backup.open(name, of: data) else { continue }
            tell("copying \(name)")
            let count = try copy(name, log, data, &taken)
            if count > 0 { taken.events.append((name, count)) }
        }
        try copyNotes(data)
        // What is gone from the source stays.
        taken.index.logs = try logNames().compactMap { name in
            let end = try copy(name).end()
            return end.position == 0
                ? nil : BackupIndex.Entry(name: name, position: end.position, seal: end.seal)
        }
        taken.index.takenAt = now
        try PlacedFile.write(taken.index.text.utf8, to: "\(path)/\(Backup.indexName)")
        return taken
    }

    /// Makes the folder, or takes up the one that is there, and holds it.
    private func prepare(logID: Digest) throws -> Hold {
        try EventLog.makeFolder(path)
        let hold = try Hold(path, isShared: false)
        PlacedFile.sweep(path)
        if let index = try BackupIndex.read(self) {
            guard index.logID == logID else { throw BackupError.otherFolder(path: path) }
            return hold
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        guard names.isEmpty else { throw BackupError.notABackup(path: path) }
        try PlacedFile.write(
            BackupIndex(logID: logID).text.utf8, to: "\(path)/\(Backup.indexName)")
        return hold
    }

    /// The logs of a data folder, each run behind the timeline that it reads, and the facts last:
    /// whatever a run is made from is then in the backup too.
    private static func logNames(of data: DataFolder, _ remarks: inout [String]) -> [String] {
        var names: [String] = []
        for run in data.runNames {
            do {
                let opened = try data.openRun(run)
                guard opened.manifest?.live == nil else {
                    // Both grow: what the run had read is in a timeline that is copied behind it.
                    names += ["runs/\(run)", "runs/\(run)/timeline"]
                    continue
                }
                let seal = try opened.timeline.head().seal
                if !names.contains("timelines/\(seal)") { names.append("timelines/\(seal)") }
                names.append("runs/\(run)")
            } catch {
                remarks.append("run \(run) cannot be read and is left out: \(error)")
            }
        }
        return names + ["log", "trials"]
    }

    /// Copies what a log has more than its copy: a run's manifest, the artefacts that its new
    /// events name, and then the events.
    private func copy(
        _ name: String, _ log: EventLog, _ data: DataFolder, _ taken: inout Taken
    ) throws -> UInt64 {
        var copied = try copy(name)
        try EventLog.makeFolder(copied.folder)
        let manifest = "\(log.path)/\(RunManifest.fileName)"
        if log.identity.kind.role == .run, let text = FileManager.default.contents(atPath: manifest)
        {
            try PlacedFile.write(text, to: "\(copied.folder)/\(RunManifest.fileName)")
        }
        let artefacts = Artefacts(source: "\(data.path)/models", target: "\(path)/models")
        var lost: [String] = []
        let count = try copied.extend(from: log) { segment in
            for (_, records) in segment.commits {
                for record in records {
                    guard let digest = try segment.withMessage(record, Artefacts.named(by:)),
                        try !artefacts.copy(digest)
                    else { continue }
                    lost.append("models/\(digest).ubj")
                }
            }
        }
        if let first = lost.first {
            taken.remarks.append(
                "\(name) names \(lost.count) models that are lost, \(first) first: the backup has "
                    + "none either; equal rows train them again")
        }
        return count
    }

    /// Copies the notes which facts gave which timeline.
    private func copyNotes(_ data: DataFolder) throws {
        let (source, target) = (
            "\(data.timelines)/\(Backup.notes)", "\(path)/timelines/\(Backup.notes)"
        )
        let names = (try? FileManager.default.contentsOfDirectory(atPath: source)) ?? []
        for name in names.sorted() where Digest(String(name.prefix(64))) != nil {
            let place = "\(target)/\(name)"
            guard !EventLog.isThere(place),
                let text = FileManager.default.contents(atPath: "\(source)/\(name)"),
                text.count == 64
            else { continue }
            try EventLog.makeFolder(target)
            try PlacedFile.write(text, to: place)
        }
    }
}
