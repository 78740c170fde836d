extension EventLog {
    /// Whether there is a log in a folder.
    public static func isLog(_ path: String) -> Bool { fileSize("\(path)/data.mdb") != nil }

    /// Makes the folder of a live run: its empty log, the manifest, and the timeline that grows
    /// beside it. All of it is there at once, or nothing.
    ///
    /// - Throws: `LogError.exists` where there is a run already.
    public static func makeLive(
        at path: String, identity: LogIdentity, manifest: RunManifest
    ) throws {
        precondition(identity.kind == .liveRun, "a live run's folder is one of a live run")
        _ = try LogBuilder.make(at: path, identity: identity, manifest: manifest) { _ in
        } beside: { folder in
            let timeline = LogIdentity(
                kind: .liveTimeline, logID: identity.logID, schemaVersion: identity.schemaVersion)
            _ = try LogBuilder.make(at: "\(folder)/timeline", identity: timeline) { _ in }
        }
    }
}
