public import Events
import Foundation

extension Backup {
    /// To what moment a backup is restored.
    public enum Moment: Hashable, Sendable {
        /// All of it.
        case end
        /// The data log up to a position.
        case position(UInt64)
        /// The data log as it was at an instant, by recorded time.
        case instant(Instant)
    }

    /// What a restore came to.
    public struct Restored: Sendable {
        /// Its logs, where each ends.
        public var logs: [BackupIndex.Entry] = []
        /// Artefacts.
        public var models = 0
        /// What a person should hear of.
        public var remarks: [String] = []
    }

    /// Makes a data folder of the last backup that came to its end.
    ///
    /// A log is cut where one of its commits ends, so that its seals stay what they were. It is all
    /// built beside and takes its place at once; whoever is killed begins again, and goes on.
    /// - Throws: `BackupError`; then there is no folder.
    public func restore(
        to data: DataFolder, _ moment: Moment = .end, tell: (String) -> Void = { _ in }
    ) throws -> Restored {
        let hold = try Hold(path, isShared: true)
        defer { withExtendedLifetime(hold) {} }
        guard let index = try BackupIndex.read(self), index.takenAt != nil else {
            throw BackupError.incomplete(path: path)
        }
        let target = data.path
        if let names = try? FileManager.default.contentsOfDirectory(atPath: target) {
            guard names.isEmpty else { throw BackupError.exists(path: target) }
        } else if EventLog.isThere(target) {
            throw BackupError.exists(path: target)
        }
        var restored = Restored()
        restored.logs = try cut(index, moment, &restored.remarks)
        let building = try RestoringFolder(target, of: index.logID, restored.logs)
        // A live run's timeline lies in the run's folder, which is there first.
        let (within, others) = (
            restored.logs.filter { $0.name.hasSuffix("/timeline") },
            restored.logs.filter { !$0.name.hasSuffix("/timeline") }
        )
        for entry in others + within {
            tell("building \(entry.name)")
            try build(entry, in: building.path)
        }
        tell("copying models")
        try copyArtefacts(&restored, to: building.path)
        try copyNotes(restored.logs, to: building.path)
        try building.place()
        return restored
    }

    /// Where each log ends at a moment.
    private func cut(_ index: BackupIndex, _ moment: Moment, _ remarks: inout [String]) throws
        -> [BackupIndex.Entry]
    {
        if moment == .end { return index.logs }
        guard let facts = index.entry("log") else {
            throw BackupError.beyond(
                moment: "\(path)", what: "this backup has no data log, by which moments are named")
        }
        var kept: Set<String> = []
        var last: Commit?
        var next: Commit?
        try copy("log").forEach(through: facts.position) { segment in
            for (commit, _) in segment.commits where next == nil {
                guard moment.holds(commit) else {
                    next = commit
                    return false
                }
                kept.insert("\(commit.seal)")
                last = commit
            }
            return true
        }
        let end = facts.position
        if case .position(let wanted) = moment, wanted > end {
            throw BackupError.beyond(
                moment: "\(wanted)", what: "the backup ends at position \(end)")
        }
        guard let last else {
            throw BackupError.beyond(
                moment: "\(moment)", what: "the first commit of the data log came later")
        }
        if case .position(let wanted) = moment, last.head.position != wanted {
            remarks.append(
                "position \(wanted) lies within a commit; restored up to the one before it, which "
                    + "ends at position \(last.head.position)")
        }
        let timelines = timelines(of: kept)
        var entries = try index.logs.compactMap { entry -> BackupIndex.Entry? in
            if entry.name == "log" {
                return .init(name: "log", position: last.head.position, seal: last.seal)
            }
            if entry.name == "trials" { return try trials(entry, before: next, moment) }
            if entry.name.hasPrefix("timelines/") {
                return timelines.contains(FilePath.name(entry.name)) ? entry : nil
            }
            return entry
        }
        try dropRuns(&entries, timelines, &remarks)
        return entries
    }

    /// The timelines that the facts of these heads gave.
    private func timelines(of heads: Set<String>) -> Set<String> {
        let folder = "\(path)/timelines/\(Backup.notes)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return Set(
            names.filter { heads.contains(String($0.prefix(64))) }.compactMap {
                try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)
            })
    }

    /// The trials that were recorded before the first commit of the data log that is left out.
    private func trials(_ entry: BackupIndex.Entry, before next: Commit?, _ moment: Moment) throws
        -> BackupIndex.Entry?
    {
        var last: Commit?
        try copy("trials").forEach(through: entry.position) { segment in
            for (commit, _) in segment.commits {
                let isLater: Bool =
                    if case .instant(let instant) = moment { commit.recordedAt > instant } else {
                        next.map { commit.recordedAt >= $0.recordedAt } ?? false
                    }
                if isLater { return false }
                last = commit
            }
            return true
        }
        return last.map { .init(name: "trials", position: $0.head.position, seal: $0.seal) }
    }

    /// Leaves out the runs over timelines that there were not yet, and the forks of such runs.
    private func dropRuns(
        _ entries: inout [BackupIndex.Entry], _ timelines: Set<String>, _ remarks: inout [String]
    ) throws {
        var dropped: [String] = []
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for entry in entries where entry.name.hasPrefix("runs/") {
                if entry.name.hasSuffix("/timeline") {
                    let run = FilePath.parent(entry.name)
                    if !entries.contains(where: { $0.name == run }) {
                        entries.removeAll { $0.name == entry.name }
                    }
                    continue
                }
                let (timeline, parent) = try origin(entry)
                let isThere =
                    timeline.map { timelines.contains("\($0)") } ?? false
                    && parent.map { run in entries.contains { $0.name == "runs/\(run)" } } ?? true
                guard !isThere else { continue }
                entries.removeAll { $0.name == entry.name }
                dropped.append(FilePath.name(entry.name))
                hasChanged = true
            }
        }
        if !dropped.isEmpty {
            remarks.append(
                "left out are the runs over facts that came later: "
                    + dropped.sorted().joined(separator: ", "))
        }
    }

    /// The timeline that a run read, and what it is a fork of.
    private func origin(_ entry: BackupIndex.Entry) throws -> (timeline: Digest?, parent: String?) {
        if let manifest = try RunManifest.read(in: "\(path)/\(entry.name)") {
            return (manifest.timeline, manifest.parent?.run)
        }
        var timeline: Digest?
        try copy(entry.name).forEach { segment in
            guard let record = segment.commits.last?.records.last else { return true }
            try segment.withMessage(record) { message in
                guard try MessageHeader(message).templateID == RunFinished.templateID else {
                    return
                }
                timeline = RunFinished(try RunFinishedView(message)).timeline
            }
            return true
        }
        return (timeline, nil)
    }

    private func build(_ entry: BackupIndex.Entry, in folder: String) throws {
        let place = "\(folder)/\(entry.name)"
        if EventLog.fileSize("\(place)/data.mdb") != nil {
            // Of a restore that was killed: what has its name is whole.
            if try EventLog.open(at: place).head().seal == entry.seal { return }
            try FileManager.default.removeItem(atPath: place)
        }
        let manifest = try RunManifest.read(in: "\(path)/\(entry.name)")
        let head = try copy(entry.name).build(
            at: place, through: entry.position, manifest: manifest)
        guard head.seal == entry.seal else {
            throw BackupError.damaged(
                path: "\(path)/\(entry.name)", position: entry.position,
                what: "what is built of it ends with another seal")
        }
    }

    private func copyArtefacts(_ restored: inout Restored, to folder: String) throws {
        let artefacts = Artefacts(source: "\(path)/models", target: "\(folder)/models")
        var lost = 0
        var known: Set<Digest> = []
        for entry in restored.logs where !entry.name.hasPrefix("timelines/") {
            try EventLog.open(at: "\(folder)/\(entry.name)").read { record in
                guard let digest = try Artefacts.named(by: record.message),
                    known.insert(digest).inserted
                else { return .proceed }
                if try artefacts.copy(digest) { restored.models += 1 } else { lost += 1 }
                return .proceed
            }
        }
        if lost > 0 {
            restored.remarks.append("\(lost) models that are named were lost before the backup")
        }
    }

    private func copyNotes(_ logs: [BackupIndex.Entry], to folder: String) throws {
        let source = "\(path)/timelines/\(Backup.notes)"
        let target = "\(folder)/timelines/\(Backup.notes)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: source)) ?? []
        for name in names.sorted() {
            guard let text = FileManager.default.contents(atPath: "\(source)/\(name)"),
                logs.contains(where: {
                    $0.name == "timelines/\(String(decoding: text, as: UTF8.self))"
                })
            else { continue }
            try EventLog.makeFolder(target)
            try PlacedFile.write(text, to: "\(target)/\(name)")
        }
    }
}

extension Backup.Moment: CustomStringConvertible {
    /// The moment as people write it.
    public var description: String {
        switch self {
        case .end: "end"
        case .position(let position): "\(position)"
        case .instant(let instant): "\(instant)"
        }
    }

    /// Whether a commit of the data log had been made by then.
    fileprivate func holds(_ commit: Commit) -> Bool {
        switch self {
        case .end: true
        case .position(let position): commit.head.position <= position
        case .instant(let instant): commit.recordedAt <= instant
        }
    }
}
