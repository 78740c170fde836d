public import Events

/// How an order is priced.
public enum OrderPricing: Hashable, Sendable {
    /// At what the market gives.
    case market
    /// At the market's price once it trades at a level or beyond.
    case stop(Price)
    /// At a level or better.
    case limit(Price)
    /// Otherwise, by the broker's word: a foreign order.
    case foreign(String)

    /// The level of a stop.
    public var stopPrice: Price? { if case .stop(let price) = self { price } else { nil } }
}

/// How long an order is good for.
public enum TimeInForce: Hashable, Sendable, CaseIterable {
    /// The session.
    case day
    /// Until it is cancelled; a broker may end it all the same.
    case untilCancelled
    /// The opening auction.
    case opening
    /// Another: a foreign order.
    case foreign
}

/// What a broker is asked for, or was.
public struct OrderRequest: Hashable, Sendable {
    /// Our id.
    public var id: ClientOrderID
    /// What the broker calls the share today.
    public var symbol: Ticker
    /// The broker's id of the share, which a change of symbol leaves; nil where it is not known
    /// yet: then the symbol is compared.
    public var assetID: String?
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
        id: ClientOrderID, symbol: Ticker, assetID: String? = nil, side: OrderSide,
        quantity: Quantity, pricing: OrderPricing, timeInForce: TimeInForce
    ) {
        (self.id, self.symbol, self.assetID, self.side) = (id, symbol, assetID, side)
        (self.quantity, self.pricing, self.timeInForce) = (quantity, pricing, timeInForce)
    }
}

/// What a broker shows of an order.
public enum OrderStatus: Hashable, Sendable, CaseIterable {
    /// Taken, on its way to the exchange or at work there, filled in part or not.
    case working
    /// Working until a cancel that was asked for is done.
    case cancelling
    /// Working until a replacement that was asked for is done.
    case replacing
    /// Filled whole.
    case filled
    /// Ended by a cancel: ours, the broker's or the exchange's.
    case cancelled
    /// Ended by time.
    case expired
    /// Ended by another order in its place.
    case replaced
    /// Refused after it was taken.
    case rejected

    /// Whether nothing can become of it any more.
    public var isTerminal: Bool {
        switch self {
        case .working, .cancelling, .replacing: false
        case .filled, .cancelled, .expired, .replaced, .rejected: true
        }
    }
}

/// An order as a broker shows it at a moment.
public struct BrokerOrder: Hashable, Sendable {
    /// The broker's id.
    public var id: String
    /// The id that its sender gave it, ours or foreign.
    public var clientID: String
    /// The broker's id of the share.
    public var assetID: String
    /// What the broker calls the share.
    public var symbol: String
    /// Buy or sell.
    public var side: OrderSide
    /// Shares.
    public var quantity: Quantity
    /// How it is priced.
    public var pricing: OrderPricing
    /// How long it is good for.
    public var timeInForce: TimeInForce
    /// What became of it.
    public var status: OrderStatus
    /// Shares filled so far.
    public var filled: Quantity
    /// What was paid or got for them so far, dollars, fees apart.
    public var filledValue: Money
    /// When the broker took it.
    public var submittedAt: Instant
    /// When the broker last changed it.
    public var updatedAt: Instant
    /// The broker's id of the order in its place.
    public var replacedBy: String?
    /// The broker's id of the order in whose place it is.
    public var replaces: String?

    /// An order as a broker shows it.
    public init(
        id: String, clientID: String, assetID: String, symbol: String, side: OrderSide,
        quantity: Quantity, pricing: OrderPricing, timeInForce: TimeInForce, status: OrderStatus,
        filled: Quantity = .zero, filledValue: Money = .zero, submittedAt: Instant,
        updatedAt: Instant, replacedBy: String? = nil, replaces: String? = nil
    ) {
        (self.id, self.clientID, self.assetID, self.symbol) = (id, clientID, assetID, symbol)
        (self.side, self.quantity, self.pricing) = (side, quantity, pricing)
        (self.timeInForce, self.status) = (timeInForce, status)
        (self.filled, self.filledValue) = (filled, filledValue)
        (self.submittedAt, self.updatedAt) = (submittedAt, updatedAt)
        (self.replacedBy, self.replaces) = (replacedBy, replaces)
    }

    /// Shares that may still be filled.
    public var rest: Quantity { status.isTerminal ? .zero : quantity - filled }
}
