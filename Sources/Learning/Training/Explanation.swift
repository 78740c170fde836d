/// Why a model said what it said of one row: what each feature added to its scores.
///
/// The share p = P(win) / (P(win) + P(loss)) is σ(win − loss), so a feature moves the log-odds of p
/// by its contribution to the score of a win less that to the score of a loss. Exact up to
/// rounding.
public struct Explanation: Hashable, Sendable {
    /// What one feature added.
    public struct Term: Hashable, Sendable {
        /// Catalogue number.
        public let feature: Int
        /// Its value, NaN where unknown.
        public let value: Float
        /// To the score of a win.
        public let win: Double
        /// To the score of a loss.
        public let loss: Double
        /// To the score of a breakeven.
        public let breakeven: Double
        /// To the log-odds of the share.
        public var logOdds: Double { win - loss }
    }

    /// The features, the largest effect on the log-odds first; of equals the earlier feature.
    public let terms: [Term]
    /// Scores of a row of which nothing is known.
    public let bias: Term
    /// What the terms and the bias sum to.
    public let sum: Term
    /// The largest difference between a sum and the score that the model's trees give.
    public let error: Double

    /// Up to which difference sums are taken as the scores: rounding in Float32.
    public static let tolerance = 1e-4

    /// Whether the contributions sum to the scores.
    public var isWhole: Bool { error <= Explanation.tolerance }

    /// An explanation from contributions and the scores that they explain.
    ///
    /// - Precondition: there are as many contributions as features.
    public init(
        _ contributions: TreeContributions, row: [Float], scores: (Float, Float, Float)
    ) {
        precondition(
            contributions.win.features.count == row.count, "each feature has its contribution")
        let (loss, breakeven, win) = (
            contributions.loss, contributions.breakeven, contributions.win
        )
        let terms = row.indices.map {
            Term(
                feature: $0, value: row[$0], win: Double(win.features[$0]),
                loss: Double(loss.features[$0]), breakeven: Double(breakeven.features[$0]))
        }
        bias = Term(
            feature: -1, value: .nan, win: Double(win.bias), loss: Double(loss.bias),
            breakeven: Double(breakeven.bias))
        sum = Term(
            feature: -1, value: .nan, win: terms.reduce(bias.win) { $0 + $1.win },
            loss: terms.reduce(bias.loss) { $0 + $1.loss },
            breakeven: terms.reduce(bias.breakeven) { $0 + $1.breakeven })
        error = max(
            (sum.loss - Double(scores.0)).magnitude,
            (sum.breakeven - Double(scores.1)).magnitude, (sum.win - Double(scores.2)).magnitude)
        self.terms = terms.sorted {
            ($1.logOdds.magnitude, $0.feature) < ($0.logOdds.magnitude, $1.feature)
        }
    }
}
