public import Events

/// A position of a live run, or of a backtest beside it, up to the close at which both are
/// compared.
public struct ShadowTrade: Hashable, Sendable {
    /// What names a position in both: the session after which it was decided, and its ticker.
    public struct Key: Hashable, Comparable, Sendable {
        /// The session.
        public let day: Day
        /// The symbol.
        public let ticker: Ticker

        /// In the order of sessions, then of tickers.
        public static func < (left: Key, right: Key) -> Bool {
            (left.day, left.ticker) < (right.day, right.ticker)
        }
    }

    /// What names it in both.
    public let key: Key
    /// The entry OrderSubmitted.
    public let order: Reference
    /// The first entry OrderFilled.
    public let fill: Reference
    /// Session of the first entry fill.
    public let entryDay: Day
    /// Shares bought, as they were then.
    public var bought: Quantity = .zero
    /// Mean price paid, dollars a share.
    public var entryPrice = 0.0
    /// What the entry took from cash, commission included.
    public var cost: Money = .zero
    /// Session of the last exit fill; nil while it is held.
    public var exitDay: Day?
    /// Mean price of the exits; while it is held its latest close.
    public var exitPrice = 0.0
    /// Why it was closed; nil while it is held.
    public var reason: ExitReason?
    /// The level that closed it, dollars; nil without.
    public var level: Double?
    /// The last exit OrderFilled; none while it is held.
    public var exitFill = Reference.none
    /// What exits brought, commission taken off.
    public var proceeds: Money = .zero
    /// Shares sold.
    public var sold: Quantity = .zero
    /// Profit net of costs, what is held at its latest close.
    public var profit: Money = .zero
    /// How much more than `cost` the books of the run have it at; of what was adopted alone.
    var bookedAbove: Money = .zero
    /// Its class, once its outcome is recorded.
    public var outcome: OutcomeClass?

    init(_ key: Key, order: Reference, fill: Reference, entryDay: Day) {
        (self.key, self.order, self.fill, self.entryDay) = (key, order, fill, entryDay)
    }

    /// Takes a fill of its entry.
    mutating func enter(_ event: OrderFilled) {
        let before = bought.shares * entryPrice
        bought = bought + event.quantity
        entryPrice = (before + event.quantity.shares * event.price) / bought.shares
        cost -= event.cashChange
    }

    /// Takes a fill of an exit.
    mutating func exit(
        _ event: OrderFilled, at reference: Reference, _ trigger: ExitTriggered?
    ) {
        let before = sold.shares * exitPrice
        sold = sold + event.quantity
        exitPrice = (before + event.quantity.shares * event.price) / sold.shares
        proceeds += event.cashChange
        (exitDay, exitFill) = (event.filledOn, reference)
        (reason, level) = (trigger?.reason ?? .person, trigger?.level)
    }

    /// Takes what it is worth while it is held: nothing of it is closed then.
    mutating func hold(at close: Double, profit: Money) {
        (exitDay, reason, level, exitFill) = (nil, nil, nil, .none)
        (exitPrice, self.profit) = (close, profit)
    }
}
