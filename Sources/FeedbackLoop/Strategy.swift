public import Events
public import Learning
public import Market

/// An assembly of deciders over the shared world; the driver calls it at its instants.
///
/// Its state is a fold of facts, instants and events: `learn`, `close`, `begin(cycleAt:)`,
/// `endCycle` and the state's `apply` are its only writers; what `decide` records comes back by
/// `apply`. A decider is level-triggered: it records the events that are due and absent, so that
/// calling it twice at one instant records nothing new, and calling it after a part of its events
/// records the rest. It learns facts only as the driver lends them, in order of knowledge, and can
/// therefore not look ahead.
public protocol Strategy: Sendable {
    /// What is made by folding events.
    associatedtype State: EventFold where State.Context == World

    /// Its state as it stands.
    var state: State { get set }
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
    /// What it means to hold and to buy at most.
    var entryPlan: EntryPlan { get }
    /// At which levels it holds what it did not enter itself.
    var exitTerms: ExitTerms { get }
    /// What keeps it from trading with a broker of the world, where each holding has one stop at
    /// work and nothing else; empty where nothing does.
    var brokerObjections: [String] { get }
    /// Net return up to which an outcome is neither win nor loss, as a fraction.
    var breakeven: Double { get }

    /// Whether what it learns from is a return over the index, and nothing where that is missing.
    var measuresExcess: Bool { get }
    /// Remarks that its reports must carry.
    var notes: [String] { get }
    /// Whose filings it follows.
    var filter: FilingFilter { get }
    /// What it has followed of the filings that it learnt; nothing is counted where it follows all.
    var followed: FollowedCounts { get }
    /// The jobs that it runs on their schedule.
    var jobs: [JobKind] { get }
    /// Templates of the events that its decision at a session's close records.
    static var closingEvents: [UInt16] { get }

    /// A fact other than bars and index closes became known: a filing or a reference.
    mutating func learn(_ message: RawSpan, templateID: UInt16, at fact: Reference)
        throws(DecodingError)

    /// A session's fills and marks are done; of a session before the window what would have been
    /// decided at its close is taken as decided.
    mutating func close(_ world: borrowing World, isInWindow: Bool)

    /// The cycle of the latest session falls due; before the window what it would have decided is
    /// taken as decided.
    mutating func begin(cycleAt instant: Instant, isInWindow: Bool)

    /// The cycle of the latest session is over.
    mutating func endCycle()

    /// A stage is due: `close`, `cycle`, `weekly`, or a job that is one of `jobs`.
    mutating func decide(_ stage: Stage, _ desk: inout Desk) throws(LoopError) -> StageAnswer

    /// What a person did became known: a promotion, a rollback, a trade made elsewhere; trainings
    /// that a person asks for are run as jobs. Of an act that `isAnswered` the rest is due.
    mutating func act(
        _ act: OperatorAct, _ fact: Reference, isAnswered: Bool, _ desk: inout Desk)
        throws(LoopError)

    /// The features that were stored when a signal was evaluated; empty without.
    func features(of signal: Reference) -> [Float]

    /// The trees of a model that was trained now, and what they predict of the rows that they were
    /// made from: no state, but no work to be done twice either.
    mutating func lend(
        _ trees: TreeEnsemble, _ artefact: Digest, predictions: [TreeEnsemble.Probabilities])

    /// The model that was trained at this position will be asked of when the log was folded up to
    /// where it is: what it was made from is kept as it is folded in.
    mutating func recall(trainedAt position: UInt64)

    /// What the latest model was made from is what another has kept of it: the same strategy under
    /// the settings that made the model, where those are others now.
    mutating func recall(_ other: Self)
}

extension Strategy {
    /// Half a percent.
    public var breakeven: Double { FillToOutcome.breakevenFraction }

    /// None.
    public var brokerObjections: [String] { [] }

    /// No limits.
    public var entryPlan: EntryPlan { EntryPlan() }

    /// None: nothing is adopted.
    public var exitTerms: ExitTerms { ExitTerms() }

    /// It learns nothing.
    public var measuresExcess: Bool { false }

    /// No remarks.
    public var notes: [String] { [] }

    /// Everybody's.
    public var filter: FilingFilter { FilingFilter() }

    /// Nothing is counted.
    public var followed: FollowedCounts { FollowedCounts() }

    /// None.
    public var jobs: [JobKind] { [] }

    /// None.
    public static var closingEvents: [UInt16] { [] }

    /// Nothing to take.
    public mutating func close(_ world: borrowing World, isInWindow: Bool) {}

    /// Nothing to take.
    public mutating func begin(cycleAt instant: Instant, isInWindow: Bool) {}

    /// Nothing to take.
    public mutating func endCycle() {}

    /// It has no models: what a person says of them is refused, and trades teach it nothing.
    public mutating func act(
        _ act: OperatorAct, _ fact: Reference, isAnswered: Bool, _ desk: inout Desk
    ) throws(LoopError) {
        if case .trade = act { return }
        guard !isAnswered else { return }
        OperatorAct.refuse(fact, "this strategy has no models", &state, &desk)
    }

    /// None.
    public func features(of signal: Reference) -> [Float] { [] }

    /// It has no models.
    public mutating func lend(
        _ trees: TreeEnsemble, _ artefact: Digest, predictions: [TreeEnsemble.Probabilities]
    ) {}

    /// It has no models.
    public mutating func recall(trainedAt position: UInt64) {}

    /// It has no models.
    public mutating func recall(_ other: Self) {}
}

/// The state of a strategy that folds no events.
public struct NoState: EventFold, Sendable {
    /// Nothing.
    public static let consumedEvents: [UInt16] = []
    /// The shared world.
    public typealias Context = World

    /// No state.
    public init() {}
}
