import Events
import Testing

@testable import Learning

/// Golden values are those of scipy, statsmodels, scikit-learn and numpy on the same numbers;
/// `Tools/check-gate.py` compares whole comparisons with the same libraries.
@Suite("Statistics")
struct StatisticsTests {
    @Test("the generator gives the published numbers, and bounded ones lie below their bound")
    func generator() {
        // Vigna's splitmix64.c, seed 1234567.
        var generator = SplitMix64(seed: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
        #expect(generator.next() == 9_817_491_932_198_370_423)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<7_000 { counts[generator.below(7)] += 1 }
        #expect(counts.allSatisfy { (880...1_120).contains($0) }, "\(counts)")
        let units = (0..<1_000).map { _ in generator.unit() }
        #expect(units.allSatisfy { (0..<1).contains($0) })
        #expect(abs(units.reduce(0, +) / 1_000 - 0.5) < 0.05)
    }

    @Test(
        "McNemar is exact under 25 discordant rows",
        arguments: [
            (10, 3, 0.09228515625), (3, 10, 0.09228515625), (12, 12, 1), (0, 5, 0.0625),
            (14, 10, 0.5412561893463135), (24, 0, 1.1920928955078125e-07), (0, 0, 1),
        ])
    func exactMcNemar(onlyNew: Int, onlyOld: Int, expected: Double) {
        let test = McNemar(onlyNew: onlyNew, onlyOld: onlyOld)
        #expect(test.method == .exact)
        #expect(abs(test.pValue - expected) < 1e-15)
    }

    @Test(
        "McNemar is chi-squared with the continuity correction from 25 discordant rows",
        arguments: [
            (15, 10, 0.64, 0.4237107971667936), (40, 20, 6.016666666666667, 0.014171388254012323),
            (300, 240, 6.446296296296296, 0.01111838850785766),
            (25, 0, 23.04, 1.5866563039511885e-06), (13, 12, 0, 1), (20, 20, 0, 1),
        ])
    func chiSquaredMcNemar(onlyNew: Int, onlyOld: Int, statistic: Double, expected: Double) {
        let test = McNemar(onlyNew: onlyNew, onlyOld: onlyOld)
        #expect(test.method == .chiSquared)
        #expect(abs(test.chiSquared - statistic) < 1e-12)
        #expect(abs(test.pValue - expected) < 1e-12)
    }

    @Test("the percentile interval is numpy's")
    func percentiles() {
        let draws = (0..<60).map { Double($0 * 37 % 101) / 100 }
        let interval = Interval(middle95: draws)
        #expect(abs(interval.low - 0.02475) < 1e-15)
        #expect(abs(interval.high - 0.96525) < 1e-15)
        #expect(Interval(middle95: [3]) == Interval(low: 3, high: 3))
    }

    @Test("the weighted F1 is scikit-learn's, also when a class never comes out")
    func weightedF1() {
        func f1(_ labels: [UInt8], _ predicted: [UInt8]) -> Double {
            var tally = ClassTally()
            for (label, prediction) in zip(labels, predicted) {
                tally.add(
                    actual: OutcomeClass(wire: label), predicted: OutcomeClass(wire: prediction))
            }
            return tally.weightedF1
        }
        #expect(abs(f1([0, 0, 1, 2, 2, 2], [0, 2, 1, 2, 0, 2]) - 0.6666666666666666) < 1e-15)
        #expect(abs(f1([0, 0, 2, 2, 2], [0, 2, 0, 0, 2]) - 0.4) < 1e-15)
        #expect(f1([], []) == 0)
    }

    @Test("PSI has training deciles as bounds, equal ones once, and a least share for empty bins")
    func populationStability() throws {
        let training: [Double] = [5, 1, 2, 2, 3, 4, 6, 7, 11, 8, 9, 10]
        let stability = try #require(
            PopulationStability(training: training, holdout: [12, 0, 2, 3, 3, 9, 9, 12]))
        #expect(stability.bins.map(\.through) == [2, 3, 4, 5, 7, 8, 9, 10, nil])
        #expect(stability.bins.map(\.training) == [3, 1, 1, 1, 2, 1, 1, 1, 1])
        #expect(stability.bins.map(\.holdout) == [2, 2, 0, 0, 0, 0, 2, 0, 2])
        #expect(abs(stability.index - 4.024115503942319) < 1e-12)
        #expect(PopulationStability(training: training, holdout: training)?.index == 0)
        #expect(PopulationStability(training: [1, 1, 1], holdout: [1, 1])?.index == 0)
        #expect(PopulationStability(training: [], holdout: [1]) == nil)
    }

    @Test("the values at places are those of the sorted, however few, many or equal they are")
    func selectedValues() {
        var generator = SplitMix64(seed: 7)
        for count in Array(1...40) + [1_000] {
            let kinds = [3, count, 1_000_000]
            for kind in kinds {
                let values = (0..<count).map { _ in Double(generator.below(kind)) }
                let deciles = (1...9).map { ($0 * count + 9) / 10 - 1 }
                let sorted = values.sorted()
                let found = MiddleValue.values(at: deciles, of: values)
                #expect(found == deciles.map { sorted[$0] })
            }
        }
    }

    @Test("calibration bins begin at whole tenths, and the last holds certainty")
    func calibration() {
        var calibration = Calibration()
        #expect(calibration.brier == nil)
        for (win, label) in [
            (Float(0), OutcomeClass.loss), (0.0999, .win), (0.1, .win), (0.95, .win), (1, .loss),
        ] {
            calibration.add(
                TreeEnsemble.Probabilities(loss: 1 - win, breakeven: 0, win: win), label: label)
        }
        #expect(calibration.bins.map(\.lower) == [0, 0.1, 0.9])
        #expect(calibration.bins.map(\.rows) == [2, 1, 2])
        #expect(calibration.bins.map(\.observed) == [0.5, 1, 0.5])
        // 0, 2·.9001², 2·.9², 2·.05² and 2 over five rows.
        let expected = (2 * 0.9001 * 0.9001 + 2 * 0.81 + 2 * 0.0025 + 2) / 5
        #expect(calibration.brier.map { abs($0 - expected) < 1e-7 } == true)
    }

    @Test("blocks are as long as told, the last cut, and every unit begins one equally often")
    func blocks() {
        var draws = BlockDraws(units: 10, length: 4, seed: 1)
        #expect(draws.blocks == 3)
        #expect(draws.tail == 2)
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<1_000 { for start in draws.next() { counts[start] += 1 } }
        #expect(counts.allSatisfy { (230...370).contains($0) }, "\(counts)")
        let exact = BlockDraws(units: 8, length: 4, seed: 1)
        #expect(exact.blocks == 2)
        #expect(exact.tail == 4)
    }

    @Test("windows that do not overlap begin a label's length apart, gaps or not")
    func windows() {
        #expect(GateEvidence.windows(sessions: Array(0..<63), labelSessions: 21) == 3)
        #expect(GateEvidence.windows(sessions: Array(0..<64), labelSessions: 21) == 4)
        #expect(GateEvidence.windows(sessions: [0, 0, 1, 30, 30, 31, 51], labelSessions: 21) == 3)
        #expect(GateEvidence.windows(sessions: [], labelSessions: 21) == 0)
    }
}
