import Events
import LoopKit
import Market

@testable import FeedbackLoop

/// A broker of the contract: one that can be told that a session's market is open.
protocol FloorBroker: Broker {
    mutating func open(_ world: borrowing World)
}

extension OrderToFill: FloorBroker {}

extension ScriptedBroker: FloorBroker {
    mutating func open(_ world: borrowing World) {}
}

/// A desk and a broker: orders are recorded and submitted, answers recorded one at a time.
struct TradingFloor<Venue: FloorBroker>: ~Copyable {
    var desk: Desk
    var broker: Venue
    private var state = NoState()
    private var day: Day = "2020-01-05"

    init(_ broker: Venue, cash: Double = 10_000) {
        self.broker = broker
        let world = World(
            rules: MarketRules(
                costs: Costs(slippageBasisPoints: 0, commissionBasisPoints: 0), noPriceSessions: 5,
                delistingHaircut: 0, fractionalShares: false, cashRate: 0),
            cash: Money(dollars: cash), historySessions: 3)
        desk = Desk(world: world, artefacts: NoArtefacts(), digest: { _ in .zero })
    }

    var portfolio: Portfolio { desk.world.portfolio }
    var refusal: PortfolioError? { desk.world.refusal }

    /// A session of bars that did not move, and all that the broker answers in it.
    mutating func session(_ prices: [(Ticker, Double)], isOpen: Bool = true) {
        day = day + 1
        let instant = Instant(day, hour: 21)
        let event = SessionClosed(
            envelope: Envelope(knownAt: instant, recordedAt: instant, actor: .timeline),
            source: .zero, day: day, part: 0, conflicts: 0, unadjusted: 0, adjustment: .none,
            bars: prices.map {
                SessionClosed.Bar(
                    ticker: $0.0, open: $0.1, high: $0.1, low: $0.1, close: $0.1, volume: 1e6)
            })
        let message = event.encoded()
        guard let view = try? SessionClosedView(message.span.bytes) else { return }
        desk.close(view)
        desk.recorder.advance(to: instant, through: 0)
        if isOpen { answer() }
        desk.mark()
    }

    /// Records what the broker answers now.
    mutating func answer() {
        broker.open(desk.world)
        while let answer = broker.next(desk.world, desk.recorder) { desk.record(answer, &state) }
    }

    /// Records and submits an order to buy; its id.
    @discardableResult
    mutating func buy(
        _ ticker: Ticker, _ shares: Int64, stopDistance: Double? = nil, target: Double? = nil
    ) -> Reference {
        submit(
            OrderSubmitted(
                envelope: desk.envelope(), signal: .none, holding: .none, trigger: .none,
                quantity: Quantity(shares: shares), referencePrice: 1,
                stopDistance: stopDistance, targetFraction: target, reservedCash: .zero,
                calibration: .none, day: day, timeoutDays: 0, attempt: 0, ticker: ticker,
                side: .buy, leg: .entry, orderType: .market, timing: .nextOpen))
    }

    /// Decides on closing a holding, and submits what is due of it; the order's id, if one is.
    @discardableResult
    mutating func leave(_ ticker: Ticker) -> Reference? {
        guard let index = portfolio.holdingIndex(ticker) else { return nil }
        let holding = portfolio.holdings[index]
        if holding.exit == nil {
            ExitOrder.submit(
                holding, reason: .timeout, signal: .none, observed: nil, day: day,
                timing: .nextOpen, &state, &desk)
        } else {
            ExitOrder.submit(holding, day: day, timing: .nextOpen, &state, &desk)
        }
        guard let order = portfolio.orders.last, order.request.ticker == ticker else { return nil }
        broker.submit(order)
        return order.id
    }

    private mutating func submit(_ event: OrderSubmitted) -> Reference {
        let reference = desk.record(event, &state)
        if let order = portfolio.order(reference) { broker.submit(order) }
        return reference
    }
}
