import Events

/// A run that is there, with the timeline under it: whoever reads a run opens it so.
public struct OpenedRun: Sendable {
    /// Its name.
    public let name: String
    /// Its own log.
    public let log: EventLog
    /// Its timeline.
    public let timeline: EventLog
    /// What it says of itself; nil for a run without a manifest.
    public let manifest: RunManifest?
    /// Run and timeline in their one order, a fork's with its parent's before.
    public let merged: MergedLog

    /// A run of its parts.
    public init(
        name: String, log: EventLog, timeline: EventLog, manifest: RunManifest?, merged: MergedLog
    ) {
        (self.name, self.log, self.timeline) = (name, log, timeline)
        (self.manifest, self.merged) = (manifest, merged)
    }
}

extension DataFolder {
    /// Opens a run and finds its timeline: through its manifest, or where there is none through its
    /// last event.
    ///
    /// - Throws: `DataFolderError`, `RunFolderError` and `LogError`, each with path and remedy.
    public func openRun(_ name: String) throws -> OpenedRun {
        try openRun(name, above: [])
    }

    private func openRun(_ name: String, above forks: [String]) throws -> OpenedRun {
        let path = try existingRun(name)
        let log = try EventLog.open(at: path)
        let manifest = try RunManifest.read(in: path)
        let end = try RunEnd.read(log)?.timeline
        func refusal(_ what: String) -> RunFolderError {
            let file = "\(path)/\(RunManifest.fileName)"
            return manifest?.live == nil
                ? .badManifest(path: file, what: what) : .badLiveManifest(path: file, what: what)
        }
        if let manifest {
            guard manifest.logID == log.identity.logID else {
                throw refusal("is of another run, \(manifest.logID)")
            }
            guard end == nil || end == manifest.timeline else {
                throw refusal("names another timeline than the run's last event")
            }
        }
        guard let seal = manifest?.timeline ?? end else {
            throw RunFolderError.unfinished(path: path)
        }
        let place = manifest?.live == nil ? timeline(seal) : try liveTimeline(name)
        guard EventLog.fileSize("\(place)/data.mdb") != nil else {
            guard manifest?.live == nil else { throw RunFolderError.noLiveTimeline(path: path) }
            throw RunFolderError.noTimeline(path: path, timeline: "\(seal)")
        }
        let timeline = try EventLog.open(at: place)
        if manifest?.live != nil, timeline.identity.logID != log.identity.logID {
            throw refusal("has a timeline of another live run, \(timeline.identity.logID)")
        }
        var merged = MergedLog(log, over: timeline)
        if manifest?.parent == nil, try RunOpening.read(log)?.parent != nil {
            throw RunFolderError.lostParent(path: path)
        }
        if let parent = manifest?.parent {
            guard !forks.contains(name) else { throw refusal("makes the run its own parent") }
            let before = try openRun(parent.run, above: forks + [name]).merged
            guard try before.seal(of: .own(parent.position.own)) == parent.seal else {
                throw RunFolderError.otherParent(path: path, parent: parent.run)
            }
            merged = before.forked(at: parent.position, log, over: timeline, parent.timeline)
        }
        return OpenedRun(
            name: name, log: log, timeline: timeline, manifest: manifest, merged: merged)
    }
}
