/// How a training set is cut from the rows. The initial values are those of `feedback`.
public struct TrainingRules: Hashable, Sendable {
    /// What a row's weight follows within its source.
    public enum ProfitWeight: String, CaseIterable, Sendable {
        /// The size of the net return.
        case `return`
        /// The size of the dollars won or lost; market rows, which have none, count evenly.
        case dollars
        /// Nothing.
        case none
    }

    /// Weight of outcome rows, on average; market rows have 1.
    public var outcomeWeight = 2.0
    /// Calendar days of outcome rows before the last row that is fitted.
    public var outcomeWindowDays = 90
    /// Decision sessions of market rows.
    public var lookbackSessions = 252
    /// Decision sessions of the holdout.
    public var holdoutSessions = 63
    /// Decision sessions of the early-stopping slice.
    public var earlyStoppingSessions = 21
    /// Sessions between the maturity of a row and what follows it.
    public var embargoSessions = 5
    /// What a row's weight follows.
    public var profitWeight = ProfitWeight.return
    /// Least rows of the training part.
    public var minimumRows = 100
    /// Least wins, and least losses, in it.
    public var minimumClass = 30
    /// Whether outcome rows are asked for.
    public var useOutcomes = true
    /// Bounds of |return| over its mean.
    public static let weightBounds = 0.1...10.0

    /// The values of `feedback`.
    public init() {}
}
