public import Brokerage
public import Events

/// Alpaca's REST v2 behind the port. Each call is one request, or one a page; none is sent twice.
///
/// A request that would go beyond the budget, or comes too early after failures, is not sent:
/// `rateLimited` names the instant. What must not wait (orders and their cancelling and look-up)
/// has a part of the budget to itself.
public struct AlpacaPort<Transport: HTTPTransport>: BrokerPort {
    var transport: Transport
    var credentials: AlpacaCredentials
    var budget: RequestBudget
    var backOff: BackOff
    let now: () -> Instant

    /// A port over a transport to the host of the credentials' mode.
    ///
    /// - Parameters:
    ///   - seed: of the back-off's jitter.
    ///   - now: the time, for budget and back-off.
    public init(
        _ transport: Transport, credentials: AlpacaCredentials, seed: UInt64,
        budget: RequestBudget = RequestBudget(), now: @escaping () -> Instant
    ) {
        (self.transport, self.credentials) = (transport, credentials)
        (self.budget, self.now) = (budget, now)
        backOff = BackOff(seed: seed)
    }

    /// Takes other credentials, for all that is asked from now on.
    public mutating func take(_ credentials: AlpacaCredentials) {
        self.credentials = credentials
    }

    // MARK: The account and the world

    /// The account and its settings: two requests.
    public mutating func account() throws(BrokerFailure) -> BrokerAccount {
        let account = try get(AlpacaAnswer.Account.self, "/v2/account")
        let settings = try get(AlpacaAnswer.Configurations.self, "/v2/account/configurations")
        return try read { () throws(UnreadableField) in
            BrokerAccount(
                id: account.id, number: account.accountNumber,
                isActive: account.status == "ACTIVE" && !account.tradingBlocked
                    && !account.accountBlocked && !account.tradeSuspendedByUser
                    && settings.suspendTrade != true,
                cash: try AlpacaAnswer.money("cash", account.cash),
                equity: try AlpacaAnswer.money("equity", account.equity),
                accruedFees: account.accruedFees == nil
                    ? .zero : try AlpacaAnswer.money("accrued_fees", account.accruedFees),
                noShorting: settings.noShorting,
                maxMarginMultiplier: settings.maxMarginMultiplier.text)
        }
    }

    /// The broker's clock.
    public mutating func clock() throws(BrokerFailure) -> BrokerClock {
        let answer = try get(AlpacaAnswer.Clock.self, "/v2/clock")
        return try read { () throws(UnreadableField) in try answer.value() }
    }

    /// Its sessions.
    public mutating func calendar(
        _ days: ClosedRange<Day>
    ) throws(BrokerFailure) -> [BrokerSession] {
        let answer = try get(
            [AlpacaAnswer.Session].self, "/v2/calendar",
            [
                HTTPRequest.Field("start", "\(days.lowerBound)"),
                HTTPRequest.Field("end", "\(days.upperBound)"),
            ])
        return try readAll(answer) { (session) throws(UnreadableField) in try session.value() }
    }

    /// What a symbol names.
    public mutating func asset(_ symbol: Ticker) throws(BrokerFailure) -> BrokerAsset? {
        let path = "/v2/assets/\(HTTPRequest.escaped(AlpacaText.symbol(symbol)))"
        guard let answer = try find(AlpacaAnswer.Asset.self, path) else { return nil }
        return BrokerAsset(
            id: answer.id, symbol: answer.symbol,
            isTradable: answer.tradable && answer.status == "active")
    }

    // MARK: Orders

    /// Sends an order.
    public mutating func submit(_ order: OrderRequest) throws(BrokerFailure) -> BrokerOrder {
        var body = JSONObject()
        body.text("symbol", AlpacaText.symbol(order.symbol))
        body.text("qty", DecimalText.text(order.quantity.rawValue, decimals: 8))
        body.text("side", order.side == .buy ? "buy" : "sell")
        switch order.pricing {
        case .market: body.text("type", "market")
        case .stop(let price):
            body.text("type", "stop")
            body.text("stop_price", price.description)
        case .limit(let price):
            body.text("type", "limit")
            body.text("limit_price", price.description)
        case .foreign: preconditionFailure("an order of ours is market, stop or limit")
        }
        body.text("time_in_force", AlpacaText.word(order.timeInForce))
        body.text("client_order_id", order.id.description)
        return try send("POST", "/v2/orders", body)
    }

    /// The order of an id of ours.
    public mutating func order(_ id: ClientOrderID) throws(BrokerFailure) -> BrokerOrder? {
        let query = [HTTPRequest.Field("client_order_id", id.description)]
        let path = "/v2/orders:by_client_order_id"
        guard let answer = try find(AlpacaAnswer.Order.self, path, query, isUrgent: true) else {
            return nil
        }
        return try read { () throws(UnreadableField) in try answer.value() }
    }

    /// Asks for another level and quantity.
    public mutating func replace(
        _ brokerOrderID: String, by order: OrderRequest
    ) throws(BrokerFailure) -> BrokerOrder {
        var body = JSONObject()
        body.text("qty", DecimalText.text(order.quantity.rawValue, decimals: 8))
        body.text("time_in_force", AlpacaText.word(order.timeInForce))
        if let price = order.pricing.stopPrice { body.text("stop_price", price.description) }
        body.text("client_order_id", order.id.description)
        return try send("PATCH", "/v2/orders/\(HTTPRequest.escaped(brokerOrderID))", body)
    }

    /// Asks for the end of an order.
    public mutating func cancel(_ brokerOrderID: String) throws(BrokerFailure) {
        _ = try answer(
            HTTPRequest("DELETE", "/v2/orders/\(HTTPRequest.escaped(brokerOrderID))"),
            isUrgent: true)
    }

    /// Every open order, page by page.
    public mutating func openOrders() throws(BrokerFailure) -> [BrokerOrder] {
        let size = 500
        var (found, seen, after): ([BrokerOrder], Set<String>, Instant?) = ([], [], nil)
        while true {
            var query = [
                HTTPRequest.Field("status", "open"), HTTPRequest.Field("limit", "\(size)"),
                HTTPRequest.Field("direction", "asc"), HTTPRequest.Field("nested", "false"),
            ]
            if let after { query.append(HTTPRequest.Field("after", after.description)) }
            let page = try get([AlpacaAnswer.Order].self, "/v2/orders", query, isUrgent: true)
            let orders = try readAll(page) { (order) throws(UnreadableField) in try order.value() }
            let new = orders.filter { seen.insert($0.id).inserted }
            found += new
            guard page.count >= size else { return found }
            guard let last = new.last else {
                throw .unknown(.unreadable("\(size) orders were submitted at one instant"))
            }
            // `after` excludes its instant, at which there may be more.
            after = last.submittedAt.adding(nanoseconds: -1)
        }
    }

    /// What is held.
    public mutating func positions() throws(BrokerFailure) -> [BrokerPosition] {
        let answer = try get([AlpacaAnswer.Position].self, "/v2/positions")
        return try readAll(answer) { (position) throws(UnreadableField) in try position.value() }
    }

    /// What moved shares or cash, page by page.
    public mutating func activities(
        after id: String?
    ) throws(BrokerFailure) -> [BrokerActivity] {
        let size = 100
        var (found, token): ([BrokerActivity], String?) = ([], id)
        while true {
            var query = [
                HTTPRequest.Field("direction", "asc"), HTTPRequest.Field("page_size", "\(size)"),
            ]
            if let token { query.append(HTTPRequest.Field("page_token", token)) }
            let page = try get([AlpacaAnswer.Activity].self, "/v2/account/activities", query)
            found += try readAll(page) { (activity) throws(UnreadableField) in
                try activity.value()
            }
            guard page.count >= size, let last = page.last?.id, last != token else { return found }
            token = last
        }
    }
}
