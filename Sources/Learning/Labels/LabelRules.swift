public import Events
public import Market

/// The rules of the hypothetical trade: those of an executed one, without what depends on anything
/// but the ticker's prices.
public struct LabelRules: Hashable, Sendable {
    /// Which return is the label.
    public enum Kind: String, CaseIterable, Sendable {
        /// Of the trade with its exits.
        case exits
        /// From the entry's open to the open `horizonSessions` sessions later.
        case horizon
    }

    /// What the return is measured by.
    public enum Measure: String, CaseIterable, Sendable {
        /// Nothing: what the trade itself came to.
        case net
        /// The index: what the trade came to less what the index did from exactly entry to exit.
        case excess
    }

    /// Which return is the label.
    public var kind = Kind.exits
    /// What it is measured by. In each half year most labels rise and fall with the market; a model
    /// of net returns learns the market of its window, and little of the filings.
    public var measure = Measure.excess
    /// What trading costs.
    public var costs: Costs
    /// Stop this many average true ranges below the entry; 0 is off.
    public var stopMultiple: Double
    /// Trailing stop, fraction below the high; 0 is off.
    public var trailingFraction: Double
    /// Take-profit, fraction above the entry; 0 is off.
    public var takeProfitFraction: Double
    /// Calendar days held at most.
    public var timeoutDays: Int
    /// Sessions without a bar after which the trade is closed; 0 is off.
    public var noPriceSessions: Int
    /// Taken from the last close then, a fraction.
    public var delistingHaircut: Double
    /// Net return up to which a trade is neither win nor loss, a fraction.
    public var breakeven: Double
    /// Sessions of a `horizon` label.
    public static let horizonSessions = 21

    /// Rules from their parts.
    public init(
        costs: Costs, stopMultiple: Double, trailingFraction: Double, takeProfitFraction: Double,
        timeoutDays: Int, noPriceSessions: Int, delistingHaircut: Double, breakeven: Double
    ) {
        self.costs = costs
        self.stopMultiple = stopMultiple
        self.trailingFraction = trailingFraction
        self.takeProfitFraction = takeProfitFraction
        self.timeoutDays = timeoutDays
        self.noPriceSessions = noPriceSessions
        self.delistingHaircut = delistingHaircut
        self.breakeven = breakeven
    }

    /// The class of a net return.
    public func outcome(_ netReturn: Double) -> OutcomeClass {
        netReturn > breakeven ? .win : netReturn < -breakeven ? .loss : .breakeven
    }
}
