public import Events

/// A step of the day that falls due at an instant.
public enum Stage: Hashable, Sendable {
    /// What a person did, as a fact told it.
    case act(Reference)
    /// Entries were halted, as a fact told it: those that work are cancelled.
    case halted(Reference)
    /// What the run was in custody for is over, as a fact told it: every holding is looked at.
    case guarded(Reference)
    /// A broker's fact, or a time that has come.
    case answered(Reference)
    /// What is asked of the broker for the open of a session (its own date, 05:30, after a cycle of
    /// that instant).
    case requests(Day)
    /// The session's market, its marks, and what is decided at once (D 21:00).
    case close
    /// A session whose bars did not come in time (the next session's date, 05:30).
    case missed(Day)
    /// The outcomes of closed holdings (D 23:00).
    case outcomes
    /// A job of the schedule, or one that a person asked for.
    case job(JobCall)
    /// The cycle of a session (D+1 05:30).
    case cycle
    /// The weekly pass (Saturday 05:30, after the cycle of that instant).
    case weekly
}

/// A job to be run: which one, and who asked for it.
public struct JobCall: Hashable, Sendable {
    /// Which.
    public let kind: JobKind
    /// Why it runs.
    public let trigger: JobTrigger
    /// The person who asked for it, if one did.
    public let who: String?
    /// The fact that asks for it; none for a job of the schedule.
    public let fact: Reference
    /// What it asks for beside the strategy's rules.
    public let terms: TrainingTerms

    /// A job of the schedule.
    public init(_ kind: JobKind) {
        (self.kind, trigger, who, fact) = (kind, .scheduled, nil, .none)
        terms = TrainingTerms()
    }

    /// A job that a person asked for, or that a service makes up for.
    public init(_ request: JobStarted, fact: Reference) {
        (kind, who, self.fact) = (request.job, request.who, fact)
        trigger = request.trigger == .caughtUp ? .caughtUp : .manual
        terms = TrainingTerms(request)
    }
}

/// A stage and the instant at which it falls due.
public struct Due: Hashable, Sendable {
    /// When.
    public let instant: Instant
    /// What.
    public let stage: Stage

    /// A stage at an instant.
    public init(_ instant: Instant, _ stage: Stage) {
        (self.instant, self.stage) = (instant, stage)
    }
}

/// What a stage's deciders came to.
public struct StageAnswer: Sendable {
    /// A training that they wait for; the stage goes on when it was answered.
    public var order: TrainingOrder?
    /// Items they looked at.
    public var examined: Int
    /// Why the stage failed; nil when it did not.
    public var failure: String?

    /// An answer; all that was due was decided unless a training is waited for.
    public init(examined: Int = 0, order: TrainingOrder? = nil, failure: String? = nil) {
        (self.examined, self.order, self.failure) = (examined, order, failure)
    }
}
