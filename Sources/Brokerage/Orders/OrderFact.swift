public import Events

/// What became of an order, to be written down as a fact.
public enum OrderFact: Hashable, Sendable {
    /// The broker has it.
    case accepted(brokerOrderID: String, assetID: String, at: Instant)
    /// Filled, by what exceeds all that was known: shares, dollars paid or got, shares left.
    case filled(quantity: Quantity, value: Money, remaining: Quantity, at: Instant)
    /// The broker refused it.
    case rejected(Refusal)
    /// What is left of it will not be filled. A fill may come all the same: one that won a race.
    case cancelled(quantity: Quantity, CancelReason)
    /// Time ended it.
    case expired(quantity: Quantity)
    /// Another order stands in its place.
    case replaced(quantity: Quantity, by: String?)
    /// The broker shows another order than the one that was asked for: entries halt.
    case mismatch(OrderMismatch)
}

/// Why an order is cancelled.
public enum CancelReason: Hashable, Sendable, CaseIterable {
    /// A halt.
    case halted
    /// Its window closed before it was sent.
    case missedWindow
    /// It was never seen at the broker, and its window is over. It stays watched.
    case gaveUp
    /// A replacement that was not made. It stays watched.
    case notReplaced
    /// The auction left a rest.
    case auctionOver
    /// A split or a change of symbol.
    case corporateAction
    /// The holding is to be closed another way.
    case exitDue
    /// The broker or the exchange, unasked.
    case broker
    /// The share cannot be traded now.
    case untradable
    /// The broker holds less than it was to sell.
    case notHeld
    /// A person, or anything else that asked for it.
    case requested
}

/// How what a broker shows differs from what was asked.
public enum OrderMismatch: Hashable, Sendable {
    /// Another share.
    case asset(asked: String, shown: String)
    /// The other side.
    case side(asked: OrderSide, shown: OrderSide)
    /// Another number of shares.
    case quantity(asked: Quantity, shown: Quantity)
    /// More filled than was asked for.
    case overfilled(asked: Quantity, filled: Quantity)
    /// Two orders of the broker under one id of ours.
    case doubled(first: String, second: String)
    /// An order that the broker had, and has no more.
    case vanished(brokerOrderID: String)
}
