public import EventLog
public import Events
public import FeedbackLoop
public import Learning

/// Where a fork that is there left its parent, and what its first events said: whoever decides it
/// again begins here.
public struct ForkStart: Sendable {
    /// The fork, its parent's past before it.
    public let run: OpenedRun
    /// Where it left its parent.
    public let position: MergedPosition
    /// What its first events said.
    public let act: ForkAct

    /// Reads it; nil for a run that is no fork.
    ///
    /// - Throws: `RunFolderError.unfinished` for a fork without its first event.
    public static func read(_ run: OpenedRun) throws -> ForkStart? {
        guard let parent = run.manifest?.parent else { return nil }
        guard let opening = try RunOpening.read(run.log), opening.parent != nil else {
            throw RunFolderError.unfinished(path: run.log.path)
        }
        var facts: String?
        try run.log.record(at: 2) { record in
            guard try MessageHeader(record.message).templateID == ConfigurationChanged.templateID
            else { return }
            let second = try ConfigurationChanged(message: record.message)
            if second.scope == .facts { facts = String(decoding: second.text, as: UTF8.self) }
        }
        let position = parent.position
        return ForkStart(
            run: run, position: position,
            act: ForkAct(
                parent: parent.seal, event: try run.merged.event(at: position),
                instant: try ForkStart.instant(run.merged, position), who: opening.who ?? "",
                facts: facts))
    }

    /// When the latest of what a run had read and recorded at a position was known.
    static func instant(_ run: MergedLog, _ position: MergedPosition) throws -> Instant {
        var latest = Instant.epoch
        for event in [Reference.own(position.own), .timeline(position.timeline)]
        where event.position > 0 {
            try run.event(event) { latest = max(latest, try Envelope(message: $0).knownAt) }
        }
        return latest
    }

    /// A replay that has recorded the fork's first events and goes on from there.
    public func resumed<S: Strategy>(
        _ strategy: S, _ window: ReplayWindow, trainer: (any Trainer)? = nil
    ) throws -> Replay<S> {
        try Run.begin(strategy, act, window, run.merged, position, trainer)
    }

    /// Decides the fork again, perhaps under other settings, and lends each event of the whole run:
    /// those that it shares as they were recorded. No log is written.
    public func rehearse(
        _ strategy: some Strategy, _ window: ReplayWindow, check: RecordCheck = .checksum,
        trainer: (any Trainer)? = nil, progress: (Day) -> Void = { _ in },
        event: (RawSpan) throws -> Void
    ) throws -> Run.Result {
        let last = position.own
        try run.merged.readOwn(check: check) { reference, message in
            guard reference.position <= last else { return .stop }
            try event(message)
            return .proceed
        }
        let head = try run.timeline.head()
        var replay = try resumed(strategy, window, trainer: trainer)
        try Run.goOn(&replay, run.timeline, head, check, progress) { recorder in
            try recorder.each(event)
            recorder.drain()
        }
        return Run.result(replay, head: .empty, timeline: head)
    }
}
