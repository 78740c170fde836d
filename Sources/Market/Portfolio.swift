public import Events

/// Cash, holdings and working orders, folded from the log's own events.
///
/// Holdings stand in ascending order of ticker, orders in the order of their submission.
public struct Portfolio: Sendable {
    /// Dollars, reserved ones included.
    public private(set) var cash: Money
    /// What is held, ascending by ticker; at most one holding a ticker.
    public private(set) var holdings: [Holding] = []
    /// Submitted, neither filled nor cancelled, in order of submission.
    public private(set) var orders: [WorkingOrder] = []
    /// Closed holdings whose outcome is due, in order of closing.
    public private(set) var closed: [ClosedHolding] = []
    /// Session number of the latest close after a stop or trailing stop, by ticker.
    public private(set) var stoppedOut = Lookup<Ticker, Int>()
    /// Dollars bought and sold so far.
    public private(set) var turnover: Money = .zero

    /// A portfolio of cash.
    public init(cash: Money) {
        self.cash = cash
    }

    /// Dollars set aside for working entry orders.
    public var reserved: Money {
        orders.reduce(.zero) { $0 + $1.request.reservedCash }
    }

    /// Number of working entry orders.
    public var pendingEntries: Int {
        orders.reduce(0) { $0 + ($1.request.leg == .entry ? 1 : 0) }
    }

    /// The place of `ticker` among the holdings, nil when it is not held.
    public func holdingIndex(_ ticker: Ticker) -> Int? {
        let index = insertionIndex(ticker)
        return index < holdings.count && holdings[index].ticker == ticker ? index : nil
    }

    /// Whether a working order names `ticker`.
    public func hasOrder(_ ticker: Ticker) -> Bool {
        orders.contains { $0.request.ticker == ticker }
    }

    /// Cash plus holdings at their latest closes.
    public func value(_ prices: borrowing PriceBook) -> Money {
        cash + marketValue(prices)
    }

    /// Holdings at their latest closes.
    public func marketValue(_ prices: borrowing PriceBook) -> Money {
        var sum = Money.zero
        for holding in holdings {
            let close = prices.latestBar(holding.slot).close
            sum += Money(dollars: holding.quantity.shares * close)
        }
        return sum
    }

    func insertionIndex(_ ticker: Ticker) -> Int {
        var low = 0
        var high = holdings.count
        while low < high {
            let middle = (low + high) / 2
            if holdings[middle].ticker < ticker { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Portfolio {
    /// An order was submitted.
    public mutating func evolve(_ event: OrderSubmitted, at position: UInt64) {
        let correlation =
            event.envelope.correlation == .none ? .own(position) : event.envelope.correlation
        orders.append(WorkingOrder(id: position, request: event, correlation: correlation))
    }

    /// An order will not be filled.
    public mutating func evolve(_ event: OrderCancelled) {
        orders.removeAll { $0.id == event.order.position }
    }

    /// A holding is to be closed.
    public mutating func evolve(_ event: ExitTriggered, at position: UInt64) {
        guard let index = holdings.firstIndex(where: { $0.id == event.holding.position }) else {
            return
        }
        holdings[index].exitReason = event.reason
        holdings[index].exitTrigger = .own(position)
    }

    /// An order was filled, in the session with number `session`; `slot` is its ticker's.
    public mutating func evolve(
        _ event: OrderFilled, at position: UInt64, session: Int, slot: Int
    ) {
        cash += event.cashChange
        turnover += Money(rawValue: abs(event.cashChange.rawValue))
        if event.side == .buy {
            enter(event, at: position, session: session, slot: slot)
        } else {
            exit(event, at: position, session: session)
        }
    }

    /// The outcome of a closed holding was recorded.
    public mutating func evolve(_ event: OutcomeRecorded) {
        guard event.source == .loop else { return }
        closed.removeAll { $0.holding.id == event.entryOrder.position }
    }

    /// A session ended: excursions, highest closes and interest on cash.
    public mutating func mark(_ prices: borrowing PriceBook, cashRate: Double) {
        for index in holdings.indices {
            guard let bar = prices.bar(holdings[index].slot) else { continue }
            holdings[index].highestHigh = max(holdings[index].highestHigh, bar.high)
            holdings[index].lowestLow = min(holdings[index].lowestLow, bar.low)
            holdings[index].highestClose = max(holdings[index].highestClose, bar.close)
        }
        if cashRate != 0 { cash += Money(dollars: cash.dollars * cashRate / 252) }
    }

    private mutating func enter(
        _ event: OrderFilled, at position: UInt64, session: Int, slot: Int
    ) {
        guard let order = orders.firstIndex(where: { $0.id == event.order.position }) else {
            preconditionFailure("a fill names a working order")
        }
        let working = orders[order]
        if event.remaining == .zero { orders.remove(at: order) }
        let place = insertionIndex(event.ticker)
        precondition(
            place == holdings.count || holdings[place].ticker != event.ticker,
            "a ticker is held once")
        holdings.insert(
            Holding(
                id: working.id, request: working.request, slot: slot,
                correlation: working.correlation,
                entryFill: position, entryPrice: event.price, entryDay: event.filledOn,
                entrySession: session, entryTiming: event.timing, cost: -event.cashChange,
                quantity: event.quantity,
                stopLevel: working.request.stopDistance.map { event.price - $0 },
                targetLevel: working.request.targetFraction.map { event.price * (1 + $0) },
                highestClose: event.price, highestHigh: event.price, lowestLow: event.price),
            at: place)
    }

    private mutating func exit(_ event: OrderFilled, at position: UInt64, session: Int) {
        guard let index = holdingIndex(event.ticker) else {
            preconditionFailure("a sale names a holding")
        }
        if event.remaining == .zero { orders.removeAll { $0.id == event.order.position } }
        var holding = holdings[index]
        precondition(event.quantity <= holding.quantity, "no more is sold than is held")
        let soldBefore = holding.sold.shares * holding.meanExitPrice
        holding.quantity = holding.quantity - event.quantity
        holding.sold = holding.sold + event.quantity
        holding.proceeds += event.cashChange
        holding.meanExitPrice =
            (soldBefore + event.quantity.shares * event.price) / holding.sold.shares
        holding.highestHigh = max(holding.highestHigh, event.marketPrice)
        holding.lowestLow = min(holding.lowestLow, event.marketPrice)
        guard holding.quantity == .zero else {
            holdings[index] = holding
            return
        }
        holdings.remove(at: index)
        orders.removeAll { $0.request.holding.position == holding.id && $0.request.leg != .entry }
        let reason = holding.exitReason ?? .person
        if reason == .stop || reason == .trailingStop { stoppedOut[event.ticker] = session }
        closed.append(
            ClosedHolding(
                holding: holding, exitFill: position, exitDay: event.filledOn,
                exitSession: session, exitTiming: event.timing,
                exitPrice: holding.meanExitPrice, reason: reason))
    }
}
