public import Events

/// Why a portfolio refuses an event: no legal sequence of orders and answers leads to it.
///
/// Late, repeated and reordered answers are legal, and so is a fill that wins against a cancel.
public enum PortfolioError: Error, Hashable, Sendable {
    /// An answer names an order that nobody submitted.
    case unknownOrder(Reference)
    /// An order was submitted twice.
    case repeatedOrder(Reference)
    /// A sale of a ticker that is not held.
    case notHeld(Ticker, Reference)
    /// A sale of more than is held.
    case oversold(Ticker, held: Quantity, sold: Quantity)
    /// Fills of more than was ordered.
    case overfilled(Reference, ordered: Quantity, filled: Quantity)
    /// A second order entered a ticker that is held.
    case heldTwice(Ticker, Reference)
    /// A fill of a ticker that never had a price.
    case unpriced(Ticker)
    /// A fill of nothing, or of less.
    case emptyFill(Reference)
    /// A fill whose amount, or the cash after it, is more than a ledger holds.
    case beyondLedger(Reference)
}

extension PortfolioError: CustomStringConvertible {
    /// What was refused, and the event that it stands at.
    public var description: String {
        switch self {
        case .unknownOrder(let order):
            "an answer names the order \(order), which was never submitted"
        case .repeatedOrder(let order): "the order \(order) was submitted twice"
        case .notHeld(let ticker, let order): "\(order) sells \(ticker), which is not held"
        case .oversold(let ticker, let held, let sold):
            "\(sold) shares of \(ticker) are sold, but \(held) are held"
        case .overfilled(let order, let ordered, let filled):
            "\(filled) shares of the order \(order) are filled, but \(ordered) were ordered"
        case .heldTwice(let ticker, let order):
            "\(order) enters \(ticker), which another order entered before"
        case .unpriced(let ticker): "\(ticker) is filled, but never had a price"
        case .emptyFill(let order): "a fill of the order \(order) is of no shares"
        case .beyondLedger(let order):
            "a fill of the order \(order), or the cash after it, is more than the "
                + "\(Money.ledgerLimit) dollars that a ledger holds"
        }
    }
}
