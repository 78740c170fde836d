public import Events

/// How well a model's raw probabilities agree with what came out.
public struct Calibration: Hashable, Sendable {
    /// Rows of similar P(win).
    public struct Bin: Hashable, Sendable {
        /// The lower bound of P(win): a whole number of tenths.
        public var lower: Double
        /// Mean P(win) of the rows.
        public var predicted: Double
        /// Share of the rows that are wins.
        public var observed: Double
        /// Rows in the bin.
        public var rows: Int
    }

    /// Sum over the rows of Σ (probability − outcome)² over the classes.
    private var squares = 0.0
    private var rows = 0
    private var sums = [Double](repeating: 0, count: 10)
    private var wins = [Int](repeating: 0, count: 10)
    private var counts = [Int](repeating: 0, count: 10)

    /// A calibration of no rows.
    public init() {}

    /// Takes the next row.
    public mutating func add(_ probabilities: TreeEnsemble.Probabilities, label: OutcomeClass) {
        for outcome in ClassTally.classes {
            let miss = Double(probabilities[outcome]) - (outcome == label ? 1 : 0)
            squares += miss * miss
        }
        rows += 1
        let win = Double(probabilities.win)
        let bin = Calibration.bin(of: win)
        sums[bin] += win
        counts[bin] += 1
        if label == .win { wins[bin] += 1 }
    }

    /// The multi-class Brier score, 0 best and 2 worst; nil without rows.
    public var brier: Double? { rows == 0 ? nil : squares / Double(rows) }

    /// The bins that have rows, in order.
    public var bins: [Bin] {
        counts.indices.filter { counts[$0] > 0 }.map { bin in
            let rows = Double(counts[bin])
            return Bin(
                lower: Double(bin) / 10, predicted: sums[bin] / rows,
                observed: Double(wins[bin]) / rows, rows: counts[bin])
        }
    }

    /// The last of ten bins whose lower bound i/10 is not above the probability; 1 is in the last.
    private static func bin(of probability: Double) -> Int {
        (1...9).reversed().first { probability >= Double($0) / 10 } ?? 0
    }
}
