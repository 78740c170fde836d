public import Brokerage
public import Events

/// The exchange in process: a broker without a network.
public struct StubPort: BrokerPort, OrderUpdates, Sendable {
    private let stub: StubBroker

    /// A port to a broker.
    public init(_ stub: StubBroker) {
        self.stub = stub
    }

    private func ask<Answer: Sendable>(
        _ operation: BrokerCall, _ body: (inout Exchange) throws(Refusal) -> Answer
    ) throws(BrokerFailure) -> Answer {
        let result = stub.with { state -> Result<Answer, BrokerFailure> in
            let fault = state.admit(operation)
            var answer: Result<Answer, BrokerFailure>?
            if fault.isDone {
                do throws(Refusal) {
                    answer = .success(try body(&state.exchange))
                } catch {
                    answer = .failure(.refused(error))
                }
            }
            return StubPort.answer(fault, answer, at: state.exchange.now)
        }
        return try result.get()
    }

    private static func answer<Answer>(
        _ fault: Fault, _ answer: Result<Answer, BrokerFailure>?, at now: Instant
    ) -> Result<Answer, BrokerFailure> {
        switch fault {
        case .none: answer ?? .failure(.unknown(.dropped))
        case .rateLimit(let seconds): .failure(.rateLimited(until: now.adding(seconds: seconds)))
        case .refuse(let refusal, _): .failure(.refused(refusal))
        case .status(let status, _): .failure(.unknown(.status(status)))
        case .timeOut: .failure(.unknown(.timeOut))
        case .dropped: .failure(.unknown(.dropped))
        }
    }

    /// The account.
    public mutating func account() throws(BrokerFailure) -> BrokerAccount {
        try ask(.account) { $0.account }
    }

    /// The exchange's clock.
    public mutating func clock() throws(BrokerFailure) -> BrokerClock {
        try ask(.clock) { $0.clock }
    }

    /// Its sessions.
    public mutating func calendar(
        _ days: ClosedRange<Day>
    ) throws(BrokerFailure) -> [BrokerSession] {
        try ask(.calendar) { $0.sessions(days) }
    }

    /// What a symbol names.
    public mutating func asset(_ symbol: Ticker) throws(BrokerFailure) -> BrokerAsset? {
        try ask(.asset) { $0.asset(symbol.description) }
    }

    /// Sends an order.
    public mutating func submit(_ order: OrderRequest) throws(BrokerFailure) -> BrokerOrder {
        try ask(.submit) { (exchange) throws(Refusal) in
            try exchange.submit(
                ExchangeRequest(
                    clientID: order.id.description, symbol: order.symbol.description,
                    side: order.side, quantity: order.quantity, pricing: order.pricing,
                    timeInForce: order.timeInForce)
            ).shown
        }
    }

    /// The order of an id of ours.
    public mutating func order(_ id: ClientOrderID) throws(BrokerFailure) -> BrokerOrder? {
        try ask(.order) { $0.order(clientID: id.description)?.shown }
    }

    /// Puts an order in the place of another.
    public mutating func replace(
        _ brokerOrderID: String, by order: OrderRequest
    ) throws(BrokerFailure) -> BrokerOrder {
        try ask(.replace) { (exchange) throws(Refusal) in
            try exchange.replace(
                brokerOrderID, quantity: order.quantity, stopPrice: order.pricing.stopPrice,
                clientID: order.id.description
            ).shown
        }
    }

    /// Asks for the end of an order.
    public mutating func cancel(_ brokerOrderID: String) throws(BrokerFailure) {
        try ask(.cancel) { (exchange) throws(Refusal) in try exchange.cancel(brokerOrderID) }
    }

    /// Every open order.
    public mutating func openOrders() throws(BrokerFailure) -> [BrokerOrder] {
        try ask(.openOrders) { $0.openOrders.map(\.shown) }
    }

    /// What is held.
    public mutating func positions() throws(BrokerFailure) -> [BrokerPosition] {
        try ask(.positions) { $0.positions }
    }

    /// What moved shares or cash.
    public mutating func activities(
        after id: String?
    ) throws(BrokerFailure) -> [BrokerActivity] {
        try ask(.activities) { (exchange) throws(Refusal) in
            guard let found = exchange.activities(after: id) else {
                throw Refusal(status: 422, code: 40_010_001, message: "invalid page_token")
            }
            return found
        }
    }

    /// The updates since it was last asked.
    public mutating func drain() -> (updates: [BrokerOrder], isReconnected: Bool) {
        let (updates, isReconnected) = stub.with { $0.stream() }
        return (updates.map(\.order.shown), isReconnected)
    }
}
