public import Events
import Market

extension Run.OpenHolding {
    /// What is held.
    public var ticker: Ticker { holding.ticker }
    /// The session of the entry.
    public var entryDay: Day { holding.entryDay }
    /// Dollars a share paid.
    public var entryPrice: Double { holding.entryPrice }
    /// Shares bought.
    public var bought: Quantity { holding.bought }

    /// Profit net of costs, what is still held at its latest close.
    public var profit: Money {
        holding.proceeds + holding.income
            + Money(dollars: holding.quantity.shares * lastClose) - holding.cost
    }
}
