public import Events

/// The portfolio at the close of one session, and what the index did in it.
public struct DailyRecord: Hashable, Sendable {
    /// The session.
    public var day: Day
    /// Cash and holdings at the close.
    public var value: Money
    /// Cash at the close.
    public var cash: Money
    /// Market value of the holdings divided by `value`, after the close.
    public var exposure: Double
    /// Simple return of the index from the previous session's close, nil when it is not known.
    public var indexReturn: Double?
    /// Whether the index has a level of the session.
    public var hasIndex: Bool
    /// Open positions after the close.
    public var openPositions: Int
    /// Dollars bought plus dollars sold in the session.
    public var turnover: Money

    /// One session's record.
    public init(
        day: Day, value: Money, cash: Money, exposure: Double, indexReturn: Double?,
        hasIndex: Bool = true, openPositions: Int, turnover: Money
    ) {
        self.day = day
        self.value = value
        self.cash = cash
        self.exposure = exposure
        self.indexReturn = indexReturn
        self.hasIndex = hasIndex
        self.openPositions = openPositions
        self.turnover = turnover
    }
}
