import Learning
import Testing

@testable import Backtest

@Suite("Trials that are counted")
struct DeflatedSharpeTests {
    @Test("the published example: 100 trials over 1,250 days leave .9004 of a Sharpe ratio of 2.5")
    func published() throws {
        let series = DeflatedSharpe.Series(
            sharpe: 2.5 / 250.0.squareRoot(), observations: 1_250, skewness: -3, kurtosis: 10)
        let deflated = try #require(
            DeflatedSharpe(series, trials: 100, variance: 0.5 / 250))
        #expect((deflated.expectedMaximum - 0.1132).magnitude < 5e-5)
        #expect((deflated.probability - 0.9004).magnitude < 5e-5)
    }

    @Test("the published example after 46 trials instead: .9505")
    func publishedFewer() throws {
        let series = DeflatedSharpe.Series(
            sharpe: 2.5 / 250.0.squareRoot(), observations: 1_250, skewness: -3, kurtosis: 10)
        let fewer = try #require(DeflatedSharpe(series, trials: 46, variance: 0.5 / 250))
        #expect((fewer.probability - 0.9505).magnitude < 5e-4)
    }

    @Test("a single trial is not deflated, and more trials never raise the chance")
    func monotone() throws {
        let series = DeflatedSharpe.Series(
            sharpe: 0.05, observations: 1_000, skewness: 0, kurtosis: 3)
        var last = 1.0
        for trials in [1, 2, 3, 10, 100, 10_000] {
            let deflated = try #require(DeflatedSharpe(series, trials: trials, variance: 1e-4))
            #expect(deflated.probability < last)
            last = deflated.probability
            if trials == 1 { #expect(deflated.expectedMaximum == 0) }
        }
    }

    @Test("moments are those of the population: a series with a known third and fourth moment")
    func moments() throws {
        let series = try #require(DeflatedSharpe.Series([0, 0, 0, 1]))
        // Mean 1/4; sample deviation 1/2; Bernoulli(1/4): skewness (1 − 2p)/√(pq), kurtosis
        // 3 + (1 − 6pq)/(pq).
        #expect(series.sharpe == 0.5 && series.observations == 4)
        #expect(agrees(series.skewness, 0.5 / 0.1875.squareRoot()))
        #expect(agrees(series.kurtosis, 3 + (1 - 6 * 0.1875) / 0.1875))
        #expect(DeflatedSharpe.Series([0.1, 0.1, 0.1]) == nil)
    }

    @Test(
        "normal quantiles are those of scipy's norm.ppf",
        arguments: [
            (0.5, 0.0), (0.975, 1.959963984540054), (0.01, -2.3263478740408408),
            (0.9963212055882856, 2.6802104449668875), (1e-10, -6.361340902404056),
        ])
    func quantiles(share: Double, value: Double) {
        #expect((NormalDistribution.quantile(share) - value).magnitude < 1e-13)
        #expect(
            (NormalDistribution.cumulative(NormalDistribution.quantile(share)) - share).magnitude
                < 1e-15)
    }

    @Test("variants without any skill overfit about half the time, one that has it hardly ever")
    func overfitting() throws {
        var draws = SplitMix64(seed: 9)
        let noise = (0..<12).map { _ in (0..<800).map { _ in PairedRuns.normal(&draws) } }
        let blind = try #require(OverfittingProbability(noise))
        #expect(blind.splits == 12_870)
        #expect(blind.probability > 0.2 && blind.probability < 0.8)
        var skilled = noise
        skilled[3] = noise[3].map { $0 + 0.3 }
        let found = try #require(OverfittingProbability(skilled))
        #expect(found.probability < 0.01 && found.lossShare < 0.01 && found.meanLogit > 2)
    }

    @Test("a sweep of fewer than ten, or of too few sessions, has no probability")
    func thinSweeps() {
        let series = (0..<40).map { Double($0 % 7) }
        #expect(OverfittingProbability(Array(repeating: series, count: 9)) == nil)
        #expect(OverfittingProbability(Array(repeating: series, count: 10)) != nil)
        #expect(
            OverfittingProbability(Array(repeating: Array(series.prefix(31)), count: 10)) == nil)
    }
}
