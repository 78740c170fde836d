import Backtest
import Events
import Testing

/// Goldens: quantstats 0.0.86 and empyrical-reloaded 0.7.1 under pandas 3.1.1, over the same
/// series on business days from 2020-01-01; where both have the figure they agree to 1e-12. The
/// calls are those that the doc comments of the metrics name.
@Suite("Metrics")
struct MetricTests {
    @Test("a mixed series has the figures of quantstats and empyrical")
    func mixed() {
        let metrics = ReturnMetrics(Fixtures.mixed.returns)
        #expect(agrees(metrics.totalReturn, -0.035396064457342225))
        #expect(agrees(metrics.annualReturn, -0.029818062617426255))
        #expect(agrees(metrics.volatility, 0.17732138462256444))
        #expect(agrees(metrics.sharpe, -0.08237261859581436))
        #expect(agrees(metrics.sortino, -0.11766450321937885))
        #expect(agrees(metrics.calmar, -0.16818660598857868))
        #expect(agrees(metrics.maximumDrawdown, -0.17729154139332093))
        #expect(agrees(metrics.skewness, 0.06723196729433281))
        #expect(agrees(metrics.kurtosis, -1.1958335133750821))
        #expect(agrees(metrics.valueAtRisk, -0.01843130152414712))
    }

    @Test("a mixed series against an index has their beta, alpha and information ratio")
    func againstIndex() {
        let metrics = IndexMetrics(
            returns: Fixtures.mixed.returns, index: Fixtures.mixed.index,
            exposuresBefore: Array(repeating: 1, count: 300))
        #expect(agrees(metrics.beta, -0.04373902247896067))
        #expect(agrees(metrics.alpha, -0.020311074281032244))
        #expect(agrees(metrics.informationRatio, 0.5019137485688602))
        #expect(metrics.equalExposureInformationRatio == metrics.informationRatio)
    }

    @Test("a series of losses only has the figures of quantstats and empyrical")
    func down() {
        let metrics = ReturnMetrics(Fixtures.down)
        #expect(agrees(metrics.totalReturn, -0.09436117053874649))
        #expect(agrees(metrics.annualReturn, -0.39318909770476107))
        #expect(agrees(metrics.volatility, 0.013023495251714442))
        #expect(agrees(metrics.sharpe, -38.31229561313933))
        #expect(agrees(metrics.sortino, -14.686987378399804))
        #expect(agrees(metrics.calmar, -4.166852694385666))
        #expect(agrees(metrics.maximumDrawdown, -0.09436117053874649))
        #expect(agrees(metrics.skewness, -0.03769834067789727))
        #expect(agrees(metrics.kurtosis, -1.5124722142448497))
    }

    @Test("a series of zeros has returns of zero and no ratio")
    func zeros() {
        let metrics = ReturnMetrics(Array(repeating: 0, count: 40))
        #expect(metrics.totalReturn == 0 && metrics.annualReturn == 0)
        #expect(metrics.volatility == 0 && metrics.maximumDrawdown == 0)
        #expect(metrics.sharpe == nil && metrics.sortino == nil && metrics.calmar == nil)
        #expect(metrics.skewness == 0 && metrics.kurtosis == 0)
    }

    @Test("a constant gain has no Sharpe ratio, whatever rounding leaves of its deviation")
    func constant() {
        let metrics = ReturnMetrics(Array(repeating: 0.001, count: 37))
        #expect(metrics.volatility == 0 && metrics.sharpe == nil)
    }

    @Test("0, 1 and 2 observations give nil and never NaN")
    func few() {
        let none = ReturnMetrics([])
        #expect(none.totalReturn == nil && none.maximumDrawdown == nil && none.best == nil)
        let one = ReturnMetrics([0.01])
        #expect(agrees(one.totalReturn, 0.01) && one.volatility == nil && one.sharpe == nil)
        let two = ReturnMetrics([0.01, -0.02])
        #expect(agrees(two.volatility, 0.3367491648096547))
        #expect(two.sharpe == nil && two.sortino == nil && two.calmar == nil)
        #expect(two.skewness == nil && two.kurtosis == nil)
    }

    @Test("sessions without an index return stand outside every index figure")
    func gaps() {
        let metrics = IndexMetrics(
            returns: [0.01, 0.5, -0.02], index: [0.02, nil, -0.01], exposuresBefore: [0, 0.5, 0.5])
        #expect(metrics.count == 2 && metrics.beta == nil, "two sessions give no ratio")
        let twenty = (0..<20).flatMap { _ in [0.01, 0.5, -0.02] }
        let longer = IndexMetrics(
            returns: twenty, index: (0..<20).flatMap { _ in [0.02, nil, -0.01] },
            exposuresBefore: twenty.map { _ in 0.5 })
        #expect(longer.count == 40 && agrees(longer.beta, 1))
        #expect(agrees(metrics.equalExposureExcess, 0.01 + (-0.02 + 0.5 * 0.01)))
        let missing = IndexMetrics(returns: [0.01], index: [nil], exposuresBefore: [0])
        #expect(missing.beta == nil && missing.alpha == nil && missing.informationRatio == nil)
    }

    @Test("a drawdown from the start has no peak day and one still open no recovery")
    func drawdowns() {
        let daily = Fixtures.daily(
            [990, 980, 1000, 1020, 918, 950], index: Array(repeating: nil, count: 6),
            from: "2020-03-02")
        let found = Drawdown.all(in: daily, from: Money(dollars: 1000))
        #expect(found.map(\.sessions) == [2, 2])
        #expect(found[0].peak == nil && found[0].trough == Fixtures.day("2020-03-03"))
        #expect(found[0].recovery == Fixtures.day("2020-03-04"))
        #expect(found[1].peak == Fixtures.day("2020-03-05") && found[1].recovery == nil)
        #expect(agrees(found[1].depth, -0.1))
        #expect(Drawdown.deepest(1, of: found) == [found[1]])
    }

    @Test("a win is above half a per cent; the share above 0 is another number")
    func trades() {
        let metrics = TradeMetrics(Fixtures.small.trades)
        #expect(metrics.count == 3 && metrics.wins == 1 && metrics.losses == 1)
        #expect(metrics.aboveZero == 1 && metrics.winRate == metrics.shareAboveZero)
        let small = TradeMetrics(
            Fixtures.small.trades + [Fixtures.trade("GE", 0.005, on: "2020-01-02")])
        #expect(small.winRate == 0.25 && small.shareAboveZero == 0.5 && small.wins == 1)
        let barely = TradeMetrics([Fixtures.trade("GE", 0.005_001, on: "2020-01-02")])
        #expect(barely.winRate == 1)
        #expect(metrics.profitFactor == nil, "three trades give no ratio")
        let tenfold = TradeMetrics((0..<10).flatMap { _ in Fixtures.small.trades })
        #expect(agrees(tenfold.profitFactor, 10 / 5.2) && tenfold.winRate == metrics.winRate)
        #expect(agrees(metrics.averageLoss, -0.05) && agrees(metrics.expectancy, 0.016))
        let losers = TradeMetrics([Fixtures.trade("MSFT", -0.05, on: "2020-01-01")])
        #expect(losers.winRate == 0 && losers.profitFactor == nil && losers.averageWin == nil)
        #expect(TradeMetrics([]).winRate == nil && TradeMetrics([]).profitFactor == nil)
    }
}
