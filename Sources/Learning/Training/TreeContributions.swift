/// How much each feature moved the scores of one row (TreeSHAP, Lundberg and others 2020).
///
/// The parts of a class sum to its score before softmax, up to rounding in Float32.
public struct TreeContributions: Hashable, Sendable {
    /// What makes up the score of one class.
    public struct Part: Hashable, Sendable {
        /// Contribution of each feature in catalogue order.
        public var features: [Float]
        /// Score of a row of which nothing is known.
        public var bias: Float

        /// A part from its values.
        public init(features: [Float], bias: Float) {
            self.features = features
            self.bias = bias
        }
    }

    /// Of the score for a loss.
    public var loss: Part
    /// Of the score for a breakeven.
    public var breakeven: Part
    /// Of the score for a win.
    public var win: Part

    /// Contributions from their parts.
    public init(loss: Part, breakeven: Part, win: Part) {
        self.loss = loss
        self.breakeven = breakeven
        self.win = win
    }
}
