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
    /// `fewestRows` rows with a label. A row of an earlier schema has fewer than `columns`
    /// features; those that it lacks are unknown.
    public init?(_ rows: [TrainingRow], columns: Int) {
        self.init(rows, at: Array(rows.indices), columns: columns)
    }

    /// Measures the features of the rows at some places, in the order of these.
    public init?(_ rows: [TrainingRow], at places: [Int], columns: Int) {
        let labelled = places.filter { rows[$0].label != nil }
        guard labelled.count >= FeatureAnalysis.fewestRows else { return nil }
        self.rows = labelled.count
        var known = Known(capacity: labelled.count)
        features = (0..<columns).map { feature in
            known.take(feature, rows, labelled)
            return FeatureAnalysis.measure(feature, known)
        }
    }

    /// The rows that know a feature: its values, and what came of each row.
    private struct Known {
        private(set) var values: [Double] = []
        private(set) var returns: [Double] = []
        private(set) var wins: [Bool] = []

        init(capacity: Int) {
            values.reserveCapacity(capacity)
            returns.reserveCapacity(capacity)
            wins.reserveCapacity(capacity)
        }

        mutating func take(_ feature: Int, _ rows: [TrainingRow], _ places: [Int]) {
            values.removeAll(keepingCapacity: true)
            returns.removeAll(keepingCapacity: true)
            wins.removeAll(keepingCapacity: true)
            let rows = rows.span
            for place in places {
                guard let label = rows[place].label, feature < rows[place].features.count
                else { continue }
                let value = rows[place].features[feature]
                guard !value.isNaN else { continue }
                values.append(Double(value))
                returns.append(label.netReturn)
                wins.append(label.outcome == .win)
            }
        }
    }

    private static func measure(_ feature: Int, _ known: Known) -> Measured {
        let median = MiddleValue.median(known.values)
        var (high, low) = (Tally(), Tally())
        for (index, value) in known.values.enumerated() {
            if value > median {
                high.add(known.returns[index], isWin: known.wins[index])
            } else {
                low.add(known.returns[index], isWin: known.wins[index])
            }
        }
        return Measured(
            feature: feature, test: CorrelationTest(known.values, known.returns), median: median,
            high: high.side, low: low.side)
    }

    /// The rows of a side as they are counted.
    private struct Tally {
        private var rows = 0
        private var wins = 0
        private var sum = 0.0

        mutating func add(_ netReturn: Double, isWin: Bool) {
            rows += 1
            if isWin { wins += 1 }
            sum += netReturn
        }

        var side: Side {
            guard rows > 0 else { return Side() }
            return Side(
                rows: rows, meanPercent: 100 * sum / Double(rows),
                winRate: Double(wins) / Double(rows))
        }
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
