import Learning

#if canImport(Glibc)
private import Glibc
#else
private import Darwin
#endif

/// Figures of a series of daily simple returns, with 252 sessions a year and a risk-free rate of 0.
///
/// Each is nil where it is undefined: too few observations, no dispersion, no loss; the ratios
/// (Sharpe, Sortino, Calmar) also under 30 returns other than 0 (`Scarcity`). The comment of each
/// names the function of quantstats 0.0.86 and empyrical-reloaded 0.7.1 that it equals to 1e-9, and
/// where the two differ says which one it is.
public struct ReturnMetrics: Hashable, Sendable {
    /// Sessions a year.
    public static let sessionsPerYear = 252.0

    /// Observations.
    public var count: Int
    /// Π(1 + r) − 1. Equals `quantstats.stats.comp`, `empyrical.cum_returns_final`.
    public var totalReturn: Double?
    /// (Π(1 + r))^(252/n) − 1. Equals `quantstats.stats.cagr`, `empyrical.annual_return`.
    public var annualReturn: Double?
    /// Sample standard deviation · √252. Equals `quantstats.stats.volatility`,
    /// `empyrical.annual_volatility`.
    public var volatility: Double?
    /// mean / sample standard deviation · √252. Equals `quantstats.stats.sharpe`,
    /// `empyrical.sharpe_ratio`; nil where those give nan or ±inf, or divide by a deviation that is
    /// rounding (`Moments.dispersion`).
    public var sharpe: Double?
    /// mean / √(Σ min(r, 0)² / n) · √252. Equals `quantstats.stats.sortino`,
    /// `empyrical.sortino_ratio`; nil without a loss (quantstats nan, empyrical inf).
    public var sortino: Double?
    /// Annual return / |maximum drawdown|. Equals `quantstats.stats.calmar`,
    /// `empyrical.calmar_ratio`; nil without a drawdown.
    public var calmar: Double?
    /// The lowest of wealth / highest wealth so far − 1, the start included; at most 0. Equals
    /// `quantstats.stats.max_drawdown`, `empyrical.max_drawdown`.
    public var maximumDrawdown: Double?
    /// Bias-corrected skewness. Equals `quantstats.stats.skew` (pandas); empyrical has none.
    public var skewness: Double?
    /// Bias-corrected excess kurtosis. Equals `quantstats.stats.kurtosis` (pandas).
    public var kurtosis: Double?
    /// The 5 % quantile of a normal distribution of the same mean and deviation: one day's return.
    /// Equals `quantstats.stats.value_at_risk`; empyrical's is the historical quantile.
    public var valueAtRisk: Double?
    /// The best day.
    public var best: Double?
    /// The worst day.
    public var worst: Double?

    /// The figures of a series.
    ///
    /// - Precondition: every return is finite.
    public init(_ returns: [Double]) {
        precondition(returns.allSatisfy(\.isFinite), "a daily return is a finite number")
        count = returns.count
        guard let mean = Moments.mean(returns) else { return }
        let root = Self.sessionsPerYear.squareRoot()
        let growth = returns.reduce(1.0) { $0 * (1 + $1) }
        let drawdown = Wealth(returns).maximumDrawdown
        totalReturn = growth - 1
        annualReturn =
            growth < 0
            ? nil : Moments.finite(pow(growth, Self.sessionsPerYear / Double(count)) - 1)
        maximumDrawdown = drawdown
        best = returns.max()
        worst = returns.min()
        guard let deviation = Moments.deviation(returns) else { return }
        volatility = deviation * root
        valueAtRisk = mean - 1.644853626951472 * deviation
        let isEnough = Scarcity(trades: nil, returns: returns) == nil
        if isEnough, drawdown < 0, let annualReturn { calmar = annualReturn / -drawdown }
        if isEnough, let dispersion = Moments.dispersion(returns) {
            sharpe = Moments.finite(mean / dispersion * root)
            let downside = Moments.sum(returns.map { $0 < 0 ? $0 * $0 : 0 }) / Double(count)
            if downside > 0 { sortino = Moments.finite(mean / downside.squareRoot() * root) }
        }
        skewness = Self.skewness(returns)
        kurtosis = Self.kurtosis(returns)
    }

    /// The same figures without the ratios, of which the trades are too few.
    func withoutRatios() -> ReturnMetrics {
        var rest = self
        (rest.sharpe, rest.sortino, rest.calmar) = (nil, nil, nil)
        return rest
    }

    /// Adjusted Fisher–Pearson skewness, as pandas' `Series.skew`; 0 of a constant series.
    private static func skewness(_ returns: [Double]) -> Double? {
        let n = Double(returns.count)
        guard n >= 3, let second = Moments.central(returns, power: 2),
            let third = Moments.central(returns, power: 3)
        else { return nil }
        if Moments.isConstant(returns) { return 0 }
        return n * (n - 1).squareRoot() / (n - 2) * third / (second * second.squareRoot())
    }

    /// Sample excess kurtosis, as pandas' `Series.kurt`; 0 of a constant series.
    private static func kurtosis(_ returns: [Double]) -> Double? {
        let n = Double(returns.count)
        guard n >= 4, let second = Moments.central(returns, power: 2),
            let fourth = Moments.central(returns, power: 4)
        else { return nil }
        if Moments.isConstant(returns) { return 0 }
        let scaled =
            n * (n + 1) * (n - 1) * fourth / ((n - 2) * (n - 3) * second * second)
        return scaled - 3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3))
    }
}
