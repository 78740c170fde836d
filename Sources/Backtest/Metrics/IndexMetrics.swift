import Learning

/// Figures of a portfolio against an index, over the sessions whose index return is known.
///
/// Each is nil where it is undefined, as in `ReturnMetrics`; alpha, beta and the information ratios
/// also under 30 sessions whose return is not 0 (`Scarcity`).
public struct IndexMetrics: Hashable, Sendable {
    /// Sessions with an index return.
    public var count: Int
    /// The index over those sessions, compounded.
    public var index: ReturnMetrics
    /// Cov(r, i) / Var(i). Equals `quantstats.stats.greeks["beta"]`, `empyrical.beta`.
    public var beta: Double?
    /// (mean r − beta · mean i) · 252. Equals `quantstats.stats.greeks["alpha"]`; empyrical's
    /// `alpha` compounds the daily figure instead, (1 + a)^252 − 1.
    public var alpha: Double?
    /// mean(r − i) / sample deviation(r − i) · √252. Equals `empyrical.excess_sharpe` and
    /// `quantstats.stats.information_ratio`, which both leave out the √252, times √252.
    public var informationRatio: Double?
    /// Σ of r_t − exposure_{t−1} · i_t: the excess over an index held with as much of the
    /// portfolio as the strategy held, summed and not compounded.
    public var equalExposureExcess: Double?
    /// The mean of the same · 252.
    public var equalExposureAnnual: Double?
    /// `informationRatio` of the same: the primary metric of comparisons.
    public var equalExposureInformationRatio: Double?

    /// The figures of paired series; `exposuresBefore[t]` is the exposure after session t − 1.
    ///
    /// - Precondition: the three series are of one length.
    public init(returns: [Double], index indexReturns: [Double?], exposuresBefore: [Double]) {
        precondition(
            returns.count == indexReturns.count && returns.count == exposuresBefore.count,
            "returns, index returns and exposures are of one length")
        var own: [Double] = []
        var theirs: [Double] = []
        var excess: [Double] = []
        for (position, value) in returns.enumerated() {
            guard let market = indexReturns[position] else { continue }
            own.append(value)
            theirs.append(market)
            excess.append(value - exposuresBefore[position] * market)
        }
        count = own.count
        index = ReturnMetrics(theirs)
        equalExposureExcess = excess.isEmpty ? nil : Moments.sum(excess)
        equalExposureAnnual = Moments.mean(excess).map { $0 * ReturnMetrics.sessionsPerYear }
        guard Scarcity(trades: nil, returns: own) == nil else { return }
        informationRatio = Self.ratio(zip(own, theirs).map { $0 - $1 })
        equalExposureInformationRatio = Self.ratio(excess)
        beta = Self.beta(own, theirs)
        if let beta, let mean = Moments.mean(own), let market = Moments.mean(theirs) {
            alpha = (mean - beta * market) * ReturnMetrics.sessionsPerYear
        }
    }

    /// The same figures without the ratios, of which the trades are too few.
    func withoutRatios() -> IndexMetrics {
        var rest = self
        (rest.beta, rest.alpha) = (nil, nil)
        (rest.informationRatio, rest.equalExposureInformationRatio) = (nil, nil)
        return rest
    }

    /// Mean over sample deviation, a year; nil without dispersion.
    static func ratio(_ values: [Double]) -> Double? {
        guard let mean = Moments.mean(values), let deviation = Moments.dispersion(values) else {
            return nil
        }
        return Moments.finite(mean / deviation * ReturnMetrics.sessionsPerYear.squareRoot())
    }

    /// Covariance / variance of the index; nil under two values or where the index does not move.
    static func beta(_ own: [Double], _ theirs: [Double]) -> Double? {
        guard own.count >= 2, !Moments.isConstant(theirs), let mean = Moments.mean(own),
            let market = Moments.mean(theirs)
        else { return nil }
        var covariance = 0.0
        var variance = 0.0
        for (left, right) in zip(own, theirs) {
            covariance += (left - mean) * (right - market)
            variance += (right - market) * (right - market)
        }
        return Moments.finite(covariance / variance)
    }
}
