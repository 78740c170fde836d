import Events
import Market

/// What a run bought and sold, so that the same decisions can be priced at other costs.
struct RunFills: Sendable {
    /// One fill.
    struct Fill: Sendable {
        /// Session of the fill.
        var day: Day
        /// Buy or sale.
        var side: OrderSide
        /// Shares.
        var quantity: Quantity
        /// Before slippage, dollars a share.
        var marketPrice: Double
        /// As it was filled, dollars a share.
        var price: Double
        /// What it did to cash, dollars.
        var cashChange: Money
        /// Whether slippage is no part of its price: a holding that was closed without one.
        var isCloseOut: Bool
        /// Number of its holding, in order of the first fill.
        var holding: Int
    }

    /// The fills, in order.
    private(set) var fills: [Fill] = []
    /// For each outcome, in order, the number of its holding; nil where its fills are not there.
    private(set) var outcomes: [Int?] = []
    /// What the entries of each holding took from cash, dollars.
    private(set) var paid: [Money] = []

    private var holdings = Lookup<UInt64, Int>()
    /// The entry order of the holding that an exit order closes.
    private var exits = Lookup<UInt64, UInt64>()

    /// Takes the run's event at a position.
    mutating func take(_ message: RawSpan, at position: UInt64) throws {
        switch try MessageHeader(message).templateID {
        case ConfigurationChanged.templateID:
            if try ConfigurationChanged(message: message).endsRehearsal { self = RunFills() }
        case OrderSubmitted.templateID:
            let order = try OrderSubmittedView(message)
            if order.holding != .none { exits[position] = order.holding.position }
        case OrderFilled.templateID:
            let fill = try OrderFilled(message: message)
            let entry = exits[fill.order.position] ?? fill.order.position
            let number = holdings[entry] ?? paid.count
            if number == paid.count {
                holdings[entry] = number
                paid.append(.zero)
            }
            if fill.side == .buy { paid[number] -= fill.cashChange }
            fills.append(
                Fill(
                    day: fill.filledOn, side: fill.side, quantity: fill.quantity,
                    marketPrice: fill.marketPrice, price: fill.price, cashChange: fill.cashChange,
                    isCloseOut: fill.timing == .lastClose, holding: number))
        case OutcomeRecorded.templateID:
            let outcome = try OutcomeRecordedView(message)
            if outcome.source == .loop { outcomes.append(holdings[outcome.entryOrder.position]) }
        default: break
        }
    }
}
