public import Events

/// An account at a broker as a service looked at it last.
public struct AccountStanding: Codable, Hashable, Sendable {
    /// Shares of a symbol.
    public struct Position: Codable, Hashable, Sendable {
        /// The symbol.
        public var symbol: String
        /// Shares.
        public var quantity: Double
        /// The broker's average price, dollars a share.
        public var averagePrice: Double

        /// Shares of a symbol.
        public init(symbol: String, quantity: Double, averagePrice: Double) {
            (self.symbol, self.quantity) = (symbol, quantity)
            self.averagePrice = averagePrice
        }
    }

    /// `paper` or `live`.
    public var mode: String
    /// The account's id, as a person knows it.
    public var account: String
    /// Cash and positions, dollars.
    public var equity: Double
    /// Cash, dollars.
    public var cash: Double
    /// When it was looked at, seconds since 1970.
    public var second: Int64
    /// What differs from the log, a sentence each; nothing where all is well.
    public var differences: [String]
    /// What it holds, by symbol.
    public var positions: [Position]
    /// Orders of others that are open, by symbol.
    public var foreignOrders: [String]
    /// Orders of the run that are open.
    public var openOrders: Int

    /// An account before anything of it but its cash was looked at.
    public init(
        mode: String, account: String, equity: Money, cash: Money, at instant: Instant
    ) {
        (self.mode, self.account) = (mode, account)
        (self.equity, self.cash) = (equity.dollars, cash.dollars)
        second = instant.rawValue / 1_000_000_000
        (differences, positions, foreignOrders, openOrders) = ([], [], [], 0)
    }
}
