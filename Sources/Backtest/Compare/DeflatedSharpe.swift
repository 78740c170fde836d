import Market

/// The deflated Sharpe ratio: the chance that the true Sharpe ratio of the best of several trials
/// is above what the best of as many worthless ones would have shown.
///
/// All ratios are of one observation, not of a year.
///
/// Source: Bailey and López de Prado, "The deflated Sharpe ratio" (2014).
public struct DeflatedSharpe: Hashable, Sendable {
    /// The Sharpe ratio that is judged.
    public var sharpe: Double
    /// SR0: the expected highest of `trials` Sharpe ratios whose true value is 0.
    public var expectedMaximum: Double
    /// Trials that it is deflated by.
    public var trials: Int
    /// The chance; above .95 is the usual bar.
    public var probability: Double

    /// What is known of a series of returns.
    public struct Series: Hashable, Sendable {
        /// Mean over sample deviation, of one observation.
        public var sharpe: Double
        /// Observations.
        public var observations: Int
        /// Third standardised moment.
        public var skewness: Double
        /// Fourth standardised moment; 3 for a normal distribution.
        public var kurtosis: Double

        /// A series by its moments.
        public init(sharpe: Double, observations: Int, skewness: Double, kurtosis: Double) {
            self.sharpe = sharpe
            self.observations = observations
            self.skewness = skewness
            self.kurtosis = kurtosis
        }

        /// The moments of returns; nil without dispersion.
        public init?(_ returns: [Double]) {
            guard let mean = Moments.mean(returns), let deviation = Moments.dispersion(returns),
                let second = Moments.central(returns, power: 2),
                let third = Moments.central(returns, power: 3),
                let fourth = Moments.central(returns, power: 4)
            else { return nil }
            let n = Double(returns.count)
            let variance = second / n
            self.init(
                sharpe: mean / deviation, observations: returns.count,
                skewness: third / n / (variance * variance.squareRoot()),
                kurtosis: fourth / n / (variance * variance))
        }
    }

    /// The ratio of a series, chosen among `trials` whose Sharpe ratios have `variance`.
    ///
    /// Nil where the formula has no value: under two observations, or moments that no series has.
    public init?(_ series: Series, trials: Int, variance: Double) {
        let expected = DeflatedSharpe.expectedMaximum(trials: trials, variance: variance)
        let sharpe = series.sharpe
        let spread =
            1 - series.skewness * sharpe + (series.kurtosis - 1) / 4 * sharpe * sharpe
        guard series.observations >= 2, spread > 0, variance.isFinite, variance >= 0 else {
            return nil
        }
        let root = Double(series.observations - 1).squareRoot()
        self.sharpe = sharpe
        expectedMaximum = expected
        self.trials = trials
        probability = NormalDistribution.cumulative(
            (sharpe - expected) * root / spread.squareRoot())
    }

    /// SR0 of trials whose Sharpe ratios have `variance`; 0 of a single one.
    public static func expectedMaximum(trials: Int, variance: Double) -> Double {
        guard trials > 1 else { return 0 }
        let euler = 0.577_215_664_901_532_9
        let n = Double(trials)
        return variance.squareRoot()
            * ((1 - euler) * NormalDistribution.quantile(1 - 1 / n)
                + euler * NormalDistribution.quantile(1 - 1 / (n * Elementary.exp(1))))
    }

    /// The sample variance of the trials' Sharpe ratios; 0 of a single one.
    public static func variance(of sharpes: [Double]) -> Double {
        guard let deviation = Moments.deviation(sharpes) else { return 0 }
        return deviation * deviation
    }
}
