import Events
import TestKit

@testable import Brokerage

/// One order, a broker of its own that loses, delays, doubles and reorders, and what it saw.
struct OrderWorld {
    var chance: SeededGenerator
    var order: OrderProtocol
    var now = OrderDesk.start
    /// What the broker has, by order of arrival. More than one is a doubled order.
    var orders: [BrokerOrder] = []
    /// Sendings on their way, with the second of their arrival.
    var onTheirWay: [(OrderRequest, at: Instant)] = []
    /// Reports that were made; each may be delivered any number of times, in any order.
    var reports: [BrokerOrder] = []
    var facts: [OrderFact] = []
    var sendings: [OrderRequest] = []
    var broken: [String] = []
    /// Look-ups that found nothing since the last sending.
    var misses: [Instant] = []
    var states: Set<OrderProtocol.State> = []

    init(seed: UInt64) {
        chance = SeededGenerator(seed: seed)
        let forms: [TimeInForce] = [.opening, .day, .untilCancelled]
        order = OrderProtocol(OrderDesk.request(forms.randomElement(using: &chance)!))
    }

    mutating func happens(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &chance) < percent
    }

    mutating func take(_ input: OrderProtocol.Input) {
        facts += order.take(input, at: now)
        states.insert(order.state)
    }

    // MARK: The broker

    mutating func arrive(_ request: OrderRequest) -> BrokerFailure? {
        guard !orders.contains(where: { $0.clientID == request.id.description }) else {
            return .refused(
                Refusal(
                    status: 422, code: 40_010_001, message: "client_order_id must be unique"))
        }
        if happens(5) {
            return .refused(Refusal(status: 403, code: 40_310_000, message: "no buying power"))
        }
        orders.append(
            BrokerOrder(
                id: "broker-\(orders.count + 1)", clientID: request.id.description,
                assetID: "acme-id", symbol: "ACME", side: request.side,
                quantity: request.quantity, pricing: request.pricing,
                timeInForce: request.timeInForce, status: .working, submittedAt: now,
                updatedAt: now))
        reports.append(orders[orders.count - 1])
        return nil
    }

    /// The exchange does something to the order, or not.
    mutating func trade() {
        for place in onTheirWay.indices.reversed() where onTheirWay[place].at <= now {
            _ = arrive(onTheirWay.remove(at: place).0)
        }
        guard let last = orders.indices.last, !orders[last].status.isTerminal else { return }
        switch Int.random(in: 0..<40, using: &chance) {
        case 0..<4:
            let left = (orders[last].quantity - orders[last].filled).rawValue / 100_000_000
            fill(last, Int64.random(in: 1...left, using: &chance))
        case 4: orders[last].status = .expired
        case 5: orders[last].status = .cancelled
        case 6 where orders[last].status == .cancelling: orders[last].status = .cancelled
        default: return
        }
        orders[last].updatedAt = now
        reports.append(orders[last])
    }

    private mutating func fill(_ place: Int, _ shares: Int64) {
        let quantity = orders[place].filled + Quantity(shares: shares)
        let price = Price(cents: Int64.random(in: 900...1_100, using: &chance))
        orders[place].filled = quantity
        orders[place].filledValue += price.value(of: Quantity(shares: shares))
        if quantity == orders[place].quantity { orders[place].status = .filled }
    }

    // MARK: The task

    /// Does what the order asks for, over a network that fails as often as it is told.
    mutating func act(faults: Int) {
        switch order.step(at: now) {
        case .none, .wait: return
        case .send(let request), .replace(_, let request): send(request, faults: faults)
        case .lookUp:
            if happens(faults) { return take(.notLookedUp(.unknown(.timeOut))) }
            let found = orders.last { $0.clientID == order.request.id.description }
            if found == nil { misses.append(now) }
            take(.lookedUp(found))
        case .cancel(let id):
            if happens(faults / 2) { return take(.cancelFailed(.unknown(.dropped))) }
            let place = orders.firstIndex { $0.id == id }!
            guard !orders[place].status.isTerminal else {
                let refusal = Refusal(status: 422, code: 0, message: "order is not cancelable")
                return take(.cancelFailed(.refused(refusal)))
            }
            orders[place].status = .cancelling
            take(happens(faults / 2) ? .cancelFailed(.unknown(.timeOut)) : .cancelSent)
        }
    }

    private mutating func send(_ request: OrderRequest, faults: Int) {
        if !sendings.isEmpty {
            let isOld = misses.count > 1 && misses.last! >= misses[0].adding(seconds: 30)
            if !isOld { broken.append("sent again after the misses \(misses)") }
        }
        take(.sending)
        if happens(faults / 4) {
            return take(.notSent(.rateLimited(until: now.adding(seconds: 7))))
        }
        sendings.append(request)
        misses = []
        if happens(faults) {
            // Lost, late, or arrived and the answer lost.
            switch Int.random(in: 0..<3, using: &chance) {
            case 0: break
            case 1:
                let seconds = Int64.random(in: 1...90, using: &chance)
                onTheirWay.append((request, now.adding(seconds: seconds)))
            default: _ = arrive(request)
            }
            return take(.notSent(.unknown(happens(50) ? .timeOut : .status(504))))
        }
        if let failure = arrive(request) { return take(.notSent(failure)) }
        take(.sent(orders[orders.count - 1]))
    }

    mutating func deliver() {
        guard !reports.isEmpty, happens(30) else { return }
        take(.reported(reports.randomElement(using: &chance)!))
    }

    // MARK: A life

    /// Trades, fails and delivers for a while; then the session ends, the network is whole again,
    /// and everything that is on its way arrives.
    mutating func live() {
        take(.requested)
        let cancelAt = happens(30) ? Int.random(in: 0..<200, using: &chance) : -1
        let windowAt = Int.random(in: 2..<150, using: &chance)
        for turn in 0..<200 {
            if turn == cancelAt { take(.cancelRequested(.halted)) }
            if turn == windowAt { take(.windowOver) }
            if turn == windowAt + 20 { take(.auctionOver) }
            if happens(2) { take(.reconnected) }
            trade()
            deliver()
            act(faults: 40)
            now = now.adding(seconds: Int64.random(in: 0...5, using: &chance))
        }
        for late in onTheirWay { _ = arrive(late.0) }
        onTheirWay = []
        for place in orders.indices where !orders[place].status.isTerminal {
            orders[place].status = orders[place].status == .cancelling ? .cancelled : .expired
            reports.append(orders[place])
        }
        take(.cancelRequested(.requested))
        for _ in 0..<20 {
            act(faults: 0)
            now = now.adding(seconds: 31)
        }
        take(.sessionOver)
        for report in reports.shuffled(using: &chance) { take(.reported(report)) }
        for _ in 0..<20 {
            act(faults: 0)
            now = now.adding(seconds: 31)
        }
    }
}
