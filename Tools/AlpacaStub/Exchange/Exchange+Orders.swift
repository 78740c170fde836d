public import Brokerage
public import Events
import Market

extension Exchange {
    /// Takes an order, or refuses it for the first reason of this order: id, share, quantity, tick,
    /// hours, wash trade, shares, cash.
    public mutating func submit(_ request: ExchangeRequest) throws(Refusal) -> ExchangeOrder {
        let clientID = request.clientID ?? newID()
        guard byClientID[clientID] == nil else {
            throw invalid(40_010_001, "client_order_id must be unique")
        }
        guard isActive else { throw forbidden("account is not allowed to trade") }
        guard let asset = symbols[request.symbol] else {
            throw invalid(40_010_001, "asset \"\(request.symbol)\" not found")
        }
        guard assets[asset].isTradable else {
            throw invalid(42_210_000, "asset \"\(request.symbol)\" is not tradable")
        }
        try checkForm(request, asset)
        try checkHours(request)
        try checkSides(request, asset)
        try checkMeans(request, asset)
        return add(request, asset, clientID: clientID, replaces: nil)
    }

    /// Puts an order in the place of another.
    public mutating func replace(
        _ id: String, quantity: Quantity?, stopPrice: Price?, clientID: String?
    ) throws(Refusal) -> ExchangeOrder {
        guard let place = byID[id] else { throw missing("order not found for \(id)") }
        var old = orders[place].shown
        guard old.status == .working else {
            throw invalid(42_210_000, "order is not replaceable in \(old.status) state")
        }
        if rules.refusesReplaceBeforeOpen, !isMarketOpen { throw rules.replaceRefusal }
        if let clientID, byClientID[clientID] != nil {
            throw invalid(40_010_001, "client_order_id must be unique")
        }
        var request = ExchangeRequest(
            clientID: clientID, symbol: old.symbol, side: old.side,
            quantity: quantity ?? old.quantity, pricing: old.pricing, timeInForce: old.timeInForce)
        if let stopPrice {
            guard case .stop = old.pricing else {
                throw invalid(42_210_000, "only stop orders have a stop_price")
            }
            request.pricing = .stop(stopPrice)
        }
        guard let asset = symbols[old.symbol] else { throw missing("asset not found") }
        try checkForm(request, asset)
        // The old order's shares are free for the new one.
        if request.side == .sell, request.quantity > available(asset) + old.rest {
            throw heldForOrders(request, available(asset) + old.rest)
        }
        let new = add(request, asset, clientID: clientID ?? newID(), replaces: id)
        (old.status, old.replacedBy, old.updatedAt) = (.replaced, new.shown.id, now)
        orders[place].shown = old
        end(place, "replaced")
        return new
    }

    /// Asks for the end of an order.
    public mutating func cancel(_ id: String) throws(Refusal) {
        guard let place = byID[id] else { throw missing("order not found for \(id)") }
        guard !orders[place].shown.status.isTerminal else {
            throw invalid(
                42_210_000, "order is already in \"\(orders[place].shown.status)\" state")
        }
        orders[place].shown.status = .cancelling
        orders[place].shown.updatedAt = now
        orders[place].cancelsAt = now.adding(seconds: rules.cancelDelay)
        tell("pending_cancel", place)
        if rules.cancelDelay == 0 { finish(place, .cancelled) }
    }

    // MARK: Reasons to refuse

    private func checkForm(_ request: ExchangeRequest, _ asset: Int) throws(Refusal) {
        guard request.quantity > .zero else { throw invalid(40_010_001, "qty must be > 0") }
        if request.quantity.rawValue % 100_000_000 != 0 {
            throw invalid(42_210_000, "fractional orders must be DAY orders")
        }
        if case .foreign = request.pricing { throw invalid(42_210_000, "invalid order type") }
        if request.timeInForce == .foreign {
            throw invalid(42_210_000, "invalid order time_in_force")
        }
        switch request.pricing {
        case .market, .foreign: break
        case .stop(let price), .limit(let price):
            if price.rawValue <= 0 || !price.isOnTick {
                throw invalid(
                    42_210_000,
                    "invalid price \(price). sub-penny increment does not fulfill minimum "
                        + "pricing criteria")
            }
        }
        if case .stop(let level) = request.pricing, let last = assets[asset].lastTrade {
            if request.side == .sell, level >= last {
                throw invalid(42_210_000, "stop price must be less than current price")
            }
            if request.side == .buy, level <= last {
                throw invalid(42_210_000, "stop price must be greater than current price")
            }
        }
    }

    private func checkHours(_ request: ExchangeRequest) throws(Refusal) {
        guard request.timeInForce == .opening else { return }
        let minute = NewYorkTime.local(now).minute
        if ExitHours.auctionEnd..<(19 * 60) ~= minute {
            throw invalid(
                42_210_000, "opg orders must be submitted after 7:00pm and before 9:28am")
        }
    }

    private func checkSides(_ request: ExchangeRequest, _ asset: Int) throws(Refusal) {
        guard let refusal = rules.washTrade else { return }
        let isAgainst = open.contains { place in
            orders[place].shown.assetID == assets[asset].id
                && orders[place].shown.side != request.side
        }
        if isAgainst { throw refusal }
    }

    private func checkMeans(_ request: ExchangeRequest, _ asset: Int) throws(Refusal) {
        switch request.side {
        case .sell:
            let free = available(asset)
            if request.quantity > free { throw heldForOrders(request, free) }
            if let refusal = rules.sameDaySale, request.timeInForce != .untilCancelled,
                request.quantity > free - assets[asset].boughtToday
            {
                throw refusal
            }
        default:
            let price = limit(request.pricing) ?? assets[asset].lastTrade ?? Price(rawValue: 0)
            if price.value(of: request.quantity) > buyingPower {
                throw forbidden("insufficient buying power")
            }
        }
    }

    /// Cash that no open buy has set aside.
    var buyingPower: Money {
        var free = cash
        for place in open where orders[place].shown.side == .buy {
            let order = orders[place].shown
            let price =
                limit(order.pricing) ?? symbols[order.symbol].flatMap { assets[$0].lastTrade }
            free -= (price ?? Price(rawValue: 0)).value(of: order.quantity - order.filled)
        }
        return free
    }

    /// Shares that no open sell has set aside.
    func available(_ asset: Int) -> Quantity {
        var free = assets[asset].held
        for place in open
        where orders[place].shown.side == .sell && orders[place].shown.assetID == assets[asset].id {
            free = free - orders[place].shown.rest
        }
        return free
    }

    private func limit(_ pricing: OrderPricing) -> Price? {
        switch pricing {
        case .market, .foreign: nil
        case .stop(let price), .limit(let price): price
        }
    }

    private func heldForOrders(_ request: ExchangeRequest, _ free: Quantity) -> Refusal {
        let texts = [request.quantity, free].map { DecimalText.text($0.rawValue, decimals: 8) }
        return forbidden(
            "insufficient qty available for order (requested: \(texts[0]), available: \(texts[1]))")
    }

    private func invalid(_ code: Int, _ message: String) -> Refusal {
        Refusal(status: 422, code: code, message: message)
    }

    private func forbidden(_ message: String) -> Refusal {
        Refusal(status: 403, code: 40_310_000, message: message)
    }

    private func missing(_ message: String) -> Refusal {
        Refusal(status: 404, code: 40_410_000, message: message)
    }

    // MARK: Beginning and end

    private mutating func add(
        _ request: ExchangeRequest, _ asset: Int, clientID: String, replaces: String?
    ) -> ExchangeOrder {
        let id = newID()
        // No two at one instant: lists are paged by it.
        let last = orders.last?.shown.submittedAt ?? .epoch
        let stamp = max(now, last.adding(nanoseconds: 1))
        let shown = BrokerOrder(
            id: id, clientID: clientID, assetID: assets[asset].id, symbol: assets[asset].symbol,
            side: request.side, quantity: request.quantity, pricing: request.pricing,
            timeInForce: request.timeInForce, status: .working, submittedAt: stamp,
            updatedAt: stamp, replaces: replaces)
        var order = ExchangeOrder(shown: shown)
        order.waitsForAuction = request.timeInForce == .opening
        byID[id] = orders.count
        byClientID[clientID] = orders.count
        open.append(orders.count)
        orders.append(order)
        tell("new", orders.count - 1)
        if isMarketOpen, request.pricing == .market, !order.waitsForAuction {
            execute(orders.count - 1, asset, at: assets[asset].lastTrade)
        }
        return orders[orders.count - 1]
    }

    /// Ends what is left of an open order.
    mutating func finish(_ place: Int, _ status: OrderStatus) {
        guard !orders[place].shown.status.isTerminal else { return }
        (orders[place].shown.status, orders[place].shown.updatedAt) = (status, now)
        end(place, status == .expired ? "expired" : status == .filled ? "fill" : "canceled")
    }

    mutating func end(_ place: Int, _ event: String) {
        orders[place].endedAt = now
        open.removeAll { $0 == place }
        if event != "fill" { tell(event, place) }
    }

    mutating func tell(
        _ event: String, _ place: Int, execution: ExchangeUpdate.Execution? = nil
    ) {
        updates.append(
            ExchangeUpdate(event: event, order: orders[place], at: now, execution: execution))
    }
}
