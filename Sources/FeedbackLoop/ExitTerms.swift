/// How a strategy leaves what it did not enter itself: the levels of an adopted position.
public struct ExitTerms: Hashable, Sendable {
    /// Stop distance, in average true ranges; 0 without a stop.
    public var stopMultiple: Double
    /// Sessions of the average true range.
    public var rangeSessions: Int
    /// Trailing stop below the highest close, as a fraction; 0 without.
    public var trailingFraction: Double
    /// Calendar days held at most; 0 without.
    public var timeoutDays: UInt16

    /// Terms; without any nothing is adopted.
    public init(
        stopMultiple: Double = 0, rangeSessions: Int = 20, trailingFraction: Double = 0,
        timeoutDays: UInt16 = 0
    ) {
        (self.stopMultiple, self.rangeSessions) = (stopMultiple, rangeSessions)
        (self.trailingFraction, self.timeoutDays) = (trailingFraction, timeoutDays)
    }
}
