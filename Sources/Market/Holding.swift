public import Events

/// Shares that are held because an entry order was filled.
public struct Holding: Sendable {
    /// Position of the entry OrderSubmitted: the holding's identity.
    public let id: UInt64
    /// The entry order as it was recorded.
    public let request: OrderSubmitted
    /// Its ticker's slot among the prices.
    public let slot: Int
    /// First event of the chain.
    public let correlation: Reference
    /// Position of the entry OrderFilled.
    public let entryFill: UInt64
    /// Price paid, dollars a share, slippage included.
    public let entryPrice: Double
    /// Session of the entry fill.
    public let entryDay: Day
    /// Number of that session.
    public let entrySession: Int
    /// Where in the session it was entered.
    public let entryTiming: FillTiming
    /// What the entry took from cash, commission included.
    public let cost: Money

    /// Shares still held.
    public var quantity: Quantity
    /// What exits brought so far, commission taken off.
    public var proceeds: Money = .zero
    /// Shares sold so far.
    public var sold: Quantity = .zero
    /// Mean price of the exits so far, dollars a share, weighted by quantity.
    public var meanExitPrice = 0.0
    /// Stop, dollars, fixed at entry.
    public var stopLevel: Double?
    /// Take-profit, dollars, fixed at entry.
    public var targetLevel: Double?
    /// The higher of the entry price and the highest close up to the latest marked session.
    public var highestClose: Double
    /// Highest price since entry, dollars.
    public var highestHigh: Double
    /// Lowest price since entry, dollars.
    public var lowestLow: Double
    /// Why it is being closed, nil while it is not.
    public var exitReason: ExitReason?
    /// The ExitTriggered behind that.
    public var exitTrigger: Reference = .none

    /// The symbol.
    public var ticker: Ticker { request.ticker }

    /// The resting sell level of this session and its reason: the higher of stop and trailing
    /// stop, nil when the holding carries neither.
    public var restingLevel: (level: Double, reason: ExitReason)? {
        let trailing = request.trailingFraction.map { highestClose * (1 - $0) }
        guard let stopLevel else { return trailing.map { ($0, .trailingStop) } }
        guard let trailing, trailing > stopLevel else { return (stopLevel, .stop) }
        return (trailing, .trailingStop)
    }
}

/// A holding of which nothing is left and whose outcome is not yet recorded.
public struct ClosedHolding: Sendable {
    /// The holding as it stood after its last exit.
    public let holding: Holding
    /// Position of the last exit OrderFilled.
    public let exitFill: UInt64
    /// Session of the last exit fill.
    public let exitDay: Day
    /// Number of that session.
    public let exitSession: Int
    /// Where in the session it was closed.
    public let exitTiming: FillTiming
    /// Mean exit price, dollars a share, weighted by quantity.
    public let exitPrice: Double
    /// Why it was closed.
    public let reason: ExitReason
}
