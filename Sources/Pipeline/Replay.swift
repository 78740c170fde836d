import Digests
public import Events
public import FeedbackLoop
import Learning
public import Market

/// Drives a strategy through a timeline: lends it each fact in order, and calls it at its instants.
///
/// The order of a day is that of the domain rules: 21:00 fills, resting exits, marks, regime; 23:00
/// outcomes; 23:30 evaluations; the next day 05:30 the cycle; Saturday 05:30 the weekly pass. An
/// instant is run when the first fact known after it arrives, so that it has read every fact known
/// by then and no other.
public struct Replay<S: Strategy>: ~Copyable {
    /// The strategy as it stands.
    public private(set) var strategy: S
    /// The shared world as it stands.
    public private(set) var world: World
    /// The events recorded and not yet drained.
    public var recorder: Recorder
    /// What each session of the window ended with.
    public private(set) var marks: [SessionMark] = []
    /// Facts read whose true knowledge date is unknown.
    public private(set) var hindsight = HindsightCounts()
    /// Timeline events read.
    public private(set) var read: UInt64 = 0

    private let window: ReplayWindow
    private let performer: TrainingPerformer
    /// The instant and kind of the job that was run last.
    private var latestJob: (instant: Instant, job: JobKind?)?
    private var due: [(instant: Instant, stage: Stage)] = []
    /// What people did before the window's first session.
    private var early: [(act: OperatorAct, position: UInt64)] = []
    private var isOver = false
    /// Timeline events read when the latest cycle began.
    private var readByCycle: UInt64 = 0

    private enum Stage {
        case outcomes
        case evaluation
        case cycle
        case weekly
    }

    /// A replay before its first fact; `performer` answers what jobs ask for.
    public init(
        _ strategy: S, window: ReplayWindow = ReplayWindow(),
        performer: TrainingPerformer = TrainingPerformer(nil)
    ) {
        self.strategy = strategy
        self.window = window
        self.performer = performer
        self.world = World(
            rules: strategy.rules, cash: strategy.startCash,
            historySessions: strategy.historySessions)
        self.recorder = Recorder()
    }

    /// Records the configuration: the run's first event.
    ///
    /// `digest` is the SHA-256 of the canonical text; `world` is what every event of the run is
    /// flagged with from the start.
    public mutating func begin(digest: Digest, world: EventFlags = []) {
        recorder.flags.formUnion(world)
        recorder.record(
            ConfigurationChanged(
                envelope: recorder.envelope(), digest: digest, scope: .strategy,
                name: WireText.fitted(strategy.name, length: 48), parent: nil, forkedAt: .none,
                startDay: window.from, endDay: window.to,
                text: Array(strategy.canonicalText.utf8)))
    }

    /// Reads the timeline event at `position`, after running every instant before it.
    ///
    /// `commit` is called after each session's cycle, with the recorder to drain. Returns false
    /// when the window is over and no further event will be read.
    public mutating func step<Failure: Error>(
        _ message: RawSpan, at position: UInt64,
        commit: (inout Recorder) throws(Failure) -> Void
    ) throws -> Bool {
        precondition(position == read + 1, "a timeline is read without gaps")
        let header = try MessageHeader(message)
        let envelope = try Envelope(message: message)
        try run(before: envelope.knownAt, commit)
        if isOver { return false }
        if let last = window.to, envelope.knownAt > Instant(last + 1, hour: 5, minute: 30) {
            isOver = true
            return false
        }
        read = position
        if envelope.flags.contains(.hindsight) { hindsight.count(header.templateID) }
        if envelope.flags.contains(.simulated) { recorder.flags.insert(.simulated) }
        switch header.templateID {
        case SessionClosed.templateID:
            try close(SessionClosedView(message), knownAt: envelope.knownAt)
        case IndexClosed.templateID:
            let event = try IndexClosedView(message)
            switch event.series {
            case .market: world.index.close(event)
            case .volatility: world.volatility.close(event)
            case .unrecognised: break
            }
        default:
            guard let act = try OperatorAct(message, templateID: header.templateID) else {
                try strategy.learn(message, templateID: header.templateID, at: position)
                break
            }
            guard let day = world.day, window.contains(day) else {
                early.append((act, position))
                break
            }
            recorder.advance(to: envelope.knownAt, through: read)
            take(act, at: position)
        }
        return true
    }

    /// Does what a person asked for, or records why it cannot be done.
    private mutating func take(_ act: OperatorAct, at position: UInt64) {
        let fact = Reference.timeline(position)
        if case .retrain(let request) = act {
            run(request.job, trigger: .manual, who: request.who, causation: fact)
        } else {
            let performer = performer
            strategy.act(
                act, ActContext(fact: fact, load: { performer.load($0) }), world, &recorder)
        }
    }

    private mutating func takeEarly() {
        for (act, position) in early { take(act, at: position) }
        early = []
    }

    /// Runs what is still due, records the run's last event and commits it.
    public mutating func finish<Failure: Error>(
        timeline: Digest?, commit: (inout Recorder) throws(Failure) -> Void
    ) throws {
        try run(before: nil, commit)
        takeEarly()
        if let day = world.day, !world.portfolio.closed.isEmpty {
            let next = max(recorder.now, Instant(day + 1, hour: 23))
            recorder.advance(to: next, through: read)
            recordOutcomes()
        }
        recorder.record(
            RunFinished(
                envelope: recorder.envelope(), timeline: timeline, lastDay: marks.last?.day,
                sessions: UInt32(marks.count), timelineEvents: read,
                hindsightFacts: hindsight.total))
        try commit(&recorder)
    }

    private mutating func close(_ event: borrowing SessionClosedView, knownAt: Instant) throws {
        let day = event.day
        world.close(event)
        due.removeAll { $0.stage == .weekly }
        let cycle = Instant(day + 1, hour: 5, minute: 30)
        if window.contains(day) {
            recorder.advance(to: knownAt, through: read)
            takeEarly()
            OrderToFill.session(&world, &recorder)
            strategy.afterClose(&world, &recorder)
            marks.append(SessionMark(day, world))
            due.append((Instant(day, hour: 23), .outcomes))
            if strategy.jobs.contains(.modelEvaluation) {
                due.append((Instant(day, hour: 23, minute: 30), .evaluation))
            }
        } else {
            var quiet = Recorder()
            quiet.advance(to: knownAt, through: read)
            strategy.afterClose(&world, &quiet)
        }
        due.append((cycle, .cycle))
        due.append((max(Instant(day.mondayOfWeek + 5, hour: 5, minute: 30), cycle), .weekly))
    }

    private mutating func recordOutcomes() {
        let job = begin(.signalOutcome)
        let closed = world.portfolio.closed.count
        let features = world.portfolio.closed.map {
            strategy.features(of: $0.holding.request.signal)
        }
        let recorded = FillToOutcome.decide(
            &world, &recorder, breakeven: strategy.breakeven, features: features)
        strategy.learn(recorded)
        finish(job, examined: closed)
    }

    private mutating func run<Failure: Error>(
        before bound: Instant?, _ commit: (inout Recorder) throws(Failure) -> Void
    ) throws {
        while let (instant, stage) = due.first, bound.map({ instant < $0 }) ?? true {
            runJobs(before: instant)
            due.removeFirst()
            guard let day = world.day, window.contains(day) else {
                if stage == .cycle { strategy.passOver(world, at: instant) }
                continue
            }
            recorder.advance(to: instant, through: read)
            switch stage {
            case .outcomes:
                recordOutcomes()
            case .evaluation:
                run(.modelEvaluation)
            case .cycle:
                let job = begin(.cycle)
                let facts = read - readByCycle
                readByCycle = read
                strategy.cycle(&world, &recorder)
                OrderToFill.decisionClose(&world, &recorder)
                finish(job, examined: Int(facts))
                try commit(&recorder)
            case .weekly:
                strategy.weekly(&world, &recorder)
            }
        }
        if let bound { runJobs(before: bound) }
    }

    /// Runs the jobs that are due before an instant, each once, from the window's first session on.
    private mutating func runJobs(before bound: Instant) {
        guard !strategy.jobs.isEmpty, let day = world.day, window.contains(day) else { return }
        let latest = latestJob ?? (recorder.now, nil)
        latestJob = latest
        while let last = latestJob,
            let next = JobSchedule.next(of: strategy.jobs, after: last.instant, last.job),
            next.instant < bound
        {
            latestJob = (next.instant, next.job)
            guard next.instant < Instant(day + JobSchedule.restDays) else { continue }
            recorder.advance(to: next.instant, through: read)
            run(next.job)
        }
    }

    private mutating func run(
        _ job: JobKind, trigger: JobTrigger = .scheduled, who: String? = nil,
        causation: Reference = .none
    ) {
        let context = JobContext(
            scheduledAt: recorder.now, trigger: trigger, who: who,
            digest: { SHA256.hash($0) })
        let begun = start(job, trigger: trigger, who: who, causation: causation)
        guard strategy.jobs.contains(job) else {
            finish(
                begun, examined: 0,
                failure: "this strategy trains no models; train: true lets it")
            return
        }
        var failure: TrainingFailed?
        let answer = strategy.run(job, context, world, &recorder)
        if let order = answer.order {
            let reply = performer.perform(order, &recorder)
            if case .failed(_, let event) = reply { failure = event }
            strategy.learn(reply, to: order, context, world, &recorder)
        }
        finish(begun, examined: answer.examined, failure: failure.map { "\($0.reason)" })
    }

    /// A job that has begun; its events stand behind `start`.
    private struct Begun {
        let job: JobKind
        let start: Reference
        let scheduledAt: Instant
    }

    /// Records the start of a job of a stage, if the strategy runs it as one.
    private mutating func begin(_ job: JobKind) -> Begun? {
        strategy.jobs.contains(job) ? start(job) : nil
    }

    private mutating func start(
        _ job: JobKind, trigger: JobTrigger = .scheduled, who: String? = nil,
        causation: Reference = .none
    ) -> Begun {
        let start = recorder.record(
            JobStarted(
                envelope: recorder.envelope(causation: causation), scheduledAt: recorder.now,
                job: job, attempt: 0, trigger: trigger, who: who))
        return Begun(job: job, start: start, scheduledAt: recorder.now)
    }

    /// Records how a job ended.
    private mutating func finish(_ begun: Begun?, examined: Int, failure: String? = nil) {
        guard let begun else { return }
        let envelope = recorder.envelope(causation: begun.start)
        if let failure {
            recorder.record(
                JobFailed(
                    envelope: envelope, start: begun.start, scheduledAt: begun.scheduledAt,
                    job: begun.job, text: Array(failure.utf8)))
        } else {
            recorder.record(
                JobFinished(
                    envelope: envelope, start: begun.start, scheduledAt: begun.scheduledAt,
                    produced: UInt32(recorder.position - begun.start.position),
                    examined: UInt32(examined), job: begun.job))
        }
    }
}
