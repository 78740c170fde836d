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

    /// Everything that changes the artefact as JSON, keys in a fixed order.
    public var canonicalJSON: String {
        "{\"objective\":\"multi:softprob\",\"num_class\":3,\"max_depth\":\(depth),"
            + "\"rounds\":\(rounds),\"max_bin\":\(bins),\"eta\":\(learningRate),"
            + "\"min_child_weight\":\(minimumChildWeight),\"subsample\":\(subsample),"
            + "\"colsample_bytree\":\(columnSample),\"lambda\":\(lambda),"
            + "\"tree_method\":\"hist\",\"early_stopping_rounds\":\(patience),\"seed\":\(seed)}"
    }
}
