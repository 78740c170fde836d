public import Brokerage
public import Events

/// An order that is sent to the exchange, by whomever.
public struct ExchangeRequest: Hashable, Sendable {
    /// The sender's id; nil lets the exchange give one.
    public var clientID: String?
    /// The symbol.
    public var symbol: String
    /// Buy or sell.
    public var side: OrderSide
    /// Shares.
    public var quantity: Quantity
    /// How it is priced.
    public var pricing: OrderPricing
    /// How long it is good for.
    public var timeInForce: TimeInForce

    /// A request.
    public init(
        clientID: String?, symbol: String, side: OrderSide, quantity: Quantity,
        pricing: OrderPricing, timeInForce: TimeInForce
    ) {
        (self.clientID, self.symbol, self.side) = (clientID, symbol, side)
        (self.quantity, self.pricing, self.timeInForce) = (quantity, pricing, timeInForce)
    }
}

/// An order at the exchange.
public struct ExchangeOrder: Hashable, Sendable {
    /// As it is shown.
    public internal(set) var shown: BrokerOrder
    /// When it was filled whole, expired, cancelled or replaced.
    public internal(set) var endedAt: Instant?
    /// When its cancelling takes effect.
    var cancelsAt: Instant?
    /// Whether its level was touched: what is left of it is a market order.
    var isTriggered = false
    /// Whether it is to be filled by the next auction.
    var waitsForAuction = false

    /// Whether it waits for an auction.
    public var isWaiting: Bool { waitsForAuction }
}

/// A change of an order, as the stream tells it.
public struct ExchangeUpdate: Hashable, Sendable {
    /// The broker's word for it: `new`, `partial_fill`, `fill`, `canceled`, `expired`, `replaced`.
    public let event: String
    /// The order behind it.
    public let order: ExchangeOrder
    /// When.
    public let at: Instant
    /// The execution, of a fill.
    public let execution: Execution?

    /// A trade of an order.
    public struct Execution: Hashable, Sendable {
        /// The broker's id of it.
        public let id: String
        /// Its price.
        public let price: Price
        /// Its shares.
        public let quantity: Quantity
    }
}

/// A part of an order that is to be filled later.
struct PendingExecution: Hashable, Sendable {
    let place: Int
    let at: Instant
    let price: Price
    let quantity: Quantity
}
