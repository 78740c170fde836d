/// The rules by which simulated orders are filled and holdings are closed out.
public struct MarketRules: Hashable, Sendable {
    /// What trading costs.
    public var costs: Costs
    /// Sessions without a bar after which a holding is closed at its last close; 0 never closes.
    public var noPriceSessions: Int
    /// Taken from the last close of a holding that is closed without a price, as a fraction.
    public var delistingHaircut: Double
    /// Whether quantities may be fractions of a share.
    public var fractionalShares: Bool
    /// Interest on cash a year, as a fraction; credited a 252nd each session.
    public var cashRate: Double

    /// Rules from their parts.
    public init(
        costs: Costs, noPriceSessions: Int, delistingHaircut: Double, fractionalShares: Bool,
        cashRate: Double
    ) {
        self.costs = costs
        self.noPriceSessions = noPriceSessions
        self.delistingHaircut = delistingHaircut
        self.fractionalShares = fractionalShares
        self.cashRate = cashRate
    }
}
