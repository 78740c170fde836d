public import Events

/// A stop that rests at the broker, as the broker shows it.
public struct RestingExit: Hashable, Sendable {
    /// Our id of it.
    public var id: ClientOrderID
    /// Shares that it may still sell.
    public var quantity: Quantity
    /// The broker's own level: it moves stops on an ex-date, or not.
    public var level: Price
    /// Whether its cancelling is asked for.
    public var isCancelling: Bool
    /// Whether it was placed before this session's date.
    public var isFromBefore: Bool

    /// A resting stop.
    public init(
        id: ClientOrderID, quantity: Quantity, level: Price, isCancelling: Bool = false,
        isFromBefore: Bool = true
    ) {
        (self.id, self.quantity, self.level) = (id, quantity, level)
        (self.isCancelling, self.isFromBefore) = (isCancelling, isFromBefore)
    }
}

/// What is known of a holding and its exit at a moment.
public struct ExitView: Hashable, Sendable {
    // MARK: The holding

    /// Shares by the log, in shares of today.
    public var held: Quantity
    /// Shares by the broker, read just before.
    public var brokerHeld: Quantity
    /// Shares that other open sells of ours have, the resting stop apart.
    public var otherSells = Quantity.zero
    /// Whether the two differ, unexplained.
    public var hasDifference = false

    // MARK: The level

    /// The higher of stop and trailing level, computed after the last session, dollars.
    public var level: Double
    /// The same, computed the evening before that; nil where there was none. In shares of today.
    public var levelBefore: Double?
    /// Dollars by which the broker lowered the resting stop for dividends since it was placed: a
    /// lower level so explained is kept.
    public var loweredBy = 0.0
    /// Whether a corporate action lies between the two.
    public var hasAction = false
    /// Whether a session has closed since and its close bore the level out.
    public var isBorneOut = false
    /// The last trade.
    public var lastTrade: Price?

    // MARK: The exit

    /// The stop that rests at the broker.
    public var resting: RestingExit?
    /// Whether an order of the holding was requested or sent and nobody knows what became of it, or
    /// a sale of it works.
    public var isInDoubt = false
    /// Whether a stop was refused because the price is through it.
    public var isThrough = false
    /// Whether the broker refused a sale for a reason that passes: wash trade, same day.
    public var isHeldBack = false
    /// How often today a replacement was refused for the order's state.
    public var replaceRefusals = 0

    // MARK: The closing of the holding

    /// Whether it is to be closed: a timeout, an opposite signal, or one that is still due.
    public var isExitDue = false
    /// Whether the sale for it ended without the whole since the last cycle.
    public var hasExitEnded = false
    /// Whether a person stopped new exits.
    public var areExitsHalted = false

    // MARK: The time

    /// The minute of the day in New York.
    public var minute: Int
    /// Whether the date is a session.
    public var isSession = true
    /// Whether a split or a change of symbol has its ex-date today.
    public var isExDate = false

    /// A holding at a minute.
    public init(held: Quantity, brokerHeld: Quantity, level: Double, minute: Int) {
        (self.held, self.brokerHeld) = (held, brokerHeld)
        (self.level, self.minute) = (level, minute)
    }

    /// What may be sold: at most what the broker holds, less what other open sells have.
    public var sellable: Quantity {
        max(.zero, min(held, brokerHeld - otherSells))
    }

    /// Whether the level is more than a tenth above the one of the evening before, without an
    /// action and borne out by no close; or at or above the last trade.
    public var isSuspect: Bool {
        if let lastTrade, let price = wanted, price >= lastTrade { return true }
        guard let levelBefore, !hasAction, !isBorneOut else { return false }
        return level > 1.1 * levelBefore
    }

    /// The wanted level as an order may name it.
    public var wanted: Price? { Price(roundedDown: level - loweredBy) }

    /// Whether the auction of today still takes orders: until 09:28.
    public var isAuctionOpen: Bool { isSession && minute < ExitHours.auctionEnd }

    /// Whether a level may be raised: 09:00 to 09:25, and once more from 09:31 when that was
    /// refused.
    var isReplaceTime: Bool {
        guard isSession else { return false }
        return replaceRefusals == 0
            ? ExitHours.raise..<ExitHours.raiseEnd ~= minute
            : replaceRefusals == 1 && minute >= ExitHours.again
    }

    /// Whether replacing was refused twice: cancel, wait, new order.
    var isUnreplaceable: Bool { replaceRefusals > 1 }
}

/// How long a holding has been without a working exit in market hours.
public struct ProtectionWatch: Hashable, Sendable {
    /// After this, in seconds, there is an alert, and entries halt.
    public static let limit: Int64 = 60
    private var since: Instant?

    /// Nothing was seen yet.
    public init() {}

    /// Whether it has been unprotected for too long, once it is told what holds at an instant.
    /// Hours in which nobody trades do not count.
    public mutating func isTooLong(
        isProtected: Bool, isMarketOpen: Bool, at now: Instant
    ) -> Bool {
        guard !isProtected, isMarketOpen else {
            since = nil
            return false
        }
        let first = since ?? now
        since = first
        return now >= first.adding(seconds: ProtectionWatch.limit)
    }
}
