import Events

@testable import Brokerage

/// An order and the reports of a broker about it, for tests: 100 shares of ACME unless told.
struct OrderDesk {
    static let start = Instant(Day(year: 2026, month: 11, day: 25)!, hour: 13)
    static let id = ClientOrderID(
        prefix: 0x3f9a_1c07_b2d4_e685, day: Day(year: 2026, month: 11, day: 24)!,
        ticker: Ticker("ACME")!, leg: .entry, attempt: 0)

    var order: OrderProtocol
    var now = OrderDesk.start
    var facts: [OrderFact] = []

    static func request(
        _ timeInForce: TimeInForce = .opening, pricing: OrderPricing = .market,
        side: OrderSide = .buy
    ) -> OrderRequest {
        OrderRequest(
            id: id, symbol: Ticker("ACME")!, assetID: "acme-id", side: side,
            quantity: Quantity(shares: 100), pricing: pricing, timeInForce: timeInForce)
    }

    init(_ timeInForce: TimeInForce = .opening, origin: OrderProtocol.Origin = .new) {
        order = OrderProtocol(OrderDesk.request(timeInForce), origin: origin)
    }

    /// One that the broker has.
    static func accepted(_ timeInForce: TimeInForce = .opening) -> OrderDesk {
        var desk = OrderDesk(timeInForce)
        desk.take(.requested, .sending)
        desk.take(.sent(desk.shown()))
        desk.facts = []
        return desk
    }

    /// One whose answer never came.
    static func unknown(_ timeInForce: TimeInForce = .opening) -> OrderDesk {
        var desk = OrderDesk(timeInForce)
        desk.take(.requested, .sending, .notSent(.unknown(.timeOut)))
        return desk
    }

    mutating func take(_ inputs: OrderProtocol.Input...) {
        for input in inputs { facts += order.take(input, at: now) }
    }

    mutating func pass(_ seconds: Int64) { now = now.adding(seconds: seconds) }

    var step: OrderProtocol.Step { order.step(at: now) }

    /// What the broker shows, filled at 10 dollars a share.
    func shown(
        _ status: OrderStatus = .working, filled: Int64 = 0, shares: Int64 = 100,
        id: String = "broker-1", asset: String = "acme-id", side: OrderSide = .buy
    ) -> BrokerOrder {
        BrokerOrder(
            id: id, clientID: OrderDesk.id.description, assetID: asset, symbol: "ACME", side: side,
            quantity: Quantity(shares: shares), pricing: .market,
            timeInForce: order.request.timeInForce, status: status,
            filled: Quantity(shares: filled), filledValue: Money(dollars: 10 * Double(filled)),
            submittedAt: OrderDesk.start, updatedAt: now)
    }

    var accepted: OrderFact {
        .accepted(brokerOrderID: "broker-1", assetID: "acme-id", at: OrderDesk.start)
    }

    func filled(_ shares: Int64, left: Int64) -> OrderFact {
        .filled(
            quantity: Quantity(shares: shares), value: Money(dollars: 10 * Double(shares)),
            remaining: Quantity(shares: left), at: now)
    }

    func cancelled(_ shares: Int64, _ reason: CancelReason) -> OrderFact {
        .cancelled(quantity: Quantity(shares: shares), reason)
    }
}
