import Digests
public import EventLog
public import Events
public import FeedbackLoop
public import Learning

extension Run {
    /// Lets a run live on from a moment under other settings, and builds the fork's log at `path`.
    ///
    /// The log holds what the fork itself recorded, from a `ConfigurationChanged` on that names its
    /// parent; its references go on where the parent's stopped.
    @_specialize(where S == LoopStrategy)
    @_specialize(where S == DisclosureFollow)
    public static func fork<S: Strategy>(
        _ strategy: S, _ plan: ForkPlan, who: String, at path: String,
        check: RecordCheck = .checksum, trainer: (any Trainer)? = nil,
        progress: (Day) -> Void = { _ in }
    ) throws -> Result {
        let timelineHead = try plan.timeline.head()
        let parent = try plan.manifest()
        let act = ForkAct(
            parent: parent.seal, event: plan.event, instant: plan.instant, who: who,
            facts: plan.facts?.text)
        let identity = LogIdentity(
            kind: .run, logID: forkID(strategy, act, plan, timelineHead.seal),
            schemaVersion: EventSchema.version)
        let manifest = RunManifest(
            logID: identity.logID, timeline: timelineHead.seal, firstDay: plan.window.from,
            lastDay: plan.window.to, strategy: strategy.name,
            strategyDigest: digest(of: strategy), parent: parent)
        var replay = try begin(
            strategy, act, plan.window, plan.parent.merged, plan.position, trainer)
        let (_, head) = try LogBuilder.build(at: path, identity: identity, manifest: manifest) {
            builder in
            try goOn(&replay, plan.timeline, timelineHead, check, progress) { recorder in
                try drain(&recorder, into: &builder)
            }
        }
        return result(replay, head: head, timeline: timelineHead)
    }

    /// A replay that stands where a fork left its parent, its first events recorded.
    static func begin<S: Strategy>(
        _ strategy: S, _ act: ForkAct, _ window: ReplayWindow, _ parent: MergedLog,
        _ position: MergedPosition, _ trainer: (any Trainer)?
    ) throws -> Replay<S> {
        let performer = TrainingPerformer(trainer)
        var driver = try RunFold.fold(
            strategy, window: window, run: parent, through: position, artefacts: performer)
        driver.fork(
            act, digest: digest(of: strategy),
            factsDigest: act.facts.map { SHA256.hash($0) } ?? .zero)
        return Replay(resuming: driver, performer: performer)
    }

    /// The id of a fork: what it is made from.
    private static func forkID(
        _ strategy: some Strategy, _ act: ForkAct, _ plan: ForkPlan, _ timeline: Digest
    ) -> Digest {
        let text = """
            fork of \(plan.parent.log.identity.logID)
            \(act.parent) \(plan.position.own) \(plan.position.timeline)
            \(timeline)
            \(act.who)
            \(strategy.name)
            \(plan.window)
            \(strategy.canonicalText)
            """
        return SHA256.hash(text)
    }
}
