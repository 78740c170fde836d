public import Events
public import FeedbackLoop
public import Market

/// A broker that answers by a script: in parts, late, twice, in another order, or with a refusal.
public struct ScriptedBroker: Broker, Sendable {
    /// What it is asked to do.
    public enum Request: Hashable, Sendable {
        /// An order was submitted.
        case submit(Reference)
        /// An order was to be replaced by another.
        case replace(Reference, Reference)
        /// An order was to be cancelled.
        case cancel(Reference)
    }

    /// What it tells next of the order with a number, counted from 0 as they were submitted.
    public enum Answer: Sendable {
        /// It has taken the order.
        case accept(Int)
        /// So many shares at a price, so many of them left.
        case fill(Int, shares: Int64, at: Double, left: Int64)
        /// What is left is cancelled.
        case cancel(Int)
        /// The order is refused.
        case reject(Int)
        /// The answer before, a second time.
        case again
        /// A fill of an order that nobody submitted.
        case unknown(Ticker)
    }

    /// What it was asked to do, in order.
    public private(set) var requests: [Request] = []
    /// What it still tells.
    public var script: [Answer]

    private var orders: [WorkingOrder] = []
    private var latest: BrokerAnswer?

    /// A broker with a script.
    public init(_ script: [Answer] = []) {
        self.script = script
    }

    /// Takes an order.
    public mutating func submit(_ order: WorkingOrder) {
        requests.append(.submit(order.id))
        orders.append(order)
    }

    /// Takes another order in its place.
    public mutating func replace(_ order: Reference, with other: WorkingOrder) {
        requests.append(.replace(order, other.id))
        orders.append(other)
    }

    /// Is asked not to fill an order; what comes of it the script says.
    public mutating func cancel(_ order: Reference) {
        requests.append(.cancel(order))
    }

    /// The next answer of the script.
    public mutating func next(
        _ world: borrowing World, _ recorder: borrowing Recorder
    ) -> BrokerAnswer? {
        guard let first = script.first, let day = world.day, isAnswerable(first) else {
            return nil
        }
        let answer = made(script.removeFirst(), day, recorder)
        latest = answer
        return answer
    }

    /// Whether the order of an answer was submitted: it waits for that.
    private func isAnswerable(_ answer: Answer) -> Bool {
        switch answer {
        case .accept(let number), .fill(let number, _, _, _), .cancel(let number),
            .reject(let number):
            number < orders.count
        case .again, .unknown: true
        }
    }

    private func made(
        _ answer: Answer, _ day: Day, _ recorder: borrowing Recorder
    ) -> BrokerAnswer? {
        switch answer {
        case .accept(let number):
            return .accepted(
                OrderAccepted(
                    envelope: recorder.envelope(actor: .broker), order: orders[number].id,
                    acceptedAt: recorder.now, brokerOrderID: "order \(number)"))
        case .fill(let number, let shares, let price, let left):
            return .filled(fill(orders[number], shares, price, left, day, recorder))
        case .cancel(let number):
            let order = orders[number]
            return .cancelled(
                OrderCancelled(
                    envelope: recorder.envelope(actor: .broker), order: order.id,
                    quantity: order.rest, day: day, ticker: order.request.ticker, reason: .broker))
        case .reject(let number):
            return .rejected(
                OrderRejected(
                    envelope: recorder.envelope(actor: .broker), order: orders[number].id,
                    code: 403,
                    reason: .other, text: Array("no".utf8)))
        case .again: return latest
        case .unknown(let ticker):
            let request = OrderSubmitted(
                envelope: recorder.envelope(), signal: .none, holding: .none, trigger: .none,
                quantity: Quantity(shares: 1), referencePrice: 1, reservedCash: .zero,
                calibration: .none, day: day, timeoutDays: 0, attempt: 0, ticker: ticker,
                side: .buy, leg: .entry, orderType: .market, timing: .nextOpen)
            let order = WorkingOrder(id: .own(999_999), request: request, correlation: .none)
            return .filled(fill(order, 1, 1, 0, day, recorder))
        }
    }

    private func fill(
        _ order: WorkingOrder, _ shares: Int64, _ price: Double, _ left: Int64, _ day: Day,
        _ recorder: borrowing Recorder
    ) -> OrderFilled {
        let request = order.request
        let amount = Money(dollars: Double(shares) * price)
        return OrderFilled(
            envelope: recorder.envelope(actor: .broker), order: order.id,
            trigger: request.trigger, quantity: Quantity(shares: shares),
            remaining: Quantity(shares: left), price: price, marketPrice: price,
            commission: .zero, cashChange: request.side == .buy ? -amount : amount,
            executedAt: recorder.now, decidedOn: request.day, filledOn: day,
            ticker: request.ticker, side: request.side, leg: request.leg,
            timing: request.timing)
    }
}
