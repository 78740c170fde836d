/// What a strategy means to hold and to buy at most: what halts by rule are judged by.
public struct EntryPlan: Hashable, Sendable {
    /// Largest share of the portfolio's value that a holding is meant to have; nil without.
    public var largestFraction: Double?
    /// Entry orders a day; nil without a limit.
    public var entriesPerDay: Int?

    /// A plan; nil where a strategy has no such limit.
    public init(largestFraction: Double? = nil, entriesPerDay: Int? = nil) {
        self.largestFraction = largestFraction
        self.entriesPerDay = entriesPerDay
    }
}
