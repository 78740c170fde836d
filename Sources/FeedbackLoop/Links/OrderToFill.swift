public import Events
public import Market

/// Order → Fill: the simulated market. It answers order requests with facts.
///
/// The order of a session: exits due at the open, entries due at the open, resting exits on the
/// bar, holdings without a price, marks.
public enum OrderToFill {
    /// Fills what the latest session fills. Known at the session's 21:00.
    public static func session(_ world: inout World, _ recorder: inout Recorder) {
        for order in world.portfolio.orders
        where order.request.timing == .nextOpen && order.request.leg != .entry {
            open(order, &world, &recorder)
        }
        for order in world.portfolio.orders
        where order.request.timing == .nextOpen && order.request.leg == .entry {
            open(order, &world, &recorder)
        }
        for holding in world.portfolio.holdings {
            resting(holding, &world, &recorder)
        }
        if world.rules.noPriceSessions > 0 {
            for holding in world.portfolio.holdings {
                closeWithoutPrice(holding, &world, &recorder)
            }
        }
        world.portfolio.mark(world.prices, cashRate: world.rules.cashRate)
    }

    /// Fills `sameClose` orders at the close that decided them. Not attainable in a market; every
    /// such fill is flagged.
    public static func decisionClose(_ world: inout World, _ recorder: inout Recorder) {
        for order in world.portfolio.orders where order.request.timing == .sameClose {
            guard let day = world.day, let slot = world.prices.slot(of: order.request.ticker),
                let bar = world.prices.bar(slot)
            else {
                cancel(order, .noBar, order.request.quantity, &world, &recorder)
                continue
            }
            execute(
                order, at: bar.close, executedAt: Instant(day, hour: 21),
                flags: .tradesDecisionClose, &world, &recorder)
        }
    }

    /// The instant that a fill at the open of `day` is taken to have.
    public static func openInstant(_ day: Day) -> Instant {
        Instant(day, hour: 14, minute: 30)
    }

    private static func open(
        _ order: WorkingOrder, _ world: inout World, _ recorder: inout Recorder
    ) {
        let isEntry = order.request.leg == .entry
        guard let day = world.day, let slot = world.prices.slot(of: order.request.ticker),
            let bar = world.prices.bar(slot)
        else {
            if isEntry { cancel(order, .noBar, order.request.quantity, &world, &recorder) }
            return
        }
        guard bar.volume > 0 else {
            if isEntry { cancel(order, .zeroVolume, order.request.quantity, &world, &recorder) }
            return
        }
        execute(
            order, at: bar.open, executedAt: openInstant(day), flags: [], &world, &recorder)
    }

    private static func execute(
        _ order: WorkingOrder, at marketPrice: Double, executedAt: Instant, flags: EventFlags,
        _ world: inout World, _ recorder: inout Recorder
    ) {
        let request = order.request
        let price = world.rules.costs.price(marketPrice, side: request.side)
        var quantity = request.quantity
        if request.side == .buy {
            quantity = min(quantity, affordable(world, at: price))
            guard quantity > .zero else {
                cancel(order, .insufficientCash, request.quantity, &world, &recorder)
                return
            }
        } else if let index = world.portfolio.holdingIndex(request.ticker) {
            quantity = min(quantity, world.portfolio.holdings[index].quantity)
        }
        let rest = request.quantity - quantity
        fill(
            Execution(
                order: .own(order.id), trigger: request.trigger, correlation: order.correlation,
                quantity: quantity, remaining: request.side == .buy ? rest : .zero,
                marketPrice: marketPrice, price: price, executedAt: executedAt,
                decidedOn: request.day, ticker: request.ticker, side: request.side,
                leg: request.leg, timing: request.timing, flags: flags),
            &world, &recorder)
        if request.side == .buy, rest > .zero {
            cancel(order, .insufficientCash, rest, &world, &recorder)
        }
    }

    private static func resting(
        _ holding: Holding, _ world: inout World, _ recorder: inout Recorder
    ) {
        guard let day = world.day, let bar = world.prices.bar(holding.slot), bar.volume > 0
        else { return }
        let isEntrySession = holding.entrySession == world.session
        if isEntrySession, holding.entryTiming == .sameClose { return }
        let touched: (reason: ExitReason, leg: OrderLeg, level: Double, observed: Double)
        let marketPrice: Double
        if let (level, reason) = holding.restingLevel, bar.low <= level {
            touched = (reason, reason == .stop ? .stop : .trailingStop, level, bar.low)
            marketPrice = isEntrySession ? level : min(bar.open, level)
        } else if let level = holding.targetLevel, bar.high >= level {
            touched = (.takeProfit, .takeProfit, level, bar.high)
            marketPrice = isEntrySession ? level : max(bar.open, level)
        } else {
            return
        }
        let decidedOn =
            isEntrySession ? holding.request.day : world.previousDay ?? holding.request.day
        let gapped = marketPrice == bar.open && !isEntrySession
        exit(
            holding, reason: touched.reason, leg: touched.leg, timing: .resting,
            level: touched.level, observed: touched.observed, marketPrice: marketPrice,
            executedAt: gapped ? openInstant(day) : Instant(day, hour: 21), decidedOn: decidedOn,
            &world, &recorder)
    }

    private static func closeWithoutPrice(
        _ holding: Holding, _ world: inout World, _ recorder: inout Recorder
    ) {
        guard let day = world.day,
            world.prices.sessionsWithoutBar(holding.slot) >= world.rules.noPriceSessions
        else { return }
        let close = world.prices.latestBar(holding.slot).close
        exit(
            holding, reason: .noPrice, leg: .closeOut, timing: .lastClose, level: nil,
            observed: close, marketPrice: close * (1 - world.rules.delistingHaircut),
            executedAt: Instant(day, hour: 21), decidedOn: day, &world, &recorder)
    }

    private static func exit(
        _ holding: Holding, reason: ExitReason, leg: OrderLeg, timing: FillTiming,
        level: Double?, observed: Double, marketPrice: Double, executedAt: Instant,
        decidedOn: Day, _ world: inout World, _ recorder: inout Recorder
    ) {
        guard let day = world.day else { return }
        let trigger = ExitTriggered(
            envelope: recorder.envelope(
                actor: .market, causation: .own(holding.entryFill),
                correlation: holding.correlation),
            holding: .own(holding.id), signal: .none, level: level, observed: observed,
            day: day, decidedOn: decidedOn, ticker: holding.ticker, reason: reason)
        let reference = recorder.record(trigger)
        world.portfolio.evolve(trigger, at: reference.position)
        let costs =
            timing == .lastClose
            ? marketPrice : world.rules.costs.price(marketPrice, side: .sell)
        fill(
            Execution(
                order: .own(holding.id), trigger: reference, correlation: holding.correlation,
                quantity: holding.quantity, remaining: .zero, marketPrice: marketPrice,
                price: costs, executedAt: executedAt, decidedOn: decidedOn,
                ticker: holding.ticker, side: .sell, leg: leg, timing: timing, flags: []),
            &world, &recorder)
    }

    private static func fill(
        _ execution: Execution, _ world: inout World, _ recorder: inout Recorder
    ) {
        guard let day = world.day, let slot = world.prices.slot(of: execution.ticker) else {
            return
        }
        let amount = Money(dollars: execution.quantity.shares * execution.price)
        let commission = world.rules.costs.commission(execution.quantity, at: execution.price)
        let event = OrderFilled(
            envelope: recorder.envelope(
                actor: .market,
                causation: execution.side == .buy ? execution.order : execution.trigger,
                correlation: execution.correlation, flags: execution.flags),
            order: execution.order, trigger: execution.trigger, quantity: execution.quantity,
            remaining: execution.remaining, price: execution.price,
            marketPrice: execution.marketPrice, commission: commission,
            cashChange: execution.side == .buy ? -(amount + commission) : amount - commission,
            executedAt: execution.executedAt, decidedOn: execution.decidedOn, filledOn: day,
            ticker: execution.ticker, side: execution.side, leg: execution.leg,
            timing: execution.timing)
        let reference = recorder.record(event)
        world.portfolio.evolve(event, at: reference.position, session: world.session, slot: slot)
    }

    private static func cancel(
        _ order: WorkingOrder, _ reason: CancellationReason, _ quantity: Quantity,
        _ world: inout World, _ recorder: inout Recorder
    ) {
        guard let day = world.day else { return }
        let event = OrderCancelled(
            envelope: recorder.envelope(
                actor: .market, causation: .own(order.id), correlation: order.correlation),
            order: .own(order.id), quantity: quantity, day: day, ticker: order.request.ticker,
            reason: reason)
        recorder.record(event)
        world.portfolio.evolve(event)
    }

    /// The shares that all cash buys at `price`, whole ones unless fractions are allowed.
    private static func affordable(_ world: borrowing World, at price: Double) -> Quantity {
        let cash = world.portfolio.cash.dollars
        guard cash > 0 else { return .zero }
        let shares = cash / world.rules.costs.cashPerShare(at: price)
        // Above this no order can be: it keeps the conversion to fixed point in range.
        let bounded = min(shares, 1e10)
        return world.rules.fractionalShares
            ? Quantity(rawValue: Int64(bounded * 1e8)) : Quantity(shares: Int64(bounded))
    }
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
