public import Events

/// The account as the broker shows it.
public struct BrokerAccount: Hashable, Sendable {
    /// The broker's id of the account.
    public var id: String
    /// The number of the account, as a person knows it.
    public var number: String
    /// Whether it may trade.
    public var isActive: Bool
    /// Cash, settled or not, dollars.
    public var cash: Money
    /// Cash and positions, dollars.
    public var equity: Money
    /// Fees that are owed and not yet taken from the cash, dollars.
    public var accruedFees: Money
    /// Whether it refuses to sell what it does not hold.
    public var noShorting: Bool
    /// The broker's text of the most that positions may be of the equity: `1` means no loan.
    public var maxMarginMultiplier: String

    /// An account.
    public init(
        id: String, number: String, isActive: Bool, cash: Money, equity: Money,
        accruedFees: Money = .zero, noShorting: Bool, maxMarginMultiplier: String
    ) {
        (self.id, self.number, self.isActive) = (id, number, isActive)
        (self.cash, self.equity, self.accruedFees) = (cash, equity, accruedFees)
        (self.noShorting, self.maxMarginMultiplier) = (noShorting, maxMarginMultiplier)
    }

    /// What keeps a loop from trading on it, as a person reads it; nothing where all is well.
    public var objections: [String] {
        var found: [String] = []
        if !isActive { found.append("the account is not active, or trading is blocked") }
        if !noShorting { found.append("no_shorting must be true") }
        if DecimalText.units(maxMarginMultiplier, decimals: 4) != 10_000 {
            found.append("max_margin_multiplier must be 1, not \(maxMarginMultiplier)")
        }
        return found
    }
}

/// The broker's clock.
public struct BrokerClock: Hashable, Sendable {
    /// What it shows.
    public var now: Instant
    /// Whether the exchange is open.
    public var isOpen: Bool
    /// The next opening after now.
    public var nextOpen: Instant
    /// The next close after now.
    public var nextClose: Instant

    /// A reading of the clock.
    public init(now: Instant, isOpen: Bool, nextOpen: Instant, nextClose: Instant) {
        (self.now, self.isOpen) = (now, isOpen)
        (self.nextOpen, self.nextClose) = (nextOpen, nextClose)
    }
}

/// A session of the broker's calendar.
public struct BrokerSession: Hashable, Sendable {
    /// Its date in New York.
    public var day: Day
    /// When it opens.
    public var open: Instant
    /// When it closes.
    public var close: Instant

    /// A session.
    public init(day: Day, open: Instant, close: Instant) {
        (self.day, self.open, self.close) = (day, open, close)
    }
}

/// A share that a broker knows.
public struct BrokerAsset: Hashable, Sendable {
    /// The broker's id, which stays when the symbol changes.
    public var id: String
    /// Its symbol today.
    public var symbol: String
    /// Whether it can be traded now.
    public var isTradable: Bool

    /// An asset.
    public init(id: String, symbol: String, isTradable: Bool) {
        (self.id, self.symbol, self.isTradable) = (id, symbol, isTradable)
    }
}

/// What an account holds of a share.
public struct BrokerPosition: Hashable, Sendable {
    /// The broker's id of the share.
    public var assetID: String
    /// Its symbol today.
    public var symbol: String
    /// Whether it is a share, and no option or coin.
    public var isShare: Bool
    /// Shares; below zero where they were sold short.
    public var quantity: Quantity
    /// Shares that no open order has set aside.
    public var available: Quantity
    /// The mean price of the entry a share, dollars.
    public var averagePrice: Money
    /// The price of the last trade a share, dollars; nil where the broker gives none.
    public var lastPrice: Money?

    /// A position.
    public init(
        assetID: String, symbol: String, isShare: Bool = true, quantity: Quantity,
        available: Quantity, averagePrice: Money, lastPrice: Money? = nil
    ) {
        (self.assetID, self.symbol, self.quantity) = (assetID, symbol, quantity)
        self.isShare = isShare
        (self.available, self.averagePrice) = (available, averagePrice)
        self.lastPrice = lastPrice
    }
}

/// Something that moved shares or cash of the account.
public struct BrokerActivity: Hashable, Sendable {
    /// What it was.
    public enum Kind: Hashable, Sendable {
        /// A fill of an order: its broker's id, side, shares, price, shares filled with it in all.
        case fill(
            order: String, side: OrderSide, quantity: Quantity, price: Money, cumulative: Quantity)
        /// A fee.
        case fee
        /// A dividend, or what was taken of one.
        case dividend
        /// Interest.
        case interest
        /// Money put in or taken out.
        case transfer
        /// Anything else, by the broker's word: splits, mergers, changes of symbol.
        case other(String)
    }

    /// The broker's id, ascending in time.
    public var id: String
    /// What it was.
    public var kind: Kind
    /// When: the moment of a fill, else the start of its date.
    public var at: Instant
    /// The symbol, where it has one.
    public var symbol: String?
    /// What it added to the cash, dollars; what a fill did, fees apart.
    public var amount: Money

    /// An activity.
    public init(id: String, kind: Kind, at: Instant, symbol: String?, amount: Money) {
        (self.id, self.kind, self.at) = (id, kind, at)
        (self.symbol, self.amount) = (symbol, amount)
    }
}
