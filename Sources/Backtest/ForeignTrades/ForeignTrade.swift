public import Events

/// When another engine says that it filled: a day, and an instant where it names one.
public struct ForeignMoment: Hashable, Sendable {
    /// The day.
    public var day: Day
    /// The instant; nil for a bare date, and for midnight, which daily bars carry.
    public var instant: Instant?

    /// A moment from its parts.
    public init(day: Day, instant: Instant? = nil) {
        (self.day, self.instant) = (day, instant)
    }
}

/// A trade of another engine, as one row of its file tells it: a whole round trip, or the part of a
/// position that one exit closed.
public struct ForeignTrade: Hashable, Sendable {
    /// The line of the file.
    public var line: Int
    /// The symbol as the file has it.
    public var symbol: String
    /// Whether it gains when the price falls.
    public var isShort: Bool
    /// Shares, positive.
    public var quantity: Double
    /// The entry.
    public var entry: ForeignMoment
    /// Dollars a share.
    public var entryPrice: Double
    /// The exit; nil while it is held.
    public var exit: ForeignMoment?
    /// Dollars a share; nil while it is held.
    public var exitPrice: Double?
    /// Dollars of all fees.
    public var costs: Double
    /// The profit that the file states; nil without.
    public var profit: Double?
    /// When it was decided, where the file says so.
    public var decided: ForeignMoment?

    /// A trade from its parts.
    public init(
        line: Int, symbol: String, isShort: Bool, quantity: Double, entry: ForeignMoment,
        entryPrice: Double, exit: ForeignMoment?, exitPrice: Double?, costs: Double,
        profit: Double? = nil, decided: ForeignMoment? = nil
    ) {
        (self.line, self.symbol, self.isShort) = (line, symbol, isShort)
        (self.quantity, self.entry, self.entryPrice) = (quantity, entry, entryPrice)
        (self.exit, self.exitPrice, self.costs) = (exit, exitPrice, costs)
        (self.profit, self.decided) = (profit, decided)
    }

    /// 1 for a long, −1 for a short.
    var sign: Double { isShort ? -1 : 1 }
    /// Dollars at the entry.
    var dollars: Double { quantity * entryPrice }
    /// Profit by its own prices, net of its costs; nil while it is held.
    var ownProfit: Double? {
        exitPrice.map { sign * ($0 - entryPrice) * quantity - costs }
    }
}
