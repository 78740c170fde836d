import Events

extension Backup {
    /// What was found of one part of a backup.
    public struct Finding: Sendable {
        /// The part: a log's name, or `models`.
        public var name: String
        /// Whether it is whole, and what the data folder has.
        public var holds: Bool
        /// A sentence.
        public var text: String
    }

    /// Checks every byte of a backup, and that the logs of a data folder have its past.
    ///
    /// - Parameter sound: names of logs whose own seals were found right, nil for all: others are
    ///   compared with nothing.
    /// - Throws: `BackupError.incomplete` and what the system refuses.
    public func verify(against data: DataFolder?, sound: [String]? = nil) throws -> [Finding] {
        let hold = try Hold(path, isShared: true)
        defer { withExtendedLifetime(hold) {} }
        guard let index = try BackupIndex.read(self), index.takenAt != nil else {
            throw BackupError.incomplete(path: path)
        }
        var findings: [Finding] = []
        for entry in index.logs {
            do {
                findings.append(try finding(entry, data, sound))
            } catch let error as BackupError {
                findings.append(Finding(name: entry.name, holds: false, text: "\(error)"))
            }
        }
        let models = Artefacts.all(in: "\(path)/models")
        let broken = try models.filter { try Artefacts.read($0, in: "\(path)/models") == nil }
        findings.append(
            Finding(
                name: "models", holds: broken.isEmpty,
                text: broken.first.map { "models/\($0).ubj has another content than its name" }
                    ?? "\(models.count) artefacts have the SHA-256 that names them"))
        return findings
    }

    private func finding(
        _ entry: BackupIndex.Entry, _ data: DataFolder?, _ sound: [String]?
    ) throws -> Finding {
        let copied = try copy(entry.name)
        let end = try copied.verify()
        guard try copied.commit(holding: entry.position)?.head.position == entry.position,
            try copied.commit(holding: entry.position)?.seal == entry.seal
        else {
            return Finding(
                name: entry.name, holds: false,
                text: "its segments do not come to the seal of its index at position "
                    + "\(entry.position)")
        }
        let whole = "\(end.position) events, every checksum and seal right"
        guard let data, sound?.contains(entry.name) ?? true else {
            return Finding(name: entry.name, holds: true, text: "\(whole); compared with nothing")
        }
        guard let log = try Backup.open(entry.name, of: data) else {
            return Finding(
                name: entry.name, holds: entry.name != "log",
                text: "\(whole); the data folder has no such log")
        }
        if let difference = try copied.difference(from: log) {
            return Finding(
                name: entry.name, holds: false,
                text: "\(whole); \(log.path) has another past, first at \(difference)")
        }
        return Finding(
            name: entry.name, holds: true, text: "\(whole); \(log.path) has the same past")
    }

    /// The first position at which a log's past is not what was copied; nil where it is, or where
    /// nothing of it was copied.
    public func difference(_ name: String, from log: EventLog) throws -> PastDifference? {
        let hold = try Hold(path, isShared: true)
        defer { withExtendedLifetime(hold) {} }
        return try copy(name).difference(from: log)
    }
}
