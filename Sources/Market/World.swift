public import Events

/// Everything that is shared by all deciders of a run: sessions, prices, indices, portfolio.
public struct World: Sendable {
    /// How orders are filled.
    public let rules: MarketRules
    /// Prices up to the latest closed session.
    public var prices: PriceBook
    /// The market index.
    public var index = IndexBook()
    /// The volatility index.
    public var volatility = IndexBook()
    /// Cash, holdings, orders.
    public var portfolio: Portfolio
    /// The latest closed session, nil before the first.
    public private(set) var day: Day?
    /// The session before it.
    public private(set) var previousDay: Day?

    /// A world before its first session.
    public init(rules: MarketRules, cash: Money, historySessions: Int) {
        self.rules = rules
        self.prices = PriceBook(historySessions: historySessions)
        self.portfolio = Portfolio(cash: cash)
    }

    /// The number of the latest closed session, from 0; −1 before the first.
    public var session: Int { prices.sessions - 1 }

    /// Cash plus holdings at their latest closes.
    public var value: Money { portfolio.value(prices) }

    /// Takes a session's bars.
    ///
    /// - Precondition: sessions come in ascending order of day.
    public mutating func close(_ event: borrowing SessionClosedView) {
        let closing = event.day
        precondition(day.map { $0 < closing } ?? true, "sessions come in ascending order of day")
        previousDay = day
        day = closing
        prices.close(event.bars)
    }
}
