import Brokerage
import Events
import Market
import Pipeline

extension BrokerTask {
    /// Whether an order may be sent now, looked at just before: a share that is bought can be
    /// traded, and what is sold the broker holds, apart from our other open sells.
    mutating func isSendable(
        _ place: Int, _ request: OrderRequest, _ look: inout [BrokerPosition]?,
        _ loop: any LiveLoop, _ facts: inout [any EventMessage], at now: Instant
    ) -> Bool {
        guard orders[place].gate.isDue(at: now) else { return false }
        do throws(BrokerFailure) {
            let isSendable =
                request.side == .buy
                ? try isTradable(place, request, &facts, at: now)
                : try isHeld(place, request, &look, loop, &facts, at: now)
            (orders[place].gate.lookedAt, orders[place].gate.silentSince) = (now, nil)
            return isSendable
        } catch {
            let since = orders[place].gate.silentSince ?? now
            (orders[place].gate.lookedAt, orders[place].gate.silentSince) = (now, since)
            // What protects is not kept back for long by a look: a broker refuses a sale of what
            // it does not hold.
            return request.side == .sell && now >= since.adding(seconds: SendingGate.patience)
        }
    }

    /// Whether the share can be traded; what cannot is cancelled before it is sent.
    private mutating func isTradable(
        _ place: Int, _ request: OrderRequest, _ facts: inout [any EventMessage], at now: Instant
    ) throws(BrokerFailure) -> Bool {
        if try port.asset(request.symbol)?.isTradable == true { return true }
        take(.cancelRequested(.untradable), place, &facts, at: now)
        return false
    }

    /// Whether the broker holds what is to be sold. Where it shows less for longer than it shows a
    /// fill late, what it holds is written down, and the order ends: the run asks for less.
    private mutating func isHeld(
        _ place: Int, _ request: OrderRequest, _ look: inout [BrokerPosition]?,
        _ loop: any LiveLoop, _ facts: inout [any EventMessage], at now: Instant
    ) throws(BrokerFailure) -> Bool {
        let positions: [BrokerPosition]
        if let look { positions = look } else { positions = try port.positions() }
        look = positions
        let (ticker, replaced) = (orders[place].ticker, orders[place].replaces)
        let held = position(of: ticker, in: positions, loop, at: now)?.quantity ?? .zero
        let others = orders.indices.filter { other in
            let order = orders[other].order
            return other != place && orders[other].ticker == ticker && order.request.side == .sell
                && !order.isOver && order.brokerOrderID != nil && orders[other].id != replaced
        }
        let aside = others.reduce(Quantity.zero) { $0 + orders[$1].order.remaining }
        guard held - aside < request.quantity else {
            orders[place].gate.shortSince = nil
            return true
        }
        let since = orders[place].gate.shortSince ?? now
        orders[place].gate.shortSince = since
        // Shares that another sell of ours has are free once it ends.
        guard held < request.quantity, now >= since.adding(seconds: SendingGate.settling) else {
            return false
        }
        facts.append(show(ticker, held, loop, at: now))
        take(.cancelRequested(.notHeld), place, &facts, at: now)
        return false
    }

    /// How many shares of a holding the broker shows, for the run to ask for no more and no less:
    /// no difference, which has to stand in two looks.
    func show(
        _ ticker: Ticker, _ quantity: Quantity, _ loop: any LiveLoop, at now: Instant
    ) -> ReconciliationDiffered {
        let portfolio = loop.world.portfolio
        let expected = portfolio.holdingIndex(ticker).map { portfolio.holdings[$0].quantity }
        let text =
            "\(ticker): the broker shows \(quantity.shares) shares, and the log has "
            + "\((expected ?? .zero).shares); no more is sold"
        return ReconciliationDiffered(
            envelope: envelope(now), expectedQuantity: expected ?? .zero, brokerQuantity: quantity,
            ticker: ticker, leftAlone: false, text: Array(text.utf8))
    }

    /// What the broker holds of a share of the log.
    func position(
        of ticker: Ticker, in positions: [BrokerPosition], _ loop: any LiveLoop, at now: Instant
    ) -> BrokerPosition? {
        for name in names(of: ticker, loop, at: now) {
            let found = positions.first { Ticker.folded($0.symbol) == "\(name)" }
            if let found { return found }
        }
        return nil
    }

    /// What a share of the log is called today, and was before: a broker renames it at its time.
    func names(of ticker: Ticker, _ loop: any LiveLoop, at now: Instant) -> [Ticker] {
        let symbol = loop.symbol(of: ticker, on: NewYorkTime.local(now).day)
        return symbol == ticker ? [ticker] : [symbol, ticker]
    }

    /// The share of the log that a symbol of the broker is; nil for a symbol that is none.
    func ticker(of symbol: String, _ loop: any LiveLoop, at now: Instant) -> Ticker? {
        guard let shown = Ticker(Ticker.folded(symbol)) else { return nil }
        let known =
            loop.world.portfolio.holdings.map(\.ticker) + history.leftAlone.compactMap(\.ticker)
        return known.first { names(of: $0, loop, at: now).contains(shown) } ?? shown
    }

    /// Orders follow what is known of their shares: changes of symbol and splits.
    mutating func follow(_ loop: any LiveLoop, at now: Instant) {
        let day = NewYorkTime.local(now).day
        for place in orders.indices where !orders[place].order.isOver {
            let names = names(of: orders[place].ticker, loop, at: now)
            if let symbol = names.first { orders[place].order.rename(symbol) }
            guard !orders[place].isSplitFollowed else { continue }
            if let ratio = watched.split(of: names, behind: orders[place].day, through: day) {
                orders[place].order.split = ratio
                orders[place].isSplitFollowed = true
            }
        }
    }
}
