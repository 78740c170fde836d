import AlpacaExchange
import BrokerKit
import Brokerage
import Events

/// A holding of ACME that is guarded by the plan of exits, through the protocol, on a broker that
/// fails: what a daemon does once a turn, without a log.
struct ExitGuard {
    var floor: BrokerFloor
    /// Every order of the holding's exits, in the order of their attempts.
    var orders: [OrderProtocol] = []
    var held: Quantity
    var level: Double
    var levelBefore: Double
    var isExitDue = false
    var mismatches: [OrderFact] = []
    var steps: [ExitPlan.Step] = []
    /// Seconds of market hours in which the exchange had shares and no open sell of ours.
    var (bare, longest): (Int64, Int64) = (0, 0)
    private var (replaceRefusals, isThrough, isHeldBack) = (0, false, false)

    init(shares: Int64, level: Double, rules: ExchangeRules = ExchangeRules()) throws {
        floor = BrokerFloor(rules: rules, cash: 1e6) { StubPort($0) }
        try floor.enter(shares)
        (held, self.level, levelBefore) = (Quantity(shares: shares), level, level)
    }

    var now: Instant { floor.exchange.now }

    /// One turn: what the orders want, then what the plan asks for.
    mutating func turn(minute: Int, seconds: Int64) {
        for place in orders.indices where !orders[place].isOver { step(place) }
        plan(minute: minute)
        for place in orders.indices where orders[place].state == .requested { step(place) }
        let exchange = floor.exchange
        let isProtected = exchange.openOrders.contains { $0.shown.side == .sell }
        let isBare = exchange.isMarketOpen && !exchange.positions.isEmpty && !isProtected
        bare = isBare ? bare + seconds : 0
        longest = max(longest, bare)
        floor.pass(seconds)
    }

    private mutating func step(_ place: Int) {
        let now = now
        guard case .replacing(let id) = orders[place].origin, orders[place].state == .requested
        else { return book(orders[place].act(on: &floor.port, at: now)) }
        guard let other = orders.firstIndex(where: { $0.brokerOrderID == id }) else { return }
        var old = orders[other]
        let facts = orders[place].replace(&old, on: &floor.port, at: now)
        orders[other] = old
        book(facts.facts)
        book(facts.ofOther)
    }

    private mutating func book(_ facts: [OrderFact]) {
        for fact in facts {
            switch fact {
            case .filled(let quantity, _, _, _): held = held - quantity
            case .rejected(let refusal):
                if refusal.kind == .throughPrice { isThrough = true }
                if refusal.kind == .state { replaceRefusals += 1 }
                if refusal.kind == .sameDaySale || refusal.kind == .washTrade { isHeldBack = true }
            case .mismatch: mismatches.append(fact)
            case .accepted, .cancelled, .expired, .replaced: break
            }
        }
    }

    private mutating func plan(minute: Int) {
        guard let positions = try? floor.port.positions() else { return }
        var view = ExitView(
            held: held, brokerHeld: positions.first?.quantity ?? .zero, level: level,
            minute: minute)
        (view.levelBefore, view.lastTrade) = (levelBefore, floor.exchange.lastTrade("ACME"))
        (view.isExitDue, view.replaceRefusals) = (isExitDue, replaceRefusals)
        (view.isThrough, view.isHeldBack) = (isThrough, isHeldBack)
        view.isInDoubt = orders.contains {
            $0.isInDoubt || $0.state == .requested || $0.state == .givenUp && $0.shown != nil
                || !$0.isOver && $0.request.pricing == .market && $0.state != .givenUp
        }
        let working = orders.last {
            ($0.state == .accepted || $0.state == .partiallyFilled) && $0.request.pricing != .market
        }
        if let working, let level = working.shown?.pricing.stopPrice {
            view.resting = RestingExit(
                id: working.request.id, quantity: working.remaining, level: level,
                isCancelling: isCancelling(working), isFromBefore: false)
        }
        follow(ExitPlan.step(view))
    }

    private func isCancelling(_ order: OrderProtocol) -> Bool {
        cancelled.contains(order.request.id)
    }

    private var cancelled: Set<ClientOrderID> = []

    private mutating func follow(_ step: ExitPlan.Step) {
        if case .leave = step { return }
        steps.append(step)
        let attempt = UInt32(orders.count)
        switch step {
        case .leave: return
        case .place(let level, let quantity):
            request(BrokerFloor.stop(1, attempt: attempt), quantity, .stop(level), .new)
        case .replace(let id, let level, let quantity):
            guard let old = orders.first(where: { $0.request.id == id })?.brokerOrderID else {
                return
            }
            request(
                BrokerFloor.stop(1, attempt: attempt), quantity, .stop(level), .replacing(old))
        case .cancel(let id, let reason):
            guard let place = orders.firstIndex(where: { $0.request.id == id }) else { return }
            cancelled.insert(id)
            book(orders[place].take(.cancelRequested(reason), at: now))
        case .sellNow(let quantity):
            request(BrokerFloor.sale(.day, attempt: attempt), quantity, .market, .new)
        case .sellAtOpen(let quantity):
            request(BrokerFloor.sale(.opening, attempt: attempt), quantity, .market, .new)
        }
        isThrough = false
    }

    private mutating func request(
        _ form: OrderRequest, _ quantity: Quantity, _ pricing: OrderPricing,
        _ origin: OrderProtocol.Origin
    ) {
        var request = form
        (request.quantity, request.pricing) = (quantity, pricing)
        var order = OrderProtocol(request, origin: origin)
        book(order.take(.requested, at: now))
        orders.append(order)
    }
}
