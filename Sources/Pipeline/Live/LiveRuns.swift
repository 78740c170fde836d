public import EventLog
import Events
import FeedbackLoop
public import Learning

/// Opens live runs.
public enum LiveRuns {
    /// The name of the rehearsal of a live run.
    static func rehearsal(of name: String) -> String { "\(name).rehearsal" }

    /// The strategy of a live run with the members that it follows named as filings name them:
    /// those of its rehearsal, or before it is made those of the data log.
    ///
    /// - Throws: `FilingFilterError` where a member is nobody or several.
    public static func named(
        _ built: BuiltStrategy, of name: String, in folder: DataFolder, data: EventLog
    ) throws -> BuiltStrategy {
        guard !EventLog.isLog(try folder.run(name)) else {
            return try built.named(over: try folder.openRun(rehearsal(of: name)).timeline)
        }
        let derived = try Timeline.ensure(folder, log: data)
        return try built.named(over: try EventLog.open(at: derived.path))
    }

    /// Holds the greatest position of the data log that a live run was moved against the log.
    ///
    /// - Throws: `LiveRunError.otherData` where the log does not go so far.
    static func hold(_ position: UInt64, of name: String, against data: EventLog) throws {
        let head = try data.head().position
        guard position <= head else {
            throw LiveRunError.otherData(name, position, head: head)
        }
    }

    /// Looks whether a live run decided over facts that its timeline does not have: it is an older
    /// one, of a back-up.
    ///
    /// - Throws: `LiveRunError.olderTimeline`.
    static func hold(_ run: OpenedRun) throws {
        let end = try run.merged.end().timeline
        let head =
            try run.timeline.head().position + (run.manifest?.parent?.position.timeline ?? 0)
        guard end <= head else { throw LiveRunError.olderTimeline(run.name, end, head: head) }
    }

    /// Looks whether a live run decided over facts that its timeline does not have, or was moved
    /// some that a data log does not have.
    ///
    /// - Throws: `LiveRunError.olderTimeline`, `otherData`, and what opening and reading logs
    ///   throws.
    public static func check(_ name: String, in folder: DataFolder, data: EventLog) throws {
        var latest: UInt64 = 0
        let run = try folder.openRun(name)
        try hold(run)
        try run.timeline.read { record in
            latest = max(latest, try Envelope(message: record.message).through)
            return .proceed
        }
        try hold(latest, of: name, against: data)
    }

    /// Opens the live run of a name under the strategy that it was made with, decides to its end
    /// what was begun, and gives it. Its process is the only one that writes to it.
    ///
    /// The last 21 sessions are decided again and held against what is recorded; with `again` false
    /// all is folded and nothing compared.
    ///
    /// - Throws: `LiveRunError`, `decidedOtherwise` for the first difference, and what opening and
    ///   folding a run throw.
    public static func open(
        _ name: String, in folder: DataFolder, data: EventLog, rules: DayRules = DayRules(),
        trainer: (any Trainer)? = nil, limits: (any TrainingLimits)? = nil, again: Bool = true
    ) throws -> any LiveLoop {
        let manifest = try RunManifest.read(in: try folder.existingRun(name))
        guard manifest?.live != nil else { throw LiveRunError.notLive(name) }
        // Writers come first: whoever reads shares their logs.
        guard EventLog.isLog(try folder.liveTimeline(name)) else {
            throw RunFolderError.noLiveTimeline(path: try folder.run(name))
        }
        let run = try EventLog.open(at: try folder.run(name), access: .write)
        let timeline = try EventLog.open(at: try folder.liveTimeline(name), access: .write)
        let opened = try folder.openRun(name)
        // Found before anything is decided again: it would differ, and be taken for custody.
        try hold(opened)
        let origin = try RunOrigin.read(opened, at: try opened.merged.end())
        func open(_ strategy: some Strategy) throws -> any LiveLoop {
            try LiveRun(
                strategy, opened, timeline: timeline, data: data, rules: rules,
                performer: try TrainingPerformer(trainer, limits: limits, of: opened),
                sessions: again ? DecidedTail.sessions : 0)
        }
        return try withExtendedLifetime(run) {
            switch origin.strategy {
            case .loop(let loop): try open(loop)
            case .follow(let follow): try open(follow)
            }
        }
    }
}
