import Events
import Foundation
import Learning
import TestKit
import Testing

private let python = ProcessInfo.processInfo.environment["RECOUNT_PYTHON"] ?? "python3"
private let hasSciPy = Commands.run(python, ["-c", "import scipy, pandas"])
private let script = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Tools/check-feature-analysis.py").path(percentEncoded: false)

@Suite("Feature analysis")
struct FeatureAnalysisTests {
    private static func row(_ features: [Float], _ netReturn: Double?) -> TrainingRow {
        let day = Day(year: 2024, month: 1, day: 2)!
        var row = TrainingRow(
            signal: .own(1), ticker: Ticker("AAPL")!, decidedOn: day, session: 0,
            features: features, heuristic: 70, arms: [])
        row.label = netReturn.map {
            TrainingRow.Label(
                netReturn: $0, outcome: $0 > 0.005 ? .win : $0 < -0.005 ? .loss : .breakeven,
                from: day + 1, to: day + 60, toSession: 40)
        }
        return row
    }

    @Test(
        "a p-value is scipy's, far from the middle and near it",
        arguments: [
            (0.5, 3, 0.6666666666666666), (0.1, 10, 0.7834244062500001),
            (-0.3, 50, 0.034286180032930026), (0.02, 1000, 0.5275648290415019),
            (0.9, 30, 1.3166060700263861e-11), (-0.999, 8, 2.498125374999898e-09),
            (1e-6, 500, 0.9999822034133425), (0.25, 20_001, 1.2021087180486934e-282),
            (0.07, 4, 0.9299999999999999), (0.6, 200, 6.066612201047932e-21),
        ] as [(Double, Int, Double)])
    func pValues(correlation: Double, rows: Int, expected: Double) {
        let found = CorrelationTest.pValue(correlation, rows: rows)
        #expect(abs(found / expected - 1) < 1e-11, "\(found)")
    }

    @Test("a correlation of one has no doubt left, of none no evidence")
    func extremes() {
        #expect(CorrelationTest.pValue(1, rows: 10) == 0)
        #expect(CorrelationTest.pValue(-1, rows: 3) == 0)
        #expect(CorrelationTest.pValue(0, rows: 10) == 1)
        let line = CorrelationTest([1, 2, 3, 4], [2, 4, 6, 8])
        #expect(abs(line.correlation - 1) < 1e-15 && line.pValue < 1e-12)
        for pair in [([1.0, 1, 1], [1.0, 2, 3]), ([1, 2, 3], [5, 5, 5]), ([1, 2], [3, 4])] {
            let test = CorrelationTest(pair.0, pair.1)
            #expect(test.correlation.isNaN && test.pValue.isNaN)
        }
    }

    @Test("high is strictly above the median, and lift is in percent")
    func sides() throws {
        let rows = [(1, 0.01), (2, -0.02), (2, 0.03), (3, 0.05), (2, 0.001)].map {
            Self.row([Float($0.0)], $0.1)
        }
        let analysis = try #require(FeatureAnalysis(rows, columns: 1))
        let measured = analysis.features[0]
        #expect(measured.median == 2)
        #expect(measured.high.rows == 1 && measured.low.rows == 4)
        #expect(measured.high.meanPercent == 5 && measured.high.winRate == 1)
        #expect(abs(measured.low.meanPercent - 0.525) < 1e-12 && measured.low.winRate == 0.5)
        #expect(abs(measured.lift - 4.475) < 1e-12 && measured.isUseful)
    }

    @Test("the median is that of sorted values, few or many of them equal", arguments: 3...60)
    func medians(rows: Int) throws {
        var generator = SeededGenerator(seed: UInt64(rows))
        for distinct in [1, 2, 7, 1000] {
            let values = (0..<rows).map { _ in
                Float(Int.random(in: 0..<distinct, using: &generator))
            }
            let analysis = try #require(
                FeatureAnalysis(values.map { Self.row([$0], 0.01) }, columns: 1))
            let sorted = values.map(Double.init).sorted()
            let expected = (sorted[(rows - 1) / 2] + sorted[rows / 2]) / 2
            #expect(analysis.features[0].median == expected)
            #expect(analysis.features[0].high.rows == sorted.count { $0 > expected })
        }
    }

    @Test("unknown values are left out of their own feature alone; immature rows out of all")
    func unknown() throws {
        let rows = [
            Self.row([1, .nan], 0.01), Self.row([2, 5], 0.02), Self.row([3], 0.03),
            Self.row([900, 6], nil),
        ]
        let analysis = try #require(FeatureAnalysis(rows, columns: 2))
        #expect(analysis.rows == 3)
        #expect(analysis.features[0].median == 2)
        #expect(abs(analysis.features[0].test.correlation - 1) < 1e-12)
        let second = analysis.features[1]
        #expect(second.median == 5 && second.high.rows == 0 && second.low.rows == 1)
        #expect(second.test.correlation.isNaN && second.lift.isNaN && !second.isUseful)
        #expect(second.recommendedWeight.isNaN)
        #expect(FeatureAnalysis(Array(rows.dropFirst()), columns: 2) == nil, "two labels")
    }

    @Test("a weight follows r between 0 and 1, whatever the sign")
    func weights() throws {
        let up = (0..<10).map { Self.row([Float($0)], Double($0) / 100) }
        let down = (0..<10).map { Self.row([Float($0)], -Double($0) / 100) }
        let rising = try #require(FeatureAnalysis(up, columns: 1)).features[0]
        let falling = try #require(FeatureAnalysis(down, columns: 1)).features[0]
        #expect(abs(rising.recommendedWeight - 0.5) < 1e-12)
        #expect(falling.recommendedWeight == 0, ".2 − .3 is below 0")
    }

    @Test(
        "every figure is scipy's and pandas' on the same rows",
        .enabled(if: hasSciPy, "no Python with scipy and pandas; set RECOUNT_PYTHON to one"))
    func scipy() throws {
        var generator = SeededGenerator(seed: 41)
        let cases = try [3, 4, 17, 250, 2_000].map { count -> String in
            let rows = (0..<count).map { number -> TrainingRow in
                let noise = Double.random(in: -0.1...0.1, using: &generator)
                let related = Float(noise + Double.random(in: -0.2...0.2, using: &generator))
                let small = Float(Int.random(in: 0...3, using: &generator))
                let isKnown = number < 2 || Bool.random(using: &generator)
                return Self.row([related, small, 1, isKnown ? -related : .nan], noise)
            }
            return try Self.json(rows)
        }
        let folder = TemporaryFolder()
        let file = try folder.write("cases.json", "[\(cases.joined(separator: ","))]")
        #expect(Commands.run(python, [script, file]))
        let wrong = cases.map { $0.replacing("\"lift_pct\":", with: "\"lift_pct\":1") }
        let other = try folder.write("wrong.json", "[\(wrong.joined(separator: ","))]")
        #expect(!Commands.run(python, [script, other]))
    }

    /// Rows and what was measured over them, as the script reads it.
    private static func json(_ rows: [TrainingRow]) throws -> String {
        let analysis = try #require(FeatureAnalysis(rows, columns: 4))
        let values = rows.map { row in
            JSONObject.list(
                ["\(row.label!.netReturn)", row.label!.outcome == .win ? "1" : "0"]
                    + row.features.map { $0.isNaN ? "null" : "\(Double($0))" })
        }
        let measured = analysis.features.map { feature in
            var object = JSONObject()
            object.real("correlation_with_return", feature.test.correlation)
            object.real("correlation_p_value", feature.test.pValue)
            object.real("median_value", feature.median)
            object.real("avg_return_when_high", feature.high.meanPercent)
            object.real("avg_return_when_low", feature.low.meanPercent)
            object.real("lift_pct", feature.lift)
            object.integer("sample_size_high", feature.high.rows)
            object.integer("sample_size_low", feature.low.rows)
            object.real("win_rate_when_high", feature.high.winRate)
            object.real("win_rate_when_low", feature.low.winRate)
            object.boolean("feature_useful", feature.isUseful)
            object.real("recommended_weight", feature.recommendedWeight)
            return object.text
        }
        var object = JSONObject()
        object.json("rows", JSONObject.list(values))
        object.json("measured", JSONObject.list(measured))
        return object.text
    }
}
