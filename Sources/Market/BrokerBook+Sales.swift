public import Events

/// What the broker said of sales: what it holds where that is not what the log has, and what it
/// refused for a reason that passes.
extension BrokerBook {
    /// A sale that the broker refused for a reason that passes.
    public struct HeldBack: Hashable, Sendable {
        /// The holding.
        public let holding: Reference
        /// Why.
        public let reason: OrderRejectionReason
        /// The date in New York.
        public let day: Day
    }

    /// The refusal of today for which a holding's sale is held back; nil for none.
    public func heldBack(_ holding: Reference, on day: Day) -> OrderRejectionReason? {
        heldBack.last { $0.holding == holding && $0.day == day }?.reason
    }

    /// Shares that the broker showed of a ticker, where they were not the log's; nil otherwise.
    public func shown(of ticker: Ticker) -> Quantity? {
        shown.first { $0.ticker == ticker }?.quantity
    }
}

extension BrokerBook {
    /// The broker shows another number of shares than the log has, of which no more is sold.
    mutating func apply(_ event: ReconciliationDiffered) {
        guard let ticker = event.ticker else { return }
        forget(ticker)
        shown.append((ticker, event.brokerQuantity))
    }

    /// What the broker showed of a ticker holds no more.
    mutating func forget(_ ticker: Ticker) { shown.removeAll { $0.ticker == ticker } }

    /// The broker refused an order, of a holding where it is a sale.
    mutating func apply(_ event: OrderRejected, of holding: Reference) {
        end(event.clientOrderID)
        guard event.clientOrderID != nil, holding != .none else { return }
        hold(holding, event.reason, event.envelope.knownAt)
    }

    /// A refusal that passes: asked for again at once it would be refused again.
    mutating func hold(
        _ holding: Reference, _ reason: OrderRejectionReason, _ instant: Instant
    ) {
        guard reason != .throughPrice else { return }
        heldBack.removeAll { $0.holding == holding }
        let day = NewYorkTime.local(instant).day
        heldBack.append(HeldBack(holding: holding, reason: reason, day: day))
    }

    /// What the broker showed of a ticker follows what it executes.
    mutating func trade(_ event: OrderFilled) {
        guard let place = shown.firstIndex(where: { $0.ticker == event.ticker }) else { return }
        let before = shown[place].quantity
        shown[place].quantity =
            event.side == .sell ? before - event.quantity : before + event.quantity
    }
}
