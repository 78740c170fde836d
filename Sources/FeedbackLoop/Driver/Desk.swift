public import Events
public import Learning
public import Market

/// Where deciders read and record: the shared world, the journal of jobs, and the events that are
/// recorded and not yet in the log.
///
/// `record` is the only way in which a decision changes anything: it encodes the event, then folds
/// it into the world, the journal and the strategy's own state, as a fold of the log does later.
public struct Desk: ~Copyable {
    /// Sessions, prices, indices, portfolio.
    public private(set) var world: World
    /// Which jobs were begun and which are over.
    public private(set) var journal = JobJournal()
    /// The events recorded and not yet drained.
    public internal(set) var recorder: Recorder
    /// The trees of models, by their artefacts.
    public let artefacts: any ArtefactStore
    /// SHA-256.
    public let digest: @Sendable ([UInt8]) -> Digest

    /// A desk before its first fact.
    public init(
        world: consuming World, recorder: consuming Recorder = Recorder(),
        artefacts: any ArtefactStore, digest: @escaping @Sendable ([UInt8]) -> Digest
    ) {
        self.world = world
        self.recorder = recorder
        self.artefacts = artefacts
        self.digest = digest
    }

    /// The scheduled instant that decides now.
    public var now: Instant { recorder.now }

    /// An envelope for an event of this instant.
    public func envelope(
        actor: Actor = .loop, causation: Reference = .none, correlation: Reference = .none,
        flags: EventFlags = []
    ) -> Envelope {
        recorder.envelope(
            actor: actor, causation: causation, correlation: correlation, flags: flags)
    }

    /// Records an event, folds it into everything that folds events, and returns the reference that
    /// names it.
    ///
    /// - Precondition: its envelope is of this instant.
    @discardableResult
    public mutating func record<Event: EventMessage, Fold: EventFold>(
        _ event: Event, _ fold: inout Fold
    ) -> Reference where Fold.Context == World {
        let reference = recorder.record(event)
        event.apply(to: &world, at: reference.position, .own)
        event.apply(to: &journal, at: reference.position, world)
        event.apply(to: &fold, at: reference.position, world)
        return reference
    }

    /// Folds an event in that stands in the log already.
    mutating func follow<Fold: EventFold>(
        _ message: RawSpan, templateID: UInt16, _ envelope: Envelope, _ consumed: [UInt16],
        _ fold: inout Fold
    ) throws(DecodingError) where Fold.Context == World {
        recorder.follow(envelope)
        let position = recorder.position
        // An event is decoded for those alone that fold it.
        if World.consumedEvents.contains(templateID) {
            try world.apply(message: message, templateID: templateID, at: position, .own)
        }
        if JobJournal.consumedEvents.contains(templateID) {
            try journal.apply(message: message, templateID: templateID, at: position, world)
        }
        if consumed.contains(templateID) {
            try fold.apply(message: message, templateID: templateID, at: position, world)
        }
    }

    /// Instants fell due while nobody ran the live run.
    mutating func miss(through instant: Instant) { world.miss(through: instant) }

    /// A filing became known.
    mutating func hear(at instant: Instant) { world.hear(at: instant) }

    /// Folds in a fact that moves the portfolio or stands against it: a broker's answer, a halt.
    mutating func answer(_ message: RawSpan, templateID: UInt16, at position: UInt64)
        throws(DecodingError)
    {
        try world.apply(message: message, templateID: templateID, at: position, .timeline)
    }

    /// A session closed.
    mutating func close(_ event: borrowing SessionClosedView) {
        world.close(event)
    }

    /// A corporate action became known.
    mutating func announce(_ event: borrowing CorporateActionAnnouncedView) {
        world.announce(event)
    }

    /// An index closed.
    mutating func close(_ event: borrowing IndexClosedView) {
        switch event.series {
        case .market: world.index.close(event)
        case .volatility: world.volatility.close(event)
        case .unrecognised: break
        }
    }

    /// The session's market is over.
    mutating func mark() {
        world.mark()
    }

    /// The market goes by other rules from now on.
    mutating func change(_ rules: MarketRules) { world.change(rules) }

    /// Lends another view of prices and indices for a while; what is decided meanwhile changes the
    /// portfolio as ever. Whoever tests for a look ahead shows one here.
    public mutating func showing<Result, Failure: Error>(
        _ view: World, _ body: (inout Desk) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let own = world
        world = view.with(world.portfolio)
        defer { world = own.with(world.portfolio) }
        return try body(&self)
    }
}

/// Lends the trees of models: a trainer's folder, or whatever keeps artefacts.
public protocol ArtefactStore: Sendable {
    /// The trees of an artefact that is kept, its digest checked.
    func trees(_ artefact: Digest) -> Result<TreeEnsemble, TrainerError>
}

/// Keeps no artefacts.
public struct NoArtefacts: ArtefactStore {
    /// A store of nothing.
    public init() {}

    /// None.
    public func trees(_ artefact: Digest) -> Result<TreeEnsemble, TrainerError> {
        .failure(TrainerError(.artefactLost, "no artefacts are kept here"))
    }
}

/// Why a stage cannot be run, or an event not be folded in.
public enum LoopError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The trees of a model that is asked are lost.
    case artefactLost(Reference, Digest, String)
    /// The portfolio refuses an event.
    case portfolio(PortfolioError)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .artefactLost(let model, let artefact, let text):
            "the trees of model \(model) (artefact \(artefact)) cannot be read: \(text); train it "
                + "again by making its run again"
        case .portfolio(let error):
            "the portfolio refuses an event: \(error.description)"
        }
    }
}
