public import Events

/// Shares that are held because an entry order was filled, wholly or in part.
public struct Holding: Sendable {
    /// Why a holding is being closed, and the order that does it.
    public struct Exit: Sendable {
        /// Why.
        public let reason: ExitReason
        /// The ExitTriggered.
        public let trigger: Reference
        /// The opposite signal behind it; none without.
        public let signal: Reference
        /// What was observed when it was decided, dollars.
        public let observed: Double?
        /// The session after which it was decided.
        public let day: Day
        /// The exit order at the market; none while there is none, and the exit is due.
        public internal(set) var order = Reference.none
        /// Exit orders submitted so far.
        public internal(set) var attempts = 0
    }

    /// What is kept of the entry order: holdings move as others come and go, and all of it would be
    /// most of them.
    public struct Terms: Sendable {
        /// The OrderSubmitted.
        public let order: Reference
        /// The SignalGenerated behind it.
        public let signal: Reference
        /// The session after which it was decided.
        public let day: Day
        /// Calendar days held at most; 0 without.
        public let timeoutDays: UInt16
        /// Stop distance from the entry price, dollars.
        public internal(set) var stopDistance: Double?
        /// Trailing stop below the running high, as a fraction.
        public let trailingFraction: Double?
        /// Take-profit above the entry price, as a fraction.
        public let targetFraction: Double?

        init(_ order: WorkingOrder) {
            self.order = order.id
            signal = order.request.signal
            (day, timeoutDays) = (order.request.day, order.request.timeoutDays)
            stopDistance = order.request.stopDistance
            trailingFraction = order.request.trailingFraction
            targetFraction = order.request.targetFraction
        }
    }

    /// The entry OrderSubmitted: the holding's identity. (Of a fill that came after its holding had
    /// its outcome, that fill.)
    public let id: Reference
    /// The symbol.
    public let ticker: Ticker
    /// What its entry order asked for, on the scale of the shares of today.
    public internal(set) var terms: Terms
    /// Its ticker's slot among the prices.
    public let slot: Int
    /// First event of the chain.
    public let correlation: Reference
    /// The first entry OrderFilled.
    public let entryFill: Reference
    /// Session of the first entry fill.
    public let entryDay: Day
    /// Number of that session.
    public let entrySession: Int
    /// Where in the session it was entered.
    public let entryTiming: FillTiming
    /// Mean price paid, dollars a share, weighted by quantity, slippage included.
    public internal(set) var entryPrice: Double
    /// Of an adopted holding the broker's average price, dollars a share: of its outcome alone.
    public internal(set) var paidPrice: Double?
    /// What the entry took from cash, commission included.
    public internal(set) var cost: Money
    /// Shares bought so far.
    public internal(set) var bought: Quantity

    /// What dividends multiplied earlier prices with since the entry: levels follow it, the price
    /// paid does not.
    public internal(set) var dividendFactor = 1.0
    /// Dividends, and cash for fractions of shares, so far.
    public internal(set) var income: Money = .zero

    /// Shares still held.
    public internal(set) var quantity: Quantity
    /// What exits brought so far, commission taken off.
    public internal(set) var proceeds: Money = .zero
    /// Shares sold so far.
    public internal(set) var sold: Quantity = .zero
    /// Mean price of the exits so far, dollars a share, weighted by quantity.
    public internal(set) var meanExitPrice = 0.0
    /// Stop, dollars: from the first fill while the entry order works, fixed when it is done.
    public internal(set) var stopLevel: Double?
    /// Take-profit, dollars, fixed as the stop is.
    public internal(set) var targetLevel: Double?
    /// Highest price since entry, dollars.
    public internal(set) var highestHigh: Double
    /// Lowest price since entry, dollars.
    public internal(set) var lowestLow: Double
    /// Highest close up to the latest marked session, nil before the first.
    var highestMark: Double?
    /// Why it is being closed, nil while it is not.
    public internal(set) var exit: Exit?

    /// The price paid less what dividends since have taken from the price of a share: what prices
    /// of today are compared with.
    public var adjustedEntryPrice: Double { entryPrice * dividendFactor }

    /// The higher of the entry price and the highest close up to the latest marked session.
    public var highestClose: Double {
        highestMark.map { max(adjustedEntryPrice, $0) } ?? adjustedEntryPrice
    }

    /// Why it is being closed, nil while it is not.
    public var exitReason: ExitReason? { exit?.reason }

    /// Whether its closing was decided and no order for it is at the market.
    public var isExitDue: Bool { exit.map { $0.order == .none } ?? false }

    /// Whether exits rest at the market, from the first fill on: a stop, a trailing stop or a
    /// take-profit.
    @inlinable
    public var carriesLevels: Bool {
        terms.stopDistance != nil || terms.trailingFraction != nil || terms.targetFraction != nil
    }

    /// The resting sell level of this session and its reason: the higher of stop and trailing
    /// stop, nil when the holding carries neither.
    public var restingLevel: (level: Double, reason: ExitReason)? {
        let trailing = terms.trailingFraction.map { highestClose * (1 - $0) }
        guard let stopLevel else { return trailing.map { ($0, .trailingStop) } }
        guard let trailing, trailing > stopLevel else { return (stopLevel, .stop) }
        return (trailing, .trailingStop)
    }

    /// Fixes stop and take-profit by the mean price paid.
    mutating func setLevels() {
        stopLevel = terms.stopDistance.map { adjustedEntryPrice - $0 }
        targetLevel = terms.targetFraction.map { adjustedEntryPrice * (1 + $0) }
    }

    /// Shares, averages and levels follow a corporate action; gives the cash that it brings.
    mutating func apply(_ change: ShareChange, fractional: Bool) -> Money {
        let (shares, inLieu) = change.shares(quantity, fractional: fractional)
        // What is held is the holder's before the ex-date, and so is the dividend.
        let cash = inLieu + Money(dollars: shares.shares * change.dividend)
        income += cash
        quantity = shares
        if change.split != 1 {
            bought = Quantity(shares: bought.shares * change.split, fractional: true)
            sold = Quantity(shares: sold.shares * change.split, fractional: true)
            entryPrice *= change.splitFactor
            meanExitPrice *= change.splitFactor
        }
        dividendFactor *= change.dividendFactor
        let factor = change.priceFactor
        stopLevel = stopLevel.map { $0 * factor }
        targetLevel = targetLevel.map { $0 * factor }
        highestHigh *= factor
        lowestLow *= factor
        highestMark = highestMark.map { $0 * factor }
        terms.stopDistance = terms.stopDistance.map { $0 * factor }
        return cash
    }
}

extension OrderSubmitted {
    /// The order of as many new shares, its distances and prices on their scale.
    mutating func apply(_ change: ShareChange, fractional: Bool) {
        quantity = change.shares(quantity, fractional: fractional).new
        referencePrice *= change.priceFactor
        stopDistance = stopDistance.map { $0 * change.priceFactor }
        limitPrice = limitPrice.map { $0 * change.priceFactor }
    }
}

/// A holding of which nothing is left and whose outcome is not yet recorded.
public struct ClosedHolding: Sendable {
    /// The holding as it stood after its last exit.
    public let holding: Holding
    /// The last exit OrderFilled.
    public let exitFill: Reference
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
