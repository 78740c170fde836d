public import Events

/// A position that was opened and closed within the run.
public struct ClosedTrade: Hashable, Sendable {
    /// What was held.
    public var ticker: Ticker
    /// The session of the entry fill.
    public var entryDay: Day
    /// The session of the exit fill.
    public var exitDay: Day
    /// Dollars a share paid.
    public var entryPrice: Double
    /// Dollars a share received.
    public var exitPrice: Double
    /// Shares held.
    public var quantity: Quantity
    /// Return on the dollars paid, net of costs; 0.01 is one per cent.
    public var netReturn: Double
    /// Profit or loss, net of costs.
    public var profit: Money
    /// Win, loss or breakeven, by the net return.
    public var outcome: OutcomeClass
    /// `netReturn` less the index from entry to exit, nil without an index.
    public var excessReturn: Double?
    /// Highest return reached while held (maximum favourable excursion), nil when not known.
    public var favorableExcursion: Double?
    /// Lowest return reached while held (maximum adverse excursion), nil when not known.
    public var adverseExcursion: Double?
    /// Why it was closed, as the log names it.
    public var reason: String
    /// Calendar days from entry to exit.
    public var holdingDays: Int
    /// Sessions from entry to exit.
    public var holdingSessions: Int

    /// One closed trade; where the log does not say what it is, a net return beyond half a per cent
    /// is a win or a loss.
    public init(
        ticker: Ticker, entryDay: Day, exitDay: Day, entryPrice: Double, exitPrice: Double,
        quantity: Quantity, netReturn: Double, profit: Money, outcome: OutcomeClass? = nil,
        excessReturn: Double? = nil, favorableExcursion: Double? = nil,
        adverseExcursion: Double? = nil, reason: String,
        holdingDays: Int, holdingSessions: Int
    ) {
        self.ticker = ticker
        self.entryDay = entryDay
        self.exitDay = exitDay
        self.entryPrice = entryPrice
        self.exitPrice = exitPrice
        self.quantity = quantity
        self.netReturn = netReturn
        self.profit = profit
        self.outcome = outcome ?? TradeMetrics.outcome(of: netReturn)
        self.excessReturn = excessReturn
        self.favorableExcursion = favorableExcursion
        self.adverseExcursion = adverseExcursion
        self.reason = reason
        self.holdingDays = holdingDays
        self.holdingSessions = holdingSessions
    }
}

/// A position that is still held when the run ends; it stands outside every trade figure.
public struct OpenPosition: Hashable, Sendable {
    /// What is held.
    public var ticker: Ticker
    /// The session of the entry fill.
    public var entryDay: Day
    /// Dollars a share paid.
    public var entryPrice: Double
    /// The last close it is marked at, in dollars a share.
    public var lastPrice: Double
    /// Shares held.
    public var quantity: Quantity
    /// `lastPrice` against `entryPrice`, net of the costs paid so far.
    public var markedReturn: Double
    /// Profit or loss at the last close, net of the costs paid so far.
    public var markedProfit: Money
    /// Whether the last session had no bar of it, so that its mark is stale.
    public var noPrice: Bool

    /// One open position.
    public init(
        ticker: Ticker, entryDay: Day, entryPrice: Double, lastPrice: Double, quantity: Quantity,
        markedReturn: Double, markedProfit: Money, noPrice: Bool
    ) {
        self.ticker = ticker
        self.entryDay = entryDay
        self.entryPrice = entryPrice
        self.lastPrice = lastPrice
        self.quantity = quantity
        self.markedReturn = markedReturn
        self.markedProfit = markedProfit
        self.noPrice = noPrice
    }
}
