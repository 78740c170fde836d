import EventLog
import Events

/// Cash and shares a ticker, folded from fills through their typed views.
struct FoldedFills {
    private(set) var cash = Money.zero
    private var slots = Lookup<Ticker, Int>()
    private var shares: [Quantity] = []

    init() {}

    /// Folds a whole log.
    init(_ log: EventLog) throws {
        try log.read { record in
            if try MessageHeader(record.message).templateID == OrderFilled.templateID {
                evolve(try OrderFilledView(record.message))
            }
            return .proceed
        }
    }

    /// Tickers ever held.
    var tickers: Int { shares.count }

    /// Shares of all tickers, in units of 1e-8.
    var held: Int64 { shares.reduce(0) { $0 + $1.rawValue } }

    private mutating func evolve(_ fill: borrowing OrderFilledView) {
        cash += fill.cashChange
        let change = fill.side == .buy ? fill.quantity : .zero - fill.quantity
        let ticker = fill.ticker
        if let slot = slots[ticker] {
            shares[slot] = shares[slot] + change
        } else {
            slots[ticker] = shares.count
            shares.append(change)
        }
    }
}
