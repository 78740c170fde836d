/// What a simulated world is made from; equal parameters make equal bytes.
public struct SimulationParameters: Hashable, Sendable {
    /// Who carries the edge.
    public enum EdgeKind: String, CaseIterable, Sendable {
        /// A fifth of the filers, five times the edge each; the others none.
        case filers
        /// Every filer alike, so that no difference between them can be learnt.
        case uniform
    }

    /// Decides everything that is left to chance.
    public var seed: UInt64
    /// Calendar years, from 2012 on.
    public var years: Int
    /// Companies.
    public var tickers: Int
    /// Mean excess of a filing over 42 sessions, basis points.
    public var edge: Double
    /// Who carries it.
    public var edgeKind: EdgeKind
    /// Whether regimes change the market's drift too.
    public var hasRegimeDrift: Bool

    /// The years that are taken.
    public static let yearRange = 1...30
    /// The numbers of companies that are taken.
    public static let tickerRange = 5...5_000
    /// The edges that are taken, basis points.
    public static let edgeRange = -1_000.0...1_000.0
    /// Sessions over which a filing's edge is earned.
    public static let edgeSessions = 42

    /// The parameters of a world.
    ///
    /// - Precondition: each lies in its range.
    public init(
        seed: UInt64, years: Int = 8, tickers: Int = 200, edge: Double = 0,
        edgeKind: EdgeKind = .filers, hasRegimeDrift: Bool = false
    ) {
        precondition(SimulationParameters.yearRange.contains(years), "years lie in their range")
        precondition(SimulationParameters.tickerRange.contains(tickers), "so do tickers")
        precondition(SimulationParameters.edgeRange.contains(edge), "so does the edge")
        self.seed = seed
        self.years = years
        self.tickers = tickers
        self.edge = edge
        self.edgeKind = edgeKind
        self.hasRegimeDrift = hasRegimeDrift
    }
}
