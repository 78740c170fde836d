public import Events
public import FeedbackLoop
public import Pipeline

/// A number of something, by its name in the log.
public struct NamedCount: Hashable, Sendable {
    /// What was counted: a reason, a kind.
    public var name: String
    /// How many there were.
    public var count: Int

    /// A count of something.
    public init(_ name: String, _ count: Int) {
        self.name = name
        self.count = count
    }
}

/// How many signals a run generated, by class, and what became of the others.
public struct SignalCounts: Hashable, Sendable {
    /// Evaluations by class, in the order they are to be shown (strong buy … strong sell).
    public var classes: [NamedCount]
    /// Evaluations that emitted no signal, by reason; `hold` is what the heuristic said.
    public var suppressed: [NamedCount]
    /// What the champion alone said of each evaluation, emitted or not.
    public var champion: ChampionCounts
    /// Emitted signals that were not traded, by reason.
    public var skipped: [NamedCount]
    /// Orders cancelled before a fill, by reason.
    public var cancelled: [NamedCount]

    /// Counts of one run.
    public init(
        classes: [NamedCount] = [], suppressed: [NamedCount] = [], skipped: [NamedCount] = [],
        cancelled: [NamedCount] = [], champion: ChampionCounts = ChampionCounts()
    ) {
        self.classes = classes
        self.suppressed = suppressed
        self.skipped = skipped
        self.cancelled = cancelled
        self.champion = champion
    }
}

/// What a report says about the run as a whole.
public struct RunFacts: Hashable, Sendable {
    /// The name of the run.
    public var run: String
    /// The name of the strategy.
    public var strategy: String
    /// The digest of the strategy's configuration.
    public var strategyDigest: Digest?
    /// The head seal of the run.
    public var seal: Digest?
    /// The head seal of the timeline that it read.
    public var timelineSeal: Digest?
    /// Cash before the first session.
    public var startingValue: Money
    /// The name of the index, nil when there is none.
    public var indexName: String?
    /// What a reader must know before believing a figure ("trades the close it decided on",
    /// "the index is price-only"), the gravest first.
    public var flags: [String]
    /// Facts whose knowledge date is not known, by kind; zero counts are left out.
    public var hindsight: [NamedCount]
    /// What a fork left, and what it changed; nil for a run that is none.
    public var fork: String?
    /// Tickers with a bar in the first 252 sessions, and how many of them had one in the last five;
    /// nil where it is not known.
    public var survival: (tickers: Int, survivors: Int)? {
        firstYearTickers.flatMap { all in survivors.map { (all, $0) } }
    }
    private var firstYearTickers: Int?
    private var survivors: Int?
    /// What is strange about the prices; nil where nobody looked.
    public var prices: PriceQuality?
    /// Remarks of lesser weight ("rule X is unreachable").
    public var notes: [String]
    /// What was followed of the filings; nothing is counted where all are.
    public var followed = FollowedCounts()

    /// The facts of one run.
    public init(
        run: String, strategy: String, strategyDigest: Digest? = nil, seal: Digest? = nil,
        timelineSeal: Digest? = nil, startingValue: Money, indexName: String? = nil,
        flags: [String] = [], hindsight: [NamedCount] = [], fork: String? = nil,
        survival: (tickers: Int, survivors: Int)? = nil, prices: PriceQuality? = nil,
        notes: [String] = []
    ) {
        self.run = run
        self.strategy = strategy
        self.strategyDigest = strategyDigest
        self.seal = seal
        self.timelineSeal = timelineSeal
        self.startingValue = startingValue
        self.indexName = indexName
        self.flags = flags
        self.hindsight = hindsight.filter { $0.count > 0 }
        self.fork = fork
        self.prices = prices
        (firstYearTickers, survivors) = (survival?.tickers, survival?.survivors)
        self.notes = notes
    }
}
