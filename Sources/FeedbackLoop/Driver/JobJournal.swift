public import Events
public import Market

/// Which jobs were begun and which are over, and which act of a person was answered last.
///
/// It is a fold of events alone, so that a stage that is run again knows what it has left.
public struct JobJournal: EventFold {
    /// A job that has begun.
    public struct Begun: Hashable, Sendable {
        /// Which.
        public let kind: JobKind
        /// Its JobStarted.
        public let start: Reference
        /// The instant it was due.
        public let scheduledAt: Instant
        /// The fact that asked for it; none for a job of the schedule.
        public let fact: Reference
        /// Items that its recorded events say were looked at.
        public internal(set) var examined = 0
        /// Whether it is over.
        public internal(set) var isOver = false
    }

    /// The job that was begun last; nil before the first.
    public private(set) var latest: Begun?
    /// The act of a person that was answered last; none before the first.
    public private(set) var latestAct = Reference.none
    /// Whether the run's last event was recorded.
    public private(set) var isFinished = false

    /// Templates of the events that tell of jobs and acts.
    public static let consumedEvents: [UInt16] = [
        JobStarted.templateID, JobFinished.templateID, JobFailed.templateID,
        BlendWeightEvaluated.templateID, ModelCompared.templateID, ModelPromoted.templateID,
        ModelRolledBack.templateID, OutcomeRecorded.templateID, RunFinished.templateID,
    ]

    /// Nothing begun.
    public init() {}

    /// The job of a call at an instant, begun and perhaps over; nil when it was not begun.
    public func begun(_ call: JobCall, at instant: Instant) -> Begun? {
        guard let latest, latest.kind == call.kind, latest.scheduledAt == instant,
            latest.fact == call.fact
        else { return nil }
        return latest
    }

    private mutating func answer(_ cause: Reference) {
        if cause.isTimeline { latestAct = cause }
    }

    /// A job began.
    public mutating func apply(
        _ event: JobStarted, at position: UInt64, _ context: borrowing World
    ) {
        answer(event.envelope.causation)
        latest = Begun(
            kind: event.job, start: .own(position), scheduledAt: event.scheduledAt,
            fact: event.envelope.causation)
    }

    /// A job ended well.
    public mutating func apply(
        _ event: JobFinished, at position: UInt64, _ context: borrowing World
    ) {
        latest?.isOver = true
    }

    /// A job ended badly, or an act was refused.
    public mutating func apply(
        _ event: JobFailed, at position: UInt64, _ context: borrowing World
    ) {
        if event.start.isTimeline { answer(event.start) } else { latest?.isOver = true }
    }

    /// The weight was evaluated: so many entries of both arms were looked at.
    public mutating func apply(
        _ event: BlendWeightEvaluated, at position: UInt64, _ context: borrowing World
    ) {
        latest?.examined += Int(event.machineArm) + Int(event.heuristicArm)
    }

    /// A candidate met the gate; an imported one was looked at.
    public mutating func apply(
        _ event: ModelCompared, at position: UInt64, _ context: borrowing World
    ) {
        if event.challenger.isTimeline { latest?.examined += 1 }
    }

    /// A promotion, perhaps a person's.
    public mutating func apply(
        _ event: ModelPromoted, at position: UInt64, _ context: borrowing World
    ) {
        answer(event.envelope.causation)
    }

    /// A person's rollback.
    public mutating func apply(
        _ event: ModelRolledBack, at position: UInt64, _ context: borrowing World
    ) {
        answer(event.envelope.causation)
    }

    /// An outcome, perhaps of a trade that a person told of.
    public mutating func apply(
        _ event: OutcomeRecorded, at position: UInt64, _ context: borrowing World
    ) {
        if event.source == .recorded { answer(event.envelope.causation) }
    }

    /// The run is over.
    public mutating func apply(
        _ event: RunFinished, at position: UInt64, _ context: borrowing World
    ) {
        isFinished = true
    }
}
