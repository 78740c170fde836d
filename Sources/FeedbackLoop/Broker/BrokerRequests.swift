import Brokerage
public import Events
public import Market

/// What a run asks of a broker of the world, as events that are durable before anything is sent.
///
/// Entries and exits at the open are asked for at 05:30 of the open's own date, so that Friday's
/// wait over the weekend in the log. Whatever is held has one stop at work or on its way.
enum BrokerRequests {
    /// The orders for a session's open are asked for, on its date.
    static func request<Fold: EventFold>(
        _ session: Day, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        let window = NewYorkTime.instant(session, minute: ExitHours.auctionEnd)
        for order in desk.world.portfolio.orders where order.request.timing == .nextOpen {
            guard let book = desk.world.broker, book.tickets(of: order.id).isEmpty else { continue }
            if book.missedThrough >= window {
                // Nobody was there in its window: an exit stays due.
                cancel(order, .missedWindow, &fold, &desk)
            } else if order.request.leg == .entry {
                enter(order, session, &fold, &desk)
            }
        }
        for holding in desk.world.portfolio.holdings {
            protect(holding.id, cause: .timeline(desk.recorder.through), &fold, &desk)
        }
    }

    /// A session has closed: an entry that was never asked for has missed its open.
    static func close<Fold: EventFold>(
        _ session: Day, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        for order in desk.world.portfolio.orders
        where order.request.leg == .entry && order.request.day < session {
            guard let book = desk.world.broker, book.tickets(of: order.id).isEmpty else { continue }
            cancel(order, .missedWindow, &fold, &desk)
        }
    }

    private static func enter<Fold: EventFold>(
        _ order: WorkingOrder, _ session: Day, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        guard let terms = desk.world.broker?.terms else { return }
        if desk.world.isExDate(of: order.request.ticker, session) {
            return cancel(order, .corporateAction, &fold, &desk)
        }
        // A level that may come of a wrong bar: nobody enters on such prices.
        if desk.world.broker?.suspects.contains(order.request.ticker) ?? false {
            return cancel(order, .noBar, &fold, &desk)
        }
        let id = ClientOrderID(
            prefix: terms.prefix, day: order.request.day, ticker: order.request.ticker,
            leg: .entry, attempt: UInt32(order.request.attempt))
        desk.record(
            OrderRequested(
                envelope: desk.envelope(causation: order.id, correlation: order.correlation),
                order: order.id, quantity: order.rest, day: session,
                attempt: order.request.attempt, ticker: order.request.ticker, side: .buy,
                leg: .entry, orderType: .market, timeInForce: .opg, clientOrderID: "\(id)"), &fold)
    }

    static func cancel<Fold: EventFold>(
        _ order: WorkingOrder, _ reason: CancellationReason, _ fold: inout Fold,
        _ desk: inout Desk
    ) where Fold.Context == World {
        desk.record(
            OrderCancelled(
                envelope: desk.envelope(causation: order.id, correlation: order.correlation),
                order: order.id, quantity: order.rest, day: order.request.day,
                ticker: order.request.ticker, reason: reason), &fold)
    }

    /// Every working entry is to be cancelled because of a halt: at the broker, where it was asked
    /// for.
    static func cancelEntries<Fold: EventFold>(
        _ cause: Reference, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        for order in desk.world.portfolio.orders where order.request.leg == .entry {
            guard let ticket = desk.world.broker?.tickets(of: order.id).first else {
                desk.record(
                    OrderCancelled(
                        envelope: desk.envelope(causation: cause, correlation: order.correlation),
                        order: order.id, quantity: order.rest, day: order.request.day,
                        ticker: order.request.ticker, reason: .halted), &fold)
                continue
            }
            guard !ticket.isCancelling else { continue }
            desk.record(
                CancelRequested(
                    envelope: desk.envelope(causation: cause, correlation: order.correlation),
                    request: ticket.request, ticker: ticket.ticker, reason: .halted,
                    clientOrderID: ticket.id), &fold)
        }
    }
}

extension BrokerRequests {
    /// Asks for what a holding's exit needs now, if anything: exactly one at work for its whole
    /// quantity, or one on its way.
    ///
    /// - Parameter isLook: whether what stood against a sale may be over: a sale that was refused
    ///   for a reason that passes is tried again.
    static func protect<Fold: EventFold>(
        _ holding: Reference, cause: Reference, shown: (stop: Double?, last: Double?) = (nil, nil),
        isLook: Bool = false, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        guard let held = desk.world.portfolio.holdings.first(where: { $0.id == holding }),
            let view = ExitView(held, shown, desk.world, isLook: isLook, at: desk.now)
        else { return }
        let step = ExitPlan.step(view)
        if desk.world.halts.differing.contains(held.ticker) {
            // Its stop stays, and nothing new is ordered before a person has looked.
            guard case .cancel = step else { return }
        }
        switch step {
        case .leave: return
        case .place(let level, let quantity):
            let leg: OrderLeg = held.restingLevel?.reason == .stop ? .stop : .trailingStop
            let attempt = desk.world.broker?.nextAttempt(held.id, leg) ?? 0
            request(
                held, leg, .stop, level: level.dollars, quantity, .gtc, attempt: attempt,
                order: held.id, cause: cause, &fold, &desk)
        case .replace(let id, let level, let quantity):
            replace(held, id, level, quantity, cause: cause, &fold, &desk)
        case .cancel(let id, let reason):
            guard let ticket = desk.world.broker?.ticket("\(id)") else { return }
            desk.record(
                CancelRequested(
                    envelope: desk.envelope(causation: cause, correlation: held.correlation),
                    request: ticket.request, ticker: held.ticker,
                    reason: reason == .corporateAction ? .corporateAction : .exitDue,
                    clientOrderID: ticket.id), &fold)
        case .sellAtOpen(let quantity):
            guard let order = desk.world.waitingExit(of: held.id) else { return }
            request(
                held, .exit, .market, level: nil, quantity, .opg,
                attempt: order.request.attempt, order: order.id, cause: cause, &fold, &desk)
        case .sellNow(let quantity): sellNow(held, quantity, cause: cause, &fold, &desk)
        }
    }

    private static func request<Fold: EventFold>(
        _ holding: Holding, _ leg: OrderLeg, _ type: OrderType, level: Double?,
        _ quantity: Quantity, _ timeInForce: OrderTimeInForce, attempt: UInt16,
        order: Reference, cause: Reference, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        guard let terms = desk.world.broker?.terms else { return }
        let id = ClientOrderID(
            prefix: terms.prefix, day: holding.terms.day, ticker: holding.ticker, leg: leg,
            attempt: UInt32(attempt))
        desk.record(
            OrderRequested(
                envelope: desk.envelope(causation: cause, correlation: holding.correlation),
                order: order, quantity: quantity, level: level,
                day: NewYorkTime.local(desk.now).day, attempt: attempt, ticker: holding.ticker,
                side: .sell, leg: leg, orderType: type, timeInForce: timeInForce,
                clientOrderID: "\(id)"), &fold)
    }

    private static func replace<Fold: EventFold>(
        _ holding: Holding, _ id: ClientOrderID, _ level: Price, _ quantity: Quantity,
        cause: Reference, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        guard let book = desk.world.broker, let ticket = book.ticket("\(id)") else { return }
        let leg: OrderLeg = holding.restingLevel?.reason == .stop ? .stop : .trailingStop
        let attempt = book.nextAttempt(holding.id, leg)
        let new = ClientOrderID(
            prefix: id.prefix, day: id.day, ticker: id.ticker, leg: leg, attempt: UInt32(attempt))
        desk.record(
            ReplaceRequested(
                envelope: desk.envelope(causation: cause, correlation: holding.correlation),
                request: ticket.request, order: holding.id, quantity: quantity,
                level: level.dollars, day: NewYorkTime.local(desk.now).day, attempt: attempt,
                ticker: holding.ticker, leg: leg, replaced: ticket.id,
                clientOrderID: "\(new)"), &fold)
    }

    /// The price is through the stop: what it would have sold is sold at once.
    private static func sellNow<Fold: EventFold>(
        _ holding: Holding, _ quantity: Quantity, cause: Reference, _ fold: inout Fold,
        _ desk: inout Desk
    ) where Fold.Context == World {
        let day = NewYorkTime.local(desk.now).day
        if holding.exit == nil {
            desk.record(
                ExitTriggered(
                    envelope: desk.envelope(causation: cause, correlation: holding.correlation),
                    holding: holding.id, signal: .none, level: holding.restingLevel?.level,
                    observed: nil, day: day, decidedOn: desk.world.day ?? day,
                    ticker: holding.ticker, reason: holding.restingLevel?.reason ?? .stop), &fold)
        }
        guard
            let due = desk.world.portfolio.holdings.first(where: { $0.id == holding.id }),
            let exit = due.exit
        else { return }
        var order = exit.order
        if order == .none {
            order = desk.record(
                OrderSubmitted(
                    envelope: desk.envelope(causation: cause, correlation: due.correlation),
                    signal: exit.signal, holding: due.id, trigger: exit.trigger,
                    quantity: quantity,
                    referencePrice: desk.world.prices.latestBar(due.slot).close,
                    reservedCash: .zero, calibration: .none, day: desk.world.day ?? day,
                    timeoutDays: 0, attempt: UInt16(clamping: exit.attempts), ticker: due.ticker,
                    side: .sell, leg: .exit, orderType: .market, timing: .immediate), &fold)
        }
        let attempt = desk.world.portfolio.order(order)?.request.attempt ?? 0
        request(
            due, .exit, .market, level: nil, quantity, .day, attempt: attempt, order: order,
            cause: cause, &fold, &desk)
    }
}

extension World {
    /// Whether a split or a change of symbol has its ex-date on a day.
    func isExDate(of ticker: Ticker, _ day: Day) -> Bool {
        prices.waitingActions.contains {
            $0.ticker == ticker && $0.exDay == day
                && ($0.kind == .split || $0.kind == .symbolChange)
        }
    }

    /// New shares for one old share, of a split whose ex-date a day is and whose session has not
    /// closed; nil without.
    public func splitRatio(of ticker: Ticker, _ day: Day) -> Double? {
        prices.waitingActions.first {
            $0.ticker == ticker && $0.exDay == day && $0.kind == .split
        }?.ratio.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Dollars a share of the dividends that go ex on a day whose session has not closed.
    func dividend(of ticker: Ticker, _ day: Day) -> Double {
        prices.waitingActions.filter {
            $0.ticker == ticker && $0.exDay == day && $0.kind == .dividend
        }.reduce(0) { $0 + ($1.amount ?? 0) }
    }

    /// The exit order of a holding that is to be asked for, and was not.
    func waitingExit(of holding: Reference) -> WorkingOrder? {
        portfolio.orders.first { order in
            order.request.holding == holding && order.request.leg == .exit
                && (broker?.tickets(of: order.id).isEmpty ?? false)
        }
    }
}

extension ExitView {
    /// A holding as a run knows it; nil for one without a level and without an exit.
    ///
    /// - Parameter shown: the level of its stop and the last trade as the broker shows them; nil
    ///   where they were not read.
    /// - Parameter isLook: whether what stood against a sale may be over.
    init?(
        _ holding: Holding, _ shown: (stop: Double?, last: Double?), _ world: borrowing World,
        isLook: Bool, at now: Instant
    ) {
        guard let book = world.broker else { return nil }
        let (day, minute) = NewYorkTime.local(now)
        let stops = book.tickets(of: holding.id).filter { $0.isResting }
        let sells = book.open.filter { ticket in
            ticket.leg == .exit
                && world.portfolio.order(ticket.order)?.request.holding == holding.id
        }
        let resting = stops.first { $0.isAccepted && !$0.isBeingReplaced }
        self.init(
            held: holding.quantity,
            brokerHeld: book.shown(of: holding.ticker) ?? holding.quantity,
            level: holding.restingLevel?.level ?? 0, minute: minute)
        otherSells = sells.reduce(.zero) { $0 + $1.rest }
        if let known = book.levels.first(where: { $0.holding == holding.id }) {
            (levelBefore, isBorneOut) = (known.before, known.isBorneOut)
        }
        lastTrade = shown.last.flatMap { Price(roundedDown: $0) }
        isInDoubt = stops.contains { !$0.isAccepted || $0.isBeingReplaced } || !sells.isEmpty
        if let resting, let id = ClientOrderID(resting.id), let level = shown.stop ?? resting.level,
            let price = Price(roundedDown: level)
        {
            self.resting = RestingExit(
                id: id, quantity: resting.rest, level: price, isCancelling: resting.isCancelling,
                isFromBefore: resting.day < day)
        }
        isThrough = book.through.contains(holding.id)
        if let refusal = book.heldBack(holding.id, on: day) {
            isHeldBack = refusal == .sameDaySale || !isLook
        }
        replaceRefusals = book.refusals(of: holding.id)
        isExitDue = world.waitingExit(of: holding.id) != nil
        areExitsHalted = world.halts.stopsExits
        isSession = (try? ExchangeCalendar.xnys.isSession(day)) ?? false
        isExDate = world.isExDate(of: holding.ticker, day)
        if let ratio = world.splitRatio(of: holding.ticker, day) {
            split(by: ratio, shown: book.shown(of: holding.ticker))
        }
        lower(holding, shown.stop, resting, world, on: day)
    }

    /// On the ex-date of a split the log has the shares and levels of before it until its session
    /// closes: a stop is asked for at the level of the new shares, for the smaller number of both
    /// until the broker shows the new one.
    private mutating func split(by ratio: Double, shown: Quantity?) {
        let after = Quantity(shares: held.shares * ratio, fractional: false)
        held = shown == after ? after : min(held, after)
        brokerHeld = min(brokerHeld, after)
        level /= ratio
        levelBefore = levelBefore.map { $0 / ratio }
        hasAction = true
    }

    /// On the ex-date of a dividend the log has the level of before it until its session closes: a
    /// stop that the broker lowered by as much is kept.
    private mutating func lower(
        _ holding: Holding, _ level: Double?, _ resting: BrokerTicket?, _ world: borrowing World,
        on day: Day
    ) {
        guard let level, let asked = resting?.level, let since = resting?.day, since < day else {
            return
        }
        let paid = world.dividend(of: holding.ticker, day)
        guard paid > 0, (asked - level - paid).magnitude < 0.02 else { return }
        loweredBy = paid
    }
}
