public import Events

/// Cash, holdings and working orders, folded from orders and what became of them.
///
/// Holdings stand in ascending order of ticker, orders in the order of their submission. Answers
/// may come late, twice and in another order; what no legal sequence leads to is refused and
/// changes nothing.
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
    /// Dividends gone ex that a broker of the world has not paid yet; at the simulated market they
    /// are cash at once.
    public private(set) var receivable: Money = .zero
    /// Dollars put in less dollars taken out, and shares that were adopted: what of the value is no
    /// return. None at the simulated market, which begins with its cash.
    public private(set) var contributed: Money = .zero

    /// Fills that were booked, but for those that filled an order whole at once: an answer that
    /// comes twice is booked once.
    private var booked = Lookup<FillKey, Bool>()
    /// The submitted order with the greatest reference: no later one was submitted before.
    private var latestOrder = Reference.none
    /// Orders that are done: a fill may still come that was faster than their end.
    private var ended = EndedOrders()

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
        return index < holdings.count && holdings.span[index].ticker == ticker ? index : nil
    }

    /// Whether a working order names `ticker`.
    public func hasOrder(_ ticker: Ticker) -> Bool {
        let working = orders.span
        for index in working.indices where working[index].request.ticker == ticker { return true }
        return false
    }

    /// The working order with an id; nil when it is done, or was never submitted.
    public func order(_ id: Reference) -> WorkingOrder? {
        orderIndex(id).map { orders[$0] }
    }

    /// The place of the working order with an id; nil when it is done, or was never submitted.
    public func orderIndex(_ id: Reference) -> Int? {
        let working = orders.span
        for index in working.indices where working[index].id == id { return index }
        return nil
    }

    private func holdingIndex(id: Reference) -> Int? {
        let held = holdings.span
        for index in held.indices where held[index].id == id { return index }
        return nil
    }

    /// The holding that an exit order closes.
    private func holdingIndex(exit order: Reference) -> Int? {
        let held = holdings.span
        for index in held.indices where held[index].exit?.order == order { return index }
        return nil
    }

    /// Cash plus holdings at their latest closes.
    public func value(_ prices: borrowing PriceBook) -> Money {
        cash + receivable + marketValue(prices)
    }

    /// Holdings at their latest closes.
    public func marketValue(_ prices: borrowing PriceBook) -> Money {
        var sum = Money.zero
        let held = holdings.span
        for index in held.indices {
            let close = prices.latestBar(held[index].slot).close
            sum += Money(dollars: held[index].quantity.shares * close)
        }
        return sum
    }

    func insertionIndex(_ ticker: Ticker) -> Int {
        let held = holdings.span
        var low = 0
        var high = held.count
        while low < high {
            let middle = (low + high) / 2
            if held[middle].ticker < ticker { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Portfolio {
    /// An order was submitted.
    public mutating func apply(_ event: OrderSubmitted, at reference: Reference)
        throws(PortfolioError)
    {
        guard
            reference.rawValue > latestOrder.rawValue
                || orderIndex(reference) == nil && !ended.contains(reference)
        else { throw .repeatedOrder(reference) }
        latestOrder = Reference(rawValue: max(latestOrder.rawValue, reference.rawValue))
        let correlation =
            event.envelope.correlation == .none ? reference : event.envelope.correlation
        orders.append(WorkingOrder(id: reference, request: event, correlation: correlation))
        guard event.leg != .entry,
            let index = holdingIndex(id: event.holding)
        else { return }
        holdings[index].exit?.order = reference
        holdings[index].exit?.attempts += 1
    }

    /// The market took an order.
    public mutating func apply(_ event: OrderAccepted) throws(PortfolioError) {
        guard orderIndex(event.order) != nil || ended.contains(event.order) else {
            throw .unknownOrder(event.order)
        }
    }

    /// An order, or what was left of it, will not be filled.
    public mutating func apply(_ event: OrderCancelled) throws(PortfolioError) {
        try end(event.order)
    }

    /// The market refused an order.
    public mutating func apply(_ event: OrderRejected) throws(PortfolioError) {
        try end(event.order)
    }

    /// A holding is to be closed; of one that is closed by now nothing is left to do.
    public mutating func apply(_ event: ExitTriggered, at reference: Reference) {
        guard let index = holdingIndex(id: event.holding) else { return }
        holdings[index].exit = Holding.Exit(
            reason: event.reason, trigger: reference, signal: event.signal,
            observed: event.observed, day: event.decidedOn,
            order: holdings[index].exit?.order ?? .none,
            attempts: holdings[index].exit?.attempts ?? 0)
    }

    /// An order was filled, in whole or in part, in the session with number `session`; `slot` is
    /// its ticker's. A fill that was booked before adds nothing.
    public mutating func apply(
        _ event: OrderFilled, at reference: Reference, session: Int, slot: Int
    ) throws(PortfolioError) {
        let key = FillKey(event)
        let isFirst = orderIndex(event.order).map { orders.span[$0].filled == .zero } ?? false
        guard isFirst || !ended.isFilledAtOnce(by: key) && booked[key] == nil else { return }
        guard event.quantity > .zero else { throw .emptyFill(event.order) }
        guard event.cashChange.isInLedger, (cash + event.cashChange).isInLedger else {
            throw .beyondLedger(event.order)
        }
        let isAtOnce =
            event.side == .buy
            ? try enter(event, at: reference, session: session, slot: slot)
            : try exit(event, at: reference, session: session)
        if !isAtOnce { booked[key] = true }
        cash += event.cashChange
        turnover += event.cashChange.magnitude
    }

    /// Cash came or went without an order.
    public mutating func apply(_ event: CashMoved) throws(PortfolioError) {
        guard event.amount.isInLedger, (cash + event.amount).isInLedger else {
            throw .beyondLedger(.none)
        }
        cash += event.amount
        switch event.kind {
        case .opening, .deposit, .withdrawal: contributed += event.amount
        default: break
        }
        guard event.kind == .dividend else { return }
        receivable = max(.zero, receivable - event.amount)
    }

    /// Value came or went that is no return.
    mutating func contribute(_ amount: Money) { contributed += amount }

    /// The account is left, with its cash and what it holds, without a trade and without an
    /// outcome; entries that wait are there until they are cancelled.
    mutating func leave() {
        (cash, receivable) = (.zero, .zero)
        let exits = orders.filter { $0.request.leg != .entry }
        for order in exits { ended.add(order) }
        orders.removeAll { $0.request.leg != .entry }
        holdings = []
    }

    /// Shares of a ticker are what a person took over from the broker, at the last close.
    mutating func adopt(
        _ event: PositionAdopted, _ close: Double, at reference: Reference, session: Int, slot: Int
    ) {
        let place = insertionIndex(event.ticker)
        let isHeld = place < holdings.count && holdings[place].ticker == event.ticker
        guard event.quantity > .zero else {
            guard isHeld else { return }
            drop(holdings.remove(at: place).id)
            return
        }
        guard isHeld else {
            holdings.insert(
                Holding(adopting: event, close, at: reference, session: session, slot: slot),
                at: place)
            holdings[place].setLevels()
            // It stands for an entry order that is done.
            ended.add(reference, event.quantity)
            return
        }
        holdings[place].adopt(event)
    }

    /// What was to sell a holding that is gone has nothing to sell.
    private mutating func drop(_ holding: Reference) {
        for order in orders where order.request.holding == holding && order.request.leg != .entry {
            ended.add(order)
        }
        orders.removeAll { $0.request.holding == holding && $0.request.leg != .entry }
    }

    /// The outcome of a closed holding was recorded.
    public mutating func apply(_ event: OutcomeRecorded) {
        guard event.source == .loop else { return }
        closed.removeAll { $0.holding.id == event.entryOrder }
    }

    /// A session ended: excursions, highest closes and interest on cash.
    public mutating func mark(_ prices: borrowing PriceBook, cashRate: Double) {
        for index in holdings.indices {
            guard let bar = prices.bar(holdings[index].slot) else { continue }
            holdings[index].highestHigh = max(holdings[index].highestHigh, bar.high)
            holdings[index].lowestLow = min(holdings[index].lowestLow, bar.low)
            holdings[index].highestMark = max(holdings[index].highestMark ?? bar.close, bar.close)
        }
        if cashRate != 0 { cash += Money(dollars: cash.dollars * cashRate / 252) }
    }

    /// Holdings and working orders follow a corporate action, before the fills of its ex-date.
    ///
    /// What was bought on the ex-date itself was bought at prices after it.
    /// With `paysLater` the cash that it brings is a broker's to pay.
    public mutating func apply(
        _ change: ShareChange, on exDay: Day, fractional: Bool, paysLater: Bool = false
    ) {
        for index in holdings.indices
        where holdings[index].slot == change.slot && holdings[index].entryDay < exDay {
            let brought = holdings[index].apply(change, fractional: fractional)
            if paysLater { receivable += brought } else { cash += brought }
        }
        for index in orders.indices where orders[index].request.ticker == change.ticker {
            orders[index].request.apply(change, fractional: fractional)
            orders[index].filled =
                change.split == 1
                ? orders[index].filled
                : Quantity(shares: orders[index].filled.shares * change.split, fractional: true)
        }
    }

    /// An order is done. What it leaves of an exit stays due.
    private mutating func end(_ id: Reference) throws(PortfolioError) {
        guard let index = orderIndex(id) else {
            guard ended.contains(id) else { throw .unknownOrder(id) }
            return
        }
        let order = orders.remove(at: index)
        ended.add(order)
        if order.request.leg == .entry {
            if let place = holdingIndex(id: id) {
                holdings[place].setLevels()
            }
        } else if let place = holdingIndex(exit: id) {
            holdings[place].exit?.order = .none
        }
    }

    /// Whether it filled its order whole at once.
    private mutating func enter(
        _ event: OrderFilled, at reference: Reference, session: Int, slot: Int
    ) throws(PortfolioError) -> Bool {
        let (order, isWorking) = try working(event)
        guard event.quantity <= order.rest else {
            throw .overfilled(
                order.id, ordered: order.request.quantity,
                filled: order.filled + event.quantity)
        }
        let place = insertionIndex(event.ticker)
        let isHeld = place < holdings.count && holdings[place].ticker == event.ticker
        if isHeld {
            guard holdings[place].terms.order == order.id else {
                throw .heldTwice(event.ticker, order.id)
            }
            holdings[place].add(event)
        } else if let last = closed.lastIndex(where: { $0.holding.id == order.id }) {
            // All that was known of it was sold before the rest of its entry was told of.
            var holding = closed.remove(at: last).holding
            holding.add(event)
            holdings.insert(holding, at: place)
        } else {
            let holding = Holding(
                id: order.filled == .zero ? order.id : reference,
                ticker: order.request.ticker, terms: Holding.Terms(order), slot: slot,
                correlation: order.correlation, entryFill: reference,
                entryDay: event.filledOn, entrySession: session, entryTiming: event.timing,
                entryPrice: event.price, cost: -event.cashChange, bought: event.quantity,
                quantity: event.quantity, highestHigh: event.price, lowestLow: event.price)
            holdings.insert(holding, at: place)
            holdings[place].setLevels()
        }
        return fill(order, event, isWorking: isWorking)
    }

    /// The order that a fill names, done or not.
    private func working(_ event: OrderFilled) throws(PortfolioError) -> (WorkingOrder, Bool) {
        if let order = order(event.order) { return (order, true) }
        if let ordered = ended.filledWhole(event.order) {
            throw .overfilled(
                event.order, ordered: ordered, filled: ordered + event.quantity)
        }
        guard let order = ended[event.order] else { throw .unknownOrder(event.order) }
        return (order, false)
    }

    /// Notes how much of an order is filled; one that is filled whole is done. Whether it is, at
    /// once.
    private mutating func fill(
        _ order: WorkingOrder, _ event: OrderFilled, isWorking: Bool
    ) -> Bool {
        var order = order
        let isAtOnce = order.filled == .zero && order.rest == event.quantity
        order.filled = order.filled + event.quantity
        let isDone = order.rest == .zero || (event.side == .sell && event.remaining == .zero)
        guard isWorking, !isDone else {
            if isWorking, let index = orderIndex(order.id) { orders.remove(at: index) }
            ended.add(order, filledAtOnceBy: isAtOnce ? FillKey(event) : nil)
            if event.side == .buy, let place = holdingIndex(event.ticker) {
                holdings[place].setLevels()
            } else if let place = holdingIndex(exit: order.id) {
                holdings[place].exit?.order = .none
            }
            return isAtOnce
        }
        if let index = orderIndex(order.id) { orders[index] = order }
        return false
    }

    /// Whether it filled its order whole at once.
    private mutating func exit(
        _ event: OrderFilled, at reference: Reference, session: Int
    ) throws(PortfolioError) -> Bool {
        guard let index = holdingIndex(event.ticker) else {
            throw .notHeld(event.ticker, event.order)
        }
        var holding = holdings[index]
        guard event.quantity <= holding.quantity else {
            throw .oversold(event.ticker, held: holding.quantity, sold: event.quantity)
        }
        // A resting exit names the entry order that carries it, and has no order of its own.
        let isResting = event.order == holding.id
        let sale = isResting ? nil : try working(event)
        if let sale, sale.0.request.holding != holding.id {
            // What its order was to sell is sold, and this is bought since.
            throw .notHeld(event.ticker, event.order)
        }
        let soldBefore = holding.sold.shares * holding.meanExitPrice
        holding.quantity = holding.quantity - event.quantity
        holding.sold = holding.sold + event.quantity
        holding.proceeds += event.cashChange
        holding.meanExitPrice =
            (soldBefore + event.quantity.shares * event.price) / holding.sold.shares
        holding.highestHigh = max(holding.highestHigh, event.marketPrice)
        holding.lowestLow = min(holding.lowestLow, event.marketPrice)
        holdings[index] = holding
        let isAtOnce = sale.map { fill($0.0, event, isWorking: $0.1) } ?? false
        guard holding.quantity == .zero else { return isAtOnce }
        holdings.remove(at: index)
        drop(holding.id)
        let reason = holding.exitReason ?? .person
        if reason == .stop || reason == .trailingStop { stoppedOut[event.ticker] = session }
        closed.append(
            ClosedHolding(
                holding: holding, exitFill: reference, exitDay: event.filledOn,
                exitSession: session, exitTiming: event.timing,
                exitPrice: holding.meanExitPrice, reason: reason))
        return isAtOnce
    }
}

extension Holding {
    /// More of the entry order was filled.
    mutating func add(_ event: OrderFilled) {
        let before = bought.shares * entryPrice
        bought = bought + event.quantity
        quantity = quantity + event.quantity
        entryPrice = (before + event.quantity.shares * event.price) / bought.shares
        cost -= event.cashChange
        highestHigh = max(highestHigh, event.price)
        lowestLow = min(lowestLow, event.price)
    }
}
