public import Events

/// How each feature went with the net returns of mature labels: the weekly feature analysis.
///
/// Features as they were stored, each over the rows in which it is known. High is strictly above
/// the median, low is at or below it. What cannot be computed is NaN: a correlation of a feature
/// that never varies, or of fewer than 3 rows, and the mean of no rows.
public struct FeatureAnalysis: Sendable {
    /// One feature's figures.
    public struct Measured: Hashable, Sendable {
        /// Catalogue number.
        public var feature: Int
        /// Pearson's r with the net return, and its p-value.
        public var test: CorrelationTest
        /// Median of the known values.
        public var median: Double
        /// Rows above the median.
        public var high: Side
        /// Rows at or below it.
        public var low: Side

        /// Mean return above the median less that at or below it, percent.
        public var lift: Double { high.meanPercent - low.meanPercent }
        /// |r| > .1 or |lift| > 1.
        public var isUseful: Bool { test.correlation.magnitude > 0.1 || lift.magnitude > 1 }
        /// clamp(.2 + .3 r, 0, 1).
        public var recommendedWeight: Double {
            let weight = 0.2 + 0.3 * test.correlation
            return weight.isNaN ? weight : max(0, min(1, weight))
        }
    }

    /// The rows on one side of the median.
    public struct Side: Hashable, Sendable {
        /// Number of rows.
        public var rows = 0
        /// Their mean net return, percent.
        public var meanPercent = Double.nan
        /// Share of wins among them, a fraction.
        public var winRate = Double.nan
    }

    /// Rows with a mature label.
    public let rows: Int
    /// Every feature, in catalogue order.
    public let features: [Measured]

    /// The fewest rows over which anything is measured.
    public static let fewestRows = 3

    /// Measures the features of rows with labels; rows without one are passed over. Nil under
    /// `fewestRows` rows with a label. A row of an earlier schema has fewer than `columns` features; those that it lacks are
    /// unknown.
    public init?(_ rows: [TrainingRow], columns: Int) {
        let labelled = rows.filter { $0.label != nil }
        guard labelled.count >= FeatureAnalysis.fewestRows else { return nil }
        self.rows = labelled.count
        features = (0..<columns).map { FeatureAnalysis.measure($0, labelled) }
    }

    private static func measure(_ feature: Int, _ rows: [TrainingRow]) -> Measured {
        var values: [Double] = []
        var returns: [Double] = []
        var wins: [Bool] = []
        for row in rows {
            guard let label = row.label, feature < row.features.count,
                !row.features[feature].isNaN
            else { continue }
            values.append(Double(row.features[feature]))
            returns.append(label.netReturn)
            wins.append(label.outcome == .win)
        }
        let median = median(values)
        func side(_ isOn: (Double) -> Bool) -> Side {
            var (count, won, sum) = (0, 0, 0.0)
            for (index, value) in values.enumerated() where isOn(value) {
                count += 1
                if wins[index] { won += 1 }
                sum += returns[index]
            }
            guard count > 0 else { return Side() }
            return Side(
                rows: count, meanPercent: 100 * sum / Double(count),
                winRate: Double(won) / Double(count))
        }
        return Measured(
            feature: feature, test: CorrelationTest(values, returns), median: median,
            high: side { $0 > median }, low: side { $0 <= median })
    }

    /// The middle value, or the mean of both middle ones; NaN of none.
    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        guard !sorted.isEmpty else { return .nan }
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The event that stores the analysis.
    public func message(envelope: Envelope, day: Day, windowDays: Int)
        -> FeatureImportanceMeasured
    {
        FeatureImportanceMeasured(
            envelope: envelope, day: day, windowDays: UInt16(windowDays), rows: UInt32(rows),
            featureSchema: FeatureCatalogue.schema,
            features: features.map {
                FeatureImportanceMeasured.Feature(
                    correlation: $0.test.correlation, pValue: $0.test.pValue, median: $0.median,
                    averageHigh: $0.high.meanPercent, averageLow: $0.low.meanPercent,
                    lift: $0.lift, winRateHigh: $0.high.winRate, winRateLow: $0.low.winRate,
                    recommendedWeight: $0.recommendedWeight, high: UInt32($0.high.rows),
                    low: UInt32($0.low.rows), feature: UInt16($0.feature), useful: $0.isUseful)
            })
    }
}
