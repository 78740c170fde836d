public import EventLog
public import Events
public import FeedbackLoop

/// A fork that is to be made: what it leaves, where, and under what it lives on.
public struct ForkPlan: Sendable {
    /// The run that it leaves.
    public let parent: OpenedRun
    /// Where it leaves it.
    public let position: MergedPosition
    /// The event that it leaves it behind.
    public let event: Reference
    /// When the latest of what is shared was known.
    public let instant: Instant
    /// The strategy that decides from there on.
    public let strategy: BuiltStrategy
    /// The sessions in which it decides: the parent's.
    public let window: ReplayWindow
    /// What is read from there on.
    public let timeline: EventLog
    /// The settings that are others than the parent's.
    public let changes: [SettingChange]
    /// The facts that are others; nil where the parent's timeline is read on.
    public let facts: FactChanges?

    /// A fork of a run as of a moment, with settings (`KEY=VALUE`) on top of the run's, over the
    /// facts that it read or over others that are the same until then.
    ///
    /// Where facts differ and no moment is named, it leaves the run just before the first of them
    /// is known.
    ///
    /// - Throws: `ForkError`, `AsOfError`, `StrategyFileError`, `FilingFilterError`.
    public init(
        of parent: OpenedRun, asOf: AsOf? = nil,
        settings: [(key: String, value: String)] = [],
        facts: (timeline: EventLog, changes: FactChanges)? = nil
    ) throws {
        let end = try parent.merged.end()
        let isOver = try RunEnd.read(parent.log) != nil
        var latest: MergedPosition?
        if let facts {
            latest = try ForkPlan.latest(
                before: facts.changes, parent, end: end, isOver: isOver)
        }
        guard let position = try asOf.map({ try parent.merged.position($0) }) ?? latest else {
            throw ForkError.noMoment(run: parent.name)
        }
        let moment = asOf ?? AsOf(.position(position.position))
        guard position.own > 0 else { throw ForkError.sharesNothing(run: parent.name, moment) }
        if position.own == end.own, isOver { throw ForkError.over(run: parent.name, moment) }
        if let latest, position.own > latest.own || position.timeline > latest.timeline {
            throw ForkError.readBefore(
                run: parent.name, moment, knownAt: facts?.changes.firstKnownAt ?? .epoch)
        }
        let before = try RunOrigin.read(parent.log)
        let origin = try RunOrigin.read(parent.log, settings: settings)
        self.parent = parent
        self.position = position
        event = try parent.merged.event(at: position)
        instant = try ForkStart.instant(parent.merged, position)
        window = origin.window
        timeline = facts?.timeline ?? parent.timeline
        strategy = try origin.strategy.named(over: timeline)
        self.facts = facts?.changes
        changes = SettingChange.all(
            from: before.strategy.strategy.canonicalText,
            to: strategy.strategy.canonicalText)
        try StartSettings.check(changes, parent.merged, through: position)
    }

    /// Where a run stood last before the first fact that is another.
    private static func latest(
        before changes: FactChanges, _ parent: OpenedRun, end: MergedPosition, isOver: Bool
    ) throws -> MergedPosition {
        guard let bound = changes.firstKnownAt, !changes.isEmpty else {
            throw ForkError.changesNoFact(run: parent.name)
        }
        let read = try parent.timeline.head().position
        guard changes.shared < end.timeline || end.timeline == read else {
            throw ForkError.neverRead(run: parent.name, knownAt: bound)
        }
        if let last = try RunOrigin.read(parent.log).window.to, bound > AsOf.cycle(of: last) {
            throw ForkError.neverRead(run: parent.name, knownAt: bound)
        }
        let most = isOver ? end.own - 1 : end.own
        var (own, timeline) = (UInt64(0), min(changes.shared, end.timeline))
        try parent.merged.readOwn { reference, message in
            let envelope = try Envelope(message: message)
            guard reference.position <= most, envelope.through <= changes.shared,
                envelope.recordedAt < bound
            else {
                timeline = min(timeline, envelope.through)
                return .stop
            }
            own = reference.position
            return .proceed
        }
        return MergedPosition(own: own, timeline: timeline)
    }

    /// The sessions that the fork itself decides: those of the window that are not past by then.
    public var decides: ReplayWindow {
        // Of the day before, the cycle may still be to come.
        let today = instant.day
        let first = instant <= AsOf.cycle(of: today - 1) ? today - 1 : today
        return ReplayWindow(from: max(window.from ?? first, first), to: window.to)
    }

    /// What the manifest says of the parent.
    func manifest() throws -> RunManifest.Parent {
        RunManifest.Parent(
            run: parent.name, seal: try parent.merged.seal(of: .own(position.own)),
            position: position)
    }
}

/// Settings that say where a run begins: a fork begins with what its parent had come to.
enum StartSettings {
    /// Refuses a change that would be of no effect, or not be one of the future alone.
    static func check(
        _ changes: [SettingChange], _ run: MergedLog, through position: MergedPosition
    ) throws {
        for change in changes {
            switch change.key {
            case "start_cash":
                throw refusal(change, "cash and holdings are as they were then")
            case "feature_history_sessions" where change.before == "0" || change.after == "0":
                throw refusal(
                    change, "the evaluations before the fork are stored with features, or without")
            case "ml_blend_weight":
                guard try recorded(BlendWeightEvaluated.templateID, run, position) else { continue }
                throw refusal(change, "the weight is what it had come to then")
            case "buy_threshold", "sell_threshold":
                guard try recorded(ThresholdsEvaluated.templateID, run, position) else { continue }
                throw refusal(change, "the thresholds are what they had come to then")
            default: continue
            }
        }
    }

    private static func refusal(_ change: SettingChange, _ why: String) -> ForkError {
        .startSetting(
            key: "\(change.key)=\(change.after ?? "")",
            why: "\(why); to begin under another \(change.key), use recount backtest --like")
    }

    private static func recorded(
        _ template: UInt16, _ run: MergedLog, _ position: MergedPosition
    ) throws -> Bool {
        var isRecorded = false
        try run.readOwn { reference, message in
            guard reference.position <= position.own else { return .stop }
            isRecorded = try MessageHeader(message).templateID == template
            return isRecorded ? .stop : .proceed
        }
        return isRecorded
    }
}
