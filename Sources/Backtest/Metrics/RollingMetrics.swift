/// Figures over the latest sessions, one for each session that has so many behind it.
public struct RollingMetrics: Sendable {
    /// Sessions of a window: half a year, as in `quantstats`.
    public static let sessions = 126

    /// mean / sample standard deviation · √252 of each window; nil before the first full one and
    /// where returns do not vary. Equals `quantstats.stats.rolling_sharpe`.
    public var sharpe: [Double?] = []
    /// Sample standard deviation · √252 of each window. Equals
    /// `quantstats.stats.rolling_volatility`.
    public var volatility: [Double?] = []
    /// Cov(r, i) / Var(i) of each window, over its sessions with an index return; nil where that is
    /// fewer than half of them. Equals the beta of `quantstats.stats.rolling_greeks` where the
    /// index is known throughout.
    public var beta: [Double?] = []

    /// The figures of paired series.
    ///
    /// - Precondition: both are of one length.
    public init(_ returns: [Double], index: [Double?], sessions: Int = Self.sessions) {
        precondition(returns.count == index.count, "returns and index returns are of one length")
        let root = ReturnMetrics.sessionsPerYear.squareRoot()
        for end in returns.indices {
            guard end + 1 >= sessions else {
                sharpe.append(nil)
                volatility.append(nil)
                beta.append(nil)
                continue
            }
            let places = (end + 1 - sessions)...end
            let window = Array(returns[places])
            volatility.append(Moments.deviation(window).map { $0 * root })
            sharpe.append(IndexMetrics.ratio(window))
            let pairs = places.compactMap { place in index[place].map { (returns[place], $0) } }
            beta.append(
                pairs.count * 2 >= sessions
                    ? IndexMetrics.beta(pairs.map(\.0), pairs.map(\.1)) : nil)
        }
    }
}
