/// What a trainer is told beside the rows. The initial values are sized for thousands of rows.
public struct TrainingParameters: Hashable, Sendable {
    /// Most levels of a tree.
    public var depth = 4
    /// Most boosting rounds.
    public var rounds = 60
    /// Bins of the histogram of a feature.
    public var bins = 64
    /// Learning rate.
    public var learningRate = 0.1
    /// Least sum of row weights in a child.
    public var minimumChildWeight = 5.0
    /// Share of rows a round draws.
    public var subsample = 1.0
    /// Share of columns a tree draws.
    public var columnSample = 1.0
    /// What is expected before any row is read; nil when nothing is.
    public var prior: Prior?
    /// Least gain of a split; 0 is any.
    public var minimumGain = 0.0
    /// 1 for each column whose growth may only raise the scores of the trees that rows make, else
    /// 0; empty when none is such. A prior's trees stand apart: they lower the score of a loss.
    ///
    /// XGBoost holds it against every class's score: no such tree takes a win away where the column
    /// grows, nor a loss; those of a loss can only add to it.
    public var risingColumns: [Int] = []
    /// L2 penalty on leaf values.
    public var lambda = 1.0
    /// Rounds without a better early-stopping loss after which training ends; 0 never.
    public var patience = 10
    /// Threads of the trainer; the artefact's bytes do not depend on it, so it is no parameter.
    public static let threads = 1
    /// The seed.
    public var seed: UInt64 = 7_266

    /// The defaults.
    public init() {}

    /// Everything that changes the artefact as JSON, keys in a fixed order; what is 0, empty or
    /// nil at the start only where it is asked for.
    public var canonicalJSON: String {
        "{\"objective\":\"multi:softprob\",\"num_class\":3,\"max_depth\":\(depth),"
            + "\"rounds\":\(rounds),\"max_bin\":\(bins),\"eta\":\(learningRate),"
            + "\"min_child_weight\":\(minimumChildWeight),\"subsample\":\(subsample),"
            + "\"colsample_bytree\":\(columnSample),\"lambda\":\(lambda),"
            + "\"tree_method\":\"hist\",\"early_stopping_rounds\":\(patience),\"seed\":\(seed)"
            + optionalJSON + "}"
    }

    private var optionalJSON: String {
        var text = ""
        if minimumGain > 0 { text += ",\"gamma\":\(minimumGain)" }
        if !risingColumns.isEmpty {
            text +=
                ",\"monotone_constraints\":[\(risingColumns.map { "\($0)" }.joined(separator: ","))]"
        }
        if let prior {
            text += ",\"prior\":{\"feature\":\(prior.column),\"slope\":\(prior.slope)}"
        }
        return text
    }

    /// A column that is known to tell wins from losses, and how well.
    ///
    /// A model starts from a round of trees that add `slope` times the column to the score of the
    /// class win and take as much from that of the class loss: the log-odds of a win against a loss
    /// grow by twice the slope for each unit. Rows then correct it.
    public struct Prior: Hashable, Sendable {
        /// Number of the column.
        public var column: Int
        /// Score a unit of the column.
        public var slope: Double

        /// A prior.
        public init(column: Int, slope: Double) { (self.column, self.slope) = (column, slope) }
    }
}
