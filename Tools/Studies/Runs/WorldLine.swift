public import Backtest

/// Which world of which study.
public struct WorldKey: Codable, Hashable, Comparable, Sendable {
    /// The study: `edge`, `power`, `ceiling`, `no-edge` or `control`.
    public var study: String
    /// Mean planted edge of a filing, basis points over 42 sessions.
    public var edge: Int
    /// The world's seed.
    public var seed: UInt64

    /// A world.
    public init(study: String, edge: Int, seed: UInt64) {
        (self.study, self.edge, self.seed) = (study, edge, seed)
    }

    /// By study, edge and seed.
    public static func < (left: WorldKey, right: WorldKey) -> Bool {
        (left.study, left.edge, left.seed) < (right.study, right.edge, right.seed)
    }
}

/// What came of one world.
public struct WorldLine: Codable, Hashable, Sendable {
    /// A comparison by the primary metric.
    public struct Compared: Codable, Hashable, Sendable {
        /// Challenger less reference.
        public var difference: Double
        /// Lower end of its 95 % interval.
        public var low: Double
        /// Upper end.
        public var high: Double
        /// `shown`, `worse`, `not shown` or `insufficient`.
        public var verdict: String

        /// From its parts.
        public init(difference: Double, low: Double, high: Double, verdict: String) {
            (self.difference, self.low, self.high) = (difference, low, high)
            self.verdict = verdict
        }
    }

    /// The world.
    public var world: WorldKey
    /// The oracle, which is told whose filings carry the edge.
    public var oracle: RunFigures?
    /// The replaced system.
    public var baseline: RunFigures?
    /// The loop.
    public var feedback: RunFigures?
    /// `feedback` against `baseline`; of the study `edge` the oracle against holding nothing.
    public var compared: Compared?
    /// p of the control: the share of permuted worlds that are at least as good.
    public var pValue: Double?

    /// Of a world, nothing known yet.
    public init(_ world: WorldKey) { self.world = world }
}
