public import Events
public import Market

/// An assembly of deciders over the shared world; the engine calls it at its instants.
///
/// A decider is level-triggered: it records the events that are due and absent, so that calling it
/// twice at one instant records nothing new. It learns facts only as the engine lends them, in
/// order of knowledge, and can therefore not look ahead.
public protocol Strategy: Sendable {
    /// The name that reports show.
    var name: String { get }
    /// The whole configuration in canonical YAML; equal configurations give equal text.
    var canonicalText: String { get }
    /// The rules by which the market fills this strategy's orders.
    var rules: MarketRules { get }
    /// Cash at the start.
    var startCash: Money { get }
    /// Bars a ticker that the strategy wants remembered.
    var historySessions: Int { get }
    /// Net return up to which an outcome is neither win nor loss, as a fraction.
    var breakeven: Double { get }
    /// Remarks that its reports must carry.
    var notes: [String] { get }

    /// A fact other than bars and index closes became known: a filing or a reference.
    mutating func learn(_ message: RawSpan, templateID: UInt16, at position: UInt64)
        throws(DecodingError)

    /// A session before the run's window: what it would have decided is taken as decided.
    mutating func passOver(_ world: borrowing World, at now: Instant)

    /// The session's fills and marks are done (D 21:00).
    mutating func afterClose(_ world: inout World, _ recorder: inout Recorder)

    /// The cycle of the latest session (D+1 05:30).
    mutating func cycle(_ world: inout World, _ recorder: inout Recorder)

    /// The weekly pass over the latest session of the week that ended (Saturday 05:30).
    mutating func weekly(_ world: inout World, _ recorder: inout Recorder)

    /// The features that were stored when a signal was evaluated; empty without.
    func features(of signal: Reference) -> [Float]

    /// Outcomes were recorded (D 23:00).
    mutating func learn(_ outcomes: [FillToOutcome.Recorded])

    /// The jobs that it runs on their schedule.
    var jobs: [JobKind] { get }

    /// A job is due.
    mutating func run(
        _ job: JobKind, _ context: JobContext, _ world: borrowing World,
        _ recorder: inout Recorder
    ) -> JobAnswer

    /// What a person did became known: a promotion, a rollback, a trade made elsewhere; trainings
    /// that a person asks for are run as jobs.
    mutating func act(
        _ act: OperatorAct, _ context: ActContext, _ world: borrowing World,
        _ recorder: inout Recorder)

    /// A training was answered.
    mutating func learn(
        _ reply: TrainingReply, to order: TrainingOrder, _ context: JobContext,
        _ world: borrowing World, _ recorder: inout Recorder)
}

extension Strategy {
    /// Half a percent.
    public var breakeven: Double { FillToOutcome.breakevenFraction }

    /// No remarks.
    public var notes: [String] { [] }

    /// Nothing to decide.
    public mutating func afterClose(_ world: inout World, _ recorder: inout Recorder) {}

    /// Nothing to decide.
    public mutating func weekly(_ world: inout World, _ recorder: inout Recorder) {}

    /// None.
    public func features(of signal: Reference) -> [Float] { [] }

    /// Nothing to learn.
    public mutating func learn(_ outcomes: [FillToOutcome.Recorded]) {}

    /// None.
    public var jobs: [JobKind] { [] }

    /// Nothing to do.
    public mutating func run(
        _ job: JobKind, _ context: JobContext, _ world: borrowing World,
        _ recorder: inout Recorder
    ) -> JobAnswer { JobAnswer(examined: 0) }

    /// It has no models: what a person says of them is refused, and trades teach it nothing.
    public mutating func act(
        _ act: OperatorAct, _ context: ActContext, _ world: borrowing World,
        _ recorder: inout Recorder
    ) {
        if case .trade = act { return }
        OperatorAct.refuse(context.fact, "this strategy has no models", &recorder)
    }

    /// Nothing was asked for.
    public mutating func learn(
        _ reply: TrainingReply, to order: TrainingOrder, _ context: JobContext,
        _ world: borrowing World, _ recorder: inout Recorder
    ) {}
}
