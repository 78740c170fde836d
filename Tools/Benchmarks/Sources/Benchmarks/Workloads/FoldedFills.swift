import EventLog
import Events

/// Cash and shares a ticker, folded from fills through their typed views.
struct FoldedFills {
    private(set) var cash = Money.zero
    private var shares = Lookup<Ticker, Quantity>()
    private var names: [Ticker] = []

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
    var tickers: Int { names.count }

    /// Shares of all tickers, in units of 1e-8.
    var held: Int64 { names.reduce(0) { $0 + (shares[$1]?.rawValue ?? 0) } }

    private mutating func evolve(_ fill: borrowing OrderFilledView) {
        cash += fill.cashChange
        let change = fill.side == .buy ? fill.quantity : .zero - fill.quantity
        let known = shares.count
        shares[fill.ticker, default: .zero] = shares[fill.ticker, default: .zero] + change
        if shares.count > known { names.append(fill.ticker) }
    }
}
