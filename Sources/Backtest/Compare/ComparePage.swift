import EventLog
public import Events
import FeedbackLoop
public import Learning
public import Pipeline

/// Everything that a comparison of several strategies shows, as values.
public struct ComparePage: Sendable {
    /// One strategy.
    public struct Side: Sendable {
        /// Its name.
        public var name: String
        /// Its own run.
        public var run: ComparedRun
        /// What it comes to under other assumptions, priced first; without those that
        /// it has no setting for.
        public var counterfactuals: [(kind: Counterfactual, report: BacktestReport)] = []
        /// Its decisions at other costs, and where they break even; nil unless it was asked for.
        public private(set) var costs: CostCurve?
        /// What it is held against: the index, a ticker that was asked for, copied filings.
        var yardsticks: [Yardstick] = []
        /// Its cycles of retraining.
        var cycles: [RetrainingCycle] = []
        /// Its information ratio among those of permuted worlds; nil without a control.
        public var control: ControlTest?
        /// Its deflated Sharpe ratio; nil where it has none.
        public var deflated: DeflatedSharpe?
        /// The variance of the family's Sharpe ratios that deflate it.
        public var variance = 0.0

        /// A strategy and its run.
        public init(name: String, run: ComparedRun) {
            self.name = name
            self.run = run
        }

        /// Looks at what became of its promotions, by the facts of a feed; `load` gives a model's
        /// trees by its artefact.
        public mutating func judgePromotions(
            _ feed: TimelineFeed, _ strategy: BuiltStrategy,
            load: (Digest) throws -> TreeEnsemble
        ) throws {
            guard case .loop(let loop) = strategy, let rows = run.rows else { return }
            let models = run.learning.models
            let history = try rows.history(loop.configuration) { body in
                try feed.each { number, message in try body(UInt64(number) + 1, message) }
            }
            run.report.promotions = PromotionAfter.all(
                run.learning.promotions, history, trainedAt: models.map { ($0.model, $0.at) }
            ) { model in
                guard let known = models.first(where: { $0.model == model }) else {
                    throw TrainerError(.artefactLost, "another tool's model is not asked again")
                }
                return try load(known.artefact)
            }
            run.rows = nil
        }

        /// Prices its decisions at other costs.
        public mutating func price() {
            for kind in Counterfactual.pricings {
                guard case .priced(let points) = kind else { continue }
                counterfactuals.append((kind, run.priced(slippage: Double(points))))
            }
            costs = run.costCurve
        }

        /// Holds it against the index, a ticker and its own filings copied in equal parts.
        ///
        /// - Throws: `BenchmarkError` for a ticker without bars in the window.
        public mutating func measureBeside(
            _ facts: CycleFacts, _ feed: TimelineFeed, _ strategy: BuiltStrategy, benchmark: Ticker?
        ) throws {
            let strategy = strategy.strategy
            var filings = strategy.filter.isEverybody ? nil : FilingList(strategy.filter)
            if filings != nil {
                try feed.each { number, message in
                    try filings?.take(message, at: UInt64(number) + 1)
                    return .proceed
                }
            }
            yardsticks = try facts.yardsticks(run.report, strategy, benchmark: benchmark) {
                filings?.holds($0) ?? true
            }
        }

        /// Makes the table by retraining cycle.
        public mutating func measureCycles(_ facts: CycleFacts, _ strategy: BuiltStrategy) {
            cycles = RetrainingCycle.table(run, facts.with(strategy))
        }
    }

    /// One strategy against the first.
    public struct Contest: Sendable {
        /// The comparison.
        public var comparison: Comparison
        /// The primary metric of each half of the window.
        public var halves: (first: PrimaryDifference?, second: PrimaryDifference?)
        /// The verdict under other seeds of the draws; nil unless it was asked for.
        public var seeds: SeedTally?
        /// Figures without a verdict.
        public var secondary: SecondaryDifferences
        /// The primary metric under other assumptions, both sides under the same.
        public var counterfactuals: [(kind: Counterfactual, primary: PrimaryDifference?)] = []
        /// The difference among those of permuted worlds; nil without a control.
        public var control: ControlTest?
    }

    /// The strategies, the one that the others are compared with first.
    public var sides: [Side]
    /// The others against the first.
    public var contests: [Contest]
    /// What the family of trials has tried.
    public var family: TrialFamily
    /// Whether the facts are a simulated world's.
    public var isSimulated: Bool
    /// What each difference between the first two is worth; nil unless it was asked for.
    public var ablation: Ablation?
    /// Filings that a permutation of the control moves, and all; nil without a control.
    public var movable: (filings: Int, of: Int)?

    /// Compares each strategy with the first.
    ///
    /// - Precondition: there are two or more.
    public init(_ sides: [Side], family: TrialFamily, isSimulated: Bool)
        throws(ComparisonError)
    {
        precondition(sides.count >= 2, "a comparison has two sides or more")
        self.sides = sides
        self.family = family
        self.isSimulated = isSimulated
        let first = sides[0]
        var contests: [Contest] = []
        for side in sides.dropFirst() { contests.append(try ComparePage.contest(first, side)) }
        self.contests = contests
        for place in sides.indices { deflate(place) }
    }

    private static func contest(_ first: Side, _ side: Side) throws(ComparisonError) -> Contest {
        let (reference, challenger) = (first.run.report, side.run.report)
        let middle = reference.daily.count / 2
        var contest = Contest(
            comparison: try Comparison(reference, challenger),
            halves: (
                PrimaryDifference(try ExcessPairs(reference, challenger, 0..<middle)),
                PrimaryDifference(
                    try ExcessPairs(reference, challenger, middle..<reference.daily.count))
            ),
            secondary: SecondaryDifferences(reference, challenger))
        for (kind, report) in side.counterfactuals {
            guard let other = first.counterfactuals.first(where: { $0.kind == kind }) else {
                continue
            }
            let pairs = try ExcessPairs(other.report, report)
            contest.counterfactuals.append((kind, PrimaryDifference(pairs)))
        }
        if let own = side.control, let other = first.control {
            contest.control = .difference(own, other)
        }
        return contest
    }

    private mutating func deflate(_ place: Int) {
        let report = sides[place].run.report
        let peers = isSimulated ? family.simulated : family.distinct
        sides[place].variance = DeflatedSharpe.variance(of: TrialFamily.sharpes(peers))
        guard report.scarcity == nil else { return }
        sides[place].deflated = DeflatedSharpe.Series(report.returns).flatMap {
            DeflatedSharpe($0, trials: max(peers.count, 1), variance: sides[place].variance)
        }
    }
}
