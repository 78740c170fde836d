public import Events
import Learning
public import Market

/// Drives a strategy through facts and instants, without I/O.
///
/// It takes one input at a time, a fact, an instant that has come, or the reply to a training, and
/// gives one action at a time until nothing is due: `next()` is asked after each input until it is
/// nil. Events stay in the recorder until `commit`; after `train` only the reply is taken, and it
/// is of the same instant.
///
/// The order of a day is that of the domain rules: 21:00 fills, resting exits, marks, regime; 23:00
/// outcomes; 23:30 evaluations; the next day 05:30 the cycle; Saturday 05:30 the weekly pass; jobs
/// at their instants. A session and a person's act are answered at once, at their own instant.
public struct Driver<S: Strategy>: ~Copyable {
    /// What the shell is to do before it asks for more.
    public enum Action: Sendable {
        /// Write what the recorder holds to the log, as one commit, and drain it.
        case commit
        /// Train, and give the reply.
        indirect case train(TrainingOrder)
    }

    /// The strategy as it stands.
    public internal(set) var strategy: S
    /// World, journal and recorder as they stand.
    public internal(set) var desk: Desk
    /// What each session of the window ended with.
    public internal(set) var marks: [SessionMark] = []
    /// Facts read whose true knowledge date is unknown.
    public internal(set) var hindsight = HindsightCounts()
    /// Timeline events read.
    public internal(set) var read: UInt64 = 0

    let window: ReplayWindow
    let jobs: [JobKind]
    let consumed: [UInt16]
    var schedule = DaySchedule()
    var market = OrderToFill()
    /// Stages of the instant of the latest fact: acts of people, and the session's close.
    var immediate: [Due] = []
    var firstImmediate = 0
    /// What people did, by the facts that tell it, as long as it is to be answered.
    var acts: [(fact: Reference, act: OperatorAct)] = []
    /// Facts of a broker, as long as they are to be answered.
    var facts: [(fact: Reference, event: BrokerFact)] = []
    /// Facts of acts from before the window's first session.
    var early: [Reference] = []
    /// The stage that was begun and is not over.
    var begun: Due?
    /// Whether the latest session was marked.
    var isMarked = true
    /// Up to when everything is due; nil at the end.
    var bound: Instant? = .epoch
    /// The training whose reply is awaited.
    var awaited: TrainingOrder?
    var isOver = false
    /// Timeline events read when the latest cycle began, and when the one before did.
    var readByCycle: UInt64 = 0
    var factsOfCycle = 0
    /// How a run ends, once it does.
    var ending: (timeline: Digest?, step: Int)?
    /// Own positions at which settings were recorded.
    var changes: [UInt64] = []

    /// A driver before its first fact.
    ///
    /// A fork's past began under `beginning`, the market rules and the cash of the run that it was;
    /// nil for those of the strategy.
    public init(
        _ strategy: S, window: ReplayWindow = ReplayWindow(),
        beginning: (rules: MarketRules, cash: Money)? = nil,
        artefacts: any ArtefactStore = NoArtefacts(),
        digest: @escaping @Sendable ([UInt8]) -> Digest
    ) {
        self.strategy = strategy
        self.window = window
        jobs = strategy.jobs
        consumed = S.State.consumedEvents
        desk = Desk(
            world: World(
                rules: beginning?.rules ?? strategy.rules,
                cash: beginning?.cash ?? strategy.startCash,
                historySessions: strategy.historySessions), artefacts: artefacts, digest: digest)
    }

    /// The shared world as it stands.
    public var world: World { desk.world }
    /// The latest closed session, nil before the first.
    public var day: Day? { desk.world.day }
    /// What every event is flagged with.
    public var flags: EventFlags { desk.recorder.flags }

    /// Lends what is recorded and not yet in the log: at `commit`, to be written and drained.
    public mutating func lend<Failure: Error>(
        _ body: (inout Recorder) throws(Failure) -> Void
    ) throws(Failure) {
        try body(&desk.recorder)
    }

    /// Records the configuration: the run's first event.
    ///
    /// `digest` is the SHA-256 of the canonical text; `world` is what every event of the run is
    /// flagged with from the start.
    public mutating func begin(digest: Digest, world: EventFlags = []) {
        desk.recorder.flags.formUnion(world)
        change(
            ConfigurationChanged(
                envelope: desk.envelope(), digest: digest, scope: .strategy,
                name: WireText.fitted(strategy.name, length: 48), parent: nil, forkedAt: .none,
                startDay: window.from, endDay: window.to,
                text: Array(strategy.canonicalText.utf8)))
    }

    /// An instant has come: every fact known by then was given, and what is due by then is due.
    public mutating func tick(_ instant: Instant) {
        precondition(awaited == nil, "after a training only its reply is taken")
        bound = max(bound ?? instant, instant)
    }

    /// A training was answered.
    public mutating func reply(_ reply: TrainingReply) {
        guard let order = awaited else {
            preconditionFailure("a reply answers a training that is awaited")
        }
        awaited = nil
        let envelope = desk.envelope(actor: .trainer, causation: order.reference)
        switch reply {
        case .trained(var event, let model, let predicted):
            (event.envelope, event.request) = (envelope, order.reference)
            strategy.lend(model.ensemble, event.artefact, predictions: predicted)
            desk.record(event, &strategy.state)
        case .failed(var event):
            (event.envelope, event.request) = (envelope, order.reference)
            desk.record(event, &strategy.state)
        }
    }

    /// The run ends: what is still due is run, and its last event recorded.
    public mutating func finish(timeline: Digest?) {
        precondition(awaited == nil, "after a training only its reply is taken")
        bound = nil
        ending = (timeline, 0)
    }

    /// What is to be done next; nil when nothing is due and another input may be given.
    @_specialize(where S == LoopStrategy)
    @_specialize(where S == DisclosureFollow)
    public mutating func next() throws(LoopError) -> Action? {
        precondition(awaited == nil, "after a training only its reply is taken")
        while let due = upcoming() {
            if let order = try run(due) {
                awaited = order
                return .train(order)
            }
            end(due)
            if due.stage == .cycle, isInWindow { return .commit }
        }
        guard let ending, ending.step < 3 else { return nil }
        self.ending?.step = 3
        close(timeline: ending.timeline)
        return .commit
    }

    /// Whether the latest session lies in the window.
    var isInWindow: Bool { desk.world.day.map { window.contains($0) } ?? false }

    /// The stage that is due next: of the latest fact, then of the schedule, then of the end.
    mutating func upcoming() -> Due? {
        if firstImmediate < immediate.count { return immediate[firstImmediate] }
        if let due = schedule.next(
            through: bound, jobs: jobs, latest: isInWindow ? desk.world.day : nil)
        {
            return due
        }
        return nextAtEnd()
    }

    /// What a run's end leaves to do: acts that no session of the window was behind, outcomes of
    /// the last session's exits.
    private mutating func nextAtEnd() -> Due? {
        guard ending != nil else { return nil }
        if ending?.step == 0 {
            ending?.step = 1
            for fact in early { immediate.append(Due(desk.now, .act(fact))) }
            early = []
            if let due = immediate.first { return due }
        }
        if ending?.step == 1 {
            ending?.step = 2
            let isOpen =
                desk.journal.latest.map { $0.kind == .signalOutcome && !$0.isOver } ?? false
            if let day = desk.world.day, !desk.world.portfolio.closed.isEmpty || isOpen {
                immediate.append(Due(max(desk.now, Instant(day + 1, hour: 23)), .outcomes))
                return immediate[0]
            }
        }
        return nil
    }

    /// Records the run's last event.
    private mutating func close(timeline: Digest?) {
        guard !desk.journal.isFinished else { return }
        desk.record(
            RunFinished(
                envelope: desk.envelope(), timeline: timeline, lastDay: marks.last?.day,
                sessions: UInt32(marks.count), timelineEvents: read,
                hindsightFacts: hindsight.total), &strategy.state)
    }

    /// Takes what falls due with the instant alone, once a stage.
    mutating func begin(_ due: Due) {
        guard begun != due else { return }
        begun = due
        guard due.stage == .cycle else { return }
        if isInWindow {
            factsOfCycle = Int(read - readByCycle)
            readByCycle = read
        }
        strategy.begin(cycleAt: due.instant, isInWindow: isInWindow)
    }

    /// A stage is over.
    mutating func end(_ due: Due) {
        if firstImmediate < immediate.count, immediate[firstImmediate] == due {
            firstImmediate += 1
            if firstImmediate == immediate.count { (immediate, firstImmediate) = ([], 0) }
            if case .act(let fact) = due.stage { acts.removeAll { $0.fact == fact } }
            if case .answered(let fact) = due.stage { facts.removeAll { $0.fact == fact } }
        } else {
            schedule.pass(due)
        }
        if due.stage == .cycle { strategy.endCycle() }
        begun = nil
    }
}
