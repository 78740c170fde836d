public import Events
public import Market

/// Order → Fill: the market that backtests trade at, and the first broker.
///
/// It answers inside the session, from the day's bars. It is lent the portfolio: what works there
/// works here, and resting exits are kept by the levels of its holdings. The order of a session:
/// exits due at the open, entries due at the open, resting exits on the bar, holdings without a
/// price. Asked again in a session it has answered, it answers nothing.
public struct OrderToFill: Broker {
    /// What is looked at, in this order.
    private enum Phase {
        case exitsAtOpen
        case entriesAtOpen
        case resting
        case withoutPrice
        case atClose
        case missed
        case over
    }

    private var phase = Phase.over
    // What there was at the beginning of the phase, by name alone: each is looked at as it stands,
    // and a portfolio that is held twice is copied with every change.
    private var orders: [Reference] = []
    private var holdings: [(id: Reference, ticker: Ticker)] = []
    private var place = 0
    /// What is left of an order that cash did not suffice for.
    private var cancels: [Reference] = []
    /// The session of which nothing was seen.
    private var missedDay: Day?

    /// A market before its first session.
    public init() {}

    /// The latest session's fills are due. Known at the session's 21:00.
    public mutating func open(_ world: borrowing World) {
        enter(.exitsAtOpen, world)
    }

    /// Nothing was seen of a session: what was to be bought at its open is not bought, what was to
    /// be sold stays due.
    public mutating func miss(_ day: Day, _ world: borrowing World) {
        missedDay = day
        enter(.missed, world)
    }

    /// The fills at the close that decided them are due. Not attainable in a market; every such
    /// fill is flagged.
    public mutating func closeAtDecision(_ world: borrowing World) {
        enter(.atClose, world)
    }

    /// Nothing to do: what was submitted stands in the portfolio that the market is lent.
    public mutating func submit(_ order: WorkingOrder) {}

    /// The order before is cancelled; the other stands in the portfolio.
    public mutating func replace(_ order: Reference, with other: WorkingOrder) {
        cancel(order)
    }

    /// Cancels an order at the next answer, if it works by then.
    public mutating func cancel(_ order: Reference) {
        cancels.append(order)
    }

    /// The next answer; nil when the session has no more.
    public mutating func next(
        _ world: borrowing World, _ recorder: borrowing Recorder
    ) -> BrokerAnswer? {
        while let cancelled = cancels.first {
            cancels.removeFirst()
            if let order = world.portfolio.order(cancelled), let day = world.day {
                return cancel(order, .person, order.rest, day, recorder)
            }
        }
        while phase != .over {
            let answer =
                phase == .resting || phase == .withoutPrice
                ? nextOfHoldings(world, recorder) : nextOfOrders(world, recorder)
            if let answer { return answer }
            advance(world)
        }
        return nil
    }

    /// The instant that a fill at the open of `day` is taken to have.
    public static func openInstant(_ day: Day) -> Instant {
        Instant(day, hour: 14, minute: 30)
    }

    private mutating func enter(_ next: Phase, _ world: borrowing World) {
        (phase, place) = (next, 0)
        switch next {
        case .exitsAtOpen, .entriesAtOpen, .atClose, .missed:
            orders.removeAll(keepingCapacity: true)
            let working = world.portfolio.orders.span
            for index in working.indices { orders.append(working[index].id) }
        case .resting, .withoutPrice:
            holdings.removeAll(keepingCapacity: true)
            let held = world.portfolio.holdings.span
            for index in held.indices where concerns(held[index], world) {
                holdings.append((held[index].id, held[index].ticker))
            }
        case .over:
            orders.removeAll(keepingCapacity: true)
            holdings.removeAll(keepingCapacity: true)
        }
    }

    /// Whether a holding is looked at in a phase of holdings: by what its order asked for and by
    /// the session's bars, neither of which an answer changes.
    private func concerns(_ holding: borrowing Holding, _ world: borrowing World) -> Bool {
        phase == .resting
            ? holding.carriesLevels
            : world.prices.sessionsWithoutBar(holding.slot) >= world.rules.noPriceSessions
    }

    private mutating func advance(_ world: borrowing World) {
        switch phase {
        case .exitsAtOpen: enter(.entriesAtOpen, world)
        case .entriesAtOpen: enter(.resting, world)
        case .resting: enter(world.rules.noPriceSessions > 0 ? .withoutPrice : .over, world)
        case .withoutPrice, .atClose, .missed, .over: enter(.over, world)
        }
    }
}

extension OrderToFill {
    /// The answers to orders of the present phase, as each stands now.
    private mutating func nextOfOrders(
        _ world: borrowing World, _ recorder: borrowing Recorder
    ) -> BrokerAnswer? {
        while place < orders.count {
            // An order that is filled, but for a rest that is to be cancelled, is met again.
            if let index = world.portfolio.orderIndex(orders[place]),
                isDue(world.portfolio.orders.span[index].request),
                case let order = world.portfolio.orders[index],
                let answer = answer(order, world, recorder)
            {
                return answer
            }
            place += 1
        }
        return nil
    }

    private func isDue(_ request: borrowing OrderSubmitted) -> Bool {
        let (timing, leg) = (request.timing, request.leg)
        return switch phase {
        case .exitsAtOpen: timing == .nextOpen && leg != .entry
        case .entriesAtOpen, .missed: timing == .nextOpen && leg == .entry
        default: timing == .sameClose
        }
    }

    private func answer(
        _ order: WorkingOrder, _ world: borrowing World, _ recorder: borrowing Recorder
    ) -> BrokerAnswer? {
        switch phase {
        case .atClose: atClose(order, world, recorder)
        case .missed: missedDay.map { cancel(order, .noBar, order.rest, $0, recorder) }
        default: atOpen(order, world, recorder)
        }
    }

    private func atClose(
        _ order: WorkingOrder, _ world: borrowing World, _ recorder: borrowing Recorder
    ) -> BrokerAnswer? {
        guard let day = world.day else { return nil }
        guard let slot = world.prices.slot(of: order.request.ticker),
            let bar = world.prices.bar(slot)
        else { return cancel(order, .noBar, order.rest, day, recorder) }
        return execute(
            order, at: bar.close, executedAt: Instant(day, hour: 21),
            flags: .tradesDecisionClose, day, world, recorder)
    }

    private func atOpen(
        _ order: WorkingOrder, _ world: borrowing World, _ recorder: borrowing Recorder
    ) -> BrokerAnswer? {
        guard let day = world.day else { return nil }
        let isEntry = order.request.leg == .entry
        guard let slot = world.prices.slot(of: order.request.ticker),
            let bar = world.prices.bar(slot)
        else { return isEntry ? cancel(order, .noBar, order.rest, day, recorder) : nil }
        guard bar.volume > 0 else {
            return isEntry ? cancel(order, .zeroVolume, order.rest, day, recorder) : nil
        }
        return execute(
            order, at: bar.open, executedAt: OrderToFill.openInstant(day), flags: [], day, world,
            recorder)
    }

    private func execute(
        _ order: WorkingOrder, at marketPrice: Double, executedAt: Instant, flags: EventFlags,
        _ day: Day, _ world: borrowing World, _ recorder: borrowing Recorder
    ) -> BrokerAnswer? {
        let request = order.request
        let price = world.rules.costs.price(marketPrice, side: request.side)
        var quantity = order.rest
        if request.side == .buy {
            // A buy is answered once a session: what cash did not suffice for is cancelled.
            let room = order.filled > .zero ? .zero : OrderToFill.affordable(world, at: price)
            quantity = min(quantity, room)
            guard quantity > .zero else {
                return cancel(order, .insufficientCash, order.rest, day, recorder)
            }
        } else {
            guard let index = world.portfolio.holdingIndex(request.ticker) else { return nil }
            quantity = min(quantity, world.portfolio.holdings[index].quantity)
        }
        let remaining = request.side == .buy ? order.rest - quantity : .zero
        return fill(
            Execution(
                order: order.id, trigger: request.trigger, correlation: order.correlation,
                quantity: quantity, remaining: remaining, marketPrice: marketPrice, price: price,
                executedAt: executedAt, decidedOn: request.day, ticker: request.ticker,
                side: request.side, leg: request.leg, timing: request.timing, flags: flags),
            day, world, recorder) ?? cancel(order, .sizeLimit, order.rest, day, recorder)
    }

    private func cancel(
        _ order: WorkingOrder, _ reason: CancellationReason, _ quantity: Quantity, _ day: Day,
        _ recorder: borrowing Recorder
    ) -> BrokerAnswer {
        .cancelled(
            OrderCancelled(
                envelope: recorder.envelope(
                    actor: .market, causation: order.id, correlation: order.correlation),
                order: order.id, quantity: quantity, day: day, ticker: order.request.ticker,
                reason: reason))
    }

    /// The shares that all cash buys at `price`, whole ones unless fractions are allowed.
    private static func affordable(_ world: borrowing World, at price: Double) -> Quantity {
        let cash = world.portfolio.cash.dollars
        guard cash > 0 else { return .zero }
        let shares = world.rules.costs.shares(for: cash, at: price)
        return Quantity(shares: shares, fractional: world.rules.fractionalShares)
    }
}

extension OrderToFill {
    /// An exit that is due on this session's bar: why, on what level, and what it gets.
    private struct Exit {
        var reason: ExitReason
        var leg: OrderLeg
        var timing: FillTiming
        var level: Double?
        var observed: Double
        var marketPrice: Double
        var executedAt: Instant
        var decidedOn: Day
    }

    /// The answers of holdings: a level that was touched, or no price for too long.
    private mutating func nextOfHoldings(
        _ world: borrowing World, _ recorder: borrowing Recorder
    ) -> BrokerAnswer? {
        guard let day = world.day else { return nil }
        while place < holdings.count {
            let held = world.portfolio.holdings.span
            let (id, ticker) = holdings[place]
            // Until one is sold each stands where it stood.
            let index =
                place < held.count && held[place].id == id
                ? place : world.portfolio.holdingIndex(ticker)
            if let index, held[index].id == id,
                let exit =
                    phase == .resting
                    ? touched(held[index], day, world) : withoutPrice(held[index], day, world)
            {
                // Of an exit whose trigger is recorded the fill is what is left.
                let holding = world.portfolio.holdings[index]
                if let answer = answer(holding, exit, day, world, recorder) { return answer }
            }
            place += 1
        }
        return nil
    }

    private func touched(
        _ holding: borrowing Holding, _ day: Day, _ world: borrowing World
    ) -> Exit? {
        guard let bar = world.prices.bar(holding.slot), bar.volume > 0 else { return nil }
        let isEntrySession = holding.entrySession == world.session
        if isEntrySession, holding.entryTiming == .sameClose { return nil }
        let touched: (reason: ExitReason, leg: OrderLeg, level: Double, observed: Double)
        let marketPrice: Double
        if let (level, reason) = holding.restingLevel, bar.low <= level {
            touched = (reason, reason == .stop ? .stop : .trailingStop, level, bar.low)
            marketPrice = isEntrySession ? level : min(bar.open, level)
        } else if let level = holding.targetLevel, bar.high >= level {
            touched = (.takeProfit, .takeProfit, level, bar.high)
            marketPrice = isEntrySession ? level : max(bar.open, level)
        } else {
            return nil
        }
        let entered = holding.terms.day
        let decidedOn = isEntrySession ? entered : world.previousDay ?? entered
        let gapped = marketPrice == bar.open && !isEntrySession
        return Exit(
            reason: touched.reason, leg: touched.leg, timing: .resting, level: touched.level,
            observed: touched.observed, marketPrice: marketPrice,
            executedAt: gapped ? OrderToFill.openInstant(day) : Instant(day, hour: 21),
            decidedOn: decidedOn)
    }

    private func withoutPrice(
        _ holding: borrowing Holding, _ day: Day, _ world: borrowing World
    ) -> Exit {
        let close = world.prices.latestBar(holding.slot).close
        return Exit(
            reason: .noPrice, leg: .closeOut, timing: .lastClose, level: nil, observed: close,
            marketPrice: close * (1 - world.rules.delistingHaircut),
            executedAt: Instant(day, hour: 21), decidedOn: day)
    }

    /// The trigger of an exit, then its fill.
    private func answer(
        _ holding: Holding, _ exit: Exit, _ day: Day, _ world: borrowing World,
        _ recorder: borrowing Recorder
    ) -> BrokerAnswer? {
        guard let triggered = holding.exit, triggered.reason == exit.reason,
            triggered.day == exit.decidedOn
        else {
            return .triggered(
                ExitTriggered(
                    envelope: recorder.envelope(
                        actor: .market, causation: holding.entryFill,
                        correlation: holding.correlation),
                    holding: holding.id, signal: .none, level: exit.level,
                    observed: exit.observed, day: day, decidedOn: exit.decidedOn,
                    ticker: holding.ticker, reason: exit.reason))
        }
        let price =
            exit.timing == .lastClose
            ? exit.marketPrice : world.rules.costs.price(exit.marketPrice, side: .sell)
        return fill(
            Execution(
                order: holding.id, trigger: triggered.trigger, correlation: holding.correlation,
                quantity: holding.quantity, remaining: .zero, marketPrice: exit.marketPrice,
                price: price, executedAt: exit.executedAt, decidedOn: exit.decidedOn,
                ticker: holding.ticker, side: .sell, leg: exit.leg, timing: exit.timing,
                flags: []),
            day, world, recorder)
    }

    /// One execution before it is an event.
    private struct Execution {
        var order: Reference
        var trigger: Reference
        var correlation: Reference
        var quantity: Quantity
        var remaining: Quantity
        var marketPrice: Double
        var price: Double
        var executedAt: Instant
        var decidedOn: Day
        var ticker: Ticker
        var side: OrderSide
        var leg: OrderLeg
        var timing: FillTiming
        var flags: EventFlags
    }

    /// The fill of an execution; nil where its amount, or the cash after it, is more than a ledger
    /// holds: such an order is cancelled, and such an exit stays due.
    private func fill(
        _ execution: Execution, _ day: Day, _ world: borrowing World,
        _ recorder: borrowing Recorder
    ) -> BrokerAnswer? {
        let amount = Money(dollars: execution.quantity.shares * execution.price)
        let commission = world.rules.costs.commission(
            execution.quantity, at: execution.price, side: execution.side, on: day)
        let change = execution.side == .buy ? -(amount + commission) : amount - commission
        guard change.isInLedger, (world.portfolio.cash + change).isInLedger else { return nil }
        return .filled(
            OrderFilled(
                envelope: recorder.envelope(
                    actor: .market,
                    causation: execution.side == .buy ? execution.order : execution.trigger,
                    correlation: execution.correlation, flags: execution.flags),
                order: execution.order, trigger: execution.trigger, quantity: execution.quantity,
                remaining: execution.remaining, price: execution.price,
                marketPrice: execution.marketPrice, commission: commission,
                cashChange: change,
                executedAt: execution.executedAt, decidedOn: execution.decidedOn, filledOn: day,
                ticker: execution.ticker, side: execution.side, leg: execution.leg,
                timing: execution.timing))
    }
}
