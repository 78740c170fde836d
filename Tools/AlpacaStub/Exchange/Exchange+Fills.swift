import Brokerage
import Events
import Market

extension Exchange {
    /// Fills what a share's price meets on its way from one point to the next.
    mutating func meet(_ asset: Int, from: Price, to: Price, isAuction: Bool) {
        let id = assets[asset].id
        for place in open where orders[place].shown.assetID == id {
            let order = orders[place]
            guard !order.shown.status.isTerminal else { continue }
            if order.waitsForAuction {
                if isAuction { execute(place, asset, at: to) }
                continue
            }
            switch order.shown.pricing {
            case .market:
                execute(place, asset, at: to)
            case .stop(let level):
                guard !order.isTriggered else { continue }
                let isSell = order.shown.side == .sell
                guard isSell ? to <= level : to >= level else { continue }
                orders[place].isTriggered = true
                // Within a move it is met at its level; behind a jump at what is there.
                execute(place, asset, at: isSell ? min(level, from) : max(level, from))
            case .limit(let level):
                let isSell = order.shown.side == .sell
                guard isSell ? to >= level : to <= level else { continue }
                execute(place, asset, at: isSell ? max(level, from) : min(level, from))
            case .foreign: continue
            }
        }
    }

    /// Fills an order at a price of the market, whole or in parts that follow each other.
    mutating func execute(_ place: Int, _ asset: Int, at market: Price?) {
        guard let market, !assets[asset].isHalted else { return }
        let order = orders[place].shown
        let price = slipped(market, order)
        var left = order.quantity - order.filled
        if orders[place].waitsForAuction {
            orders[place].waitsForAuction = false
            if chance.happens(percent: rules.auctionRestPercent) { left = part(of: left) }
        }
        guard left > .zero else { return }
        guard order.timeInForce != .opening, chance.happens(percent: rules.partialPercent),
            left > Quantity(shares: 1)
        else { return fill(place, left, at: price) }
        let first = part(of: left)
        fill(place, first, at: price)
        executions.append(
            PendingExecution(
                place: place, at: now.adding(seconds: Int64.random(in: 1...120, using: &chance)),
                price: price, quantity: left - first))
    }

    private mutating func part(of quantity: Quantity) -> Quantity {
        let shares = quantity.rawValue / 100_000_000
        return shares < 2
            ? .zero : Quantity(shares: Int64.random(in: 1..<shares, using: &chance))
    }

    private func slipped(_ market: Price, _ order: BrokerOrder) -> Price {
        guard rules.slippageBasisPoints != 0 else { return market }
        if case .limit = order.pricing { return market }
        let factor = rules.slippageBasisPoints / 10_000
        let dollars = market.dollars * (order.side == .buy ? 1 + factor : 1 - factor)
        return Price(nearest: dollars) ?? market
    }

    /// Books a trade: shares, cash, activity, update.
    mutating func fill(_ place: Int, _ wanted: Quantity, at price: Price) {
        let order = orders[place].shown
        guard !order.status.isTerminal, let asset = symbols[order.symbol] else { return }
        // A split may have changed what is left.
        let quantity = min(wanted, order.quantity - order.filled)
        guard quantity > .zero else { return }
        let value = price.value(of: quantity)
        orders[place].shown.filled = order.filled + quantity
        orders[place].shown.filledValue = order.filledValue + value
        orders[place].shown.updatedAt = now
        if order.side == .buy {
            assets[asset].held = assets[asset].held + quantity
            assets[asset].boughtToday = assets[asset].boughtToday + quantity
            assets[asset].cost += value
            cash -= value
        } else {
            let left = assets[asset].held - quantity
            let share = assets[asset].held > .zero ? left.shares / assets[asset].held.shares : 0
            assets[asset].cost = Money(dollars: assets[asset].cost.dollars * share)
            assets[asset].held = left
            cash += value
            owe(quantity, value)
        }
        record(
            .fill(
                order: order.id, side: order.side, quantity: quantity,
                price: price.value(of: Quantity(shares: 1)),
                cumulative: orders[place].shown.filled),
            order.symbol, order.side == .buy ? -value : value)
        let isWhole = orders[place].shown.filled == order.quantity
        if isWhole { finish(place, .filled) }
        let execution = ExchangeUpdate.Execution(id: newID(), price: price, quantity: quantity)
        tell(isWhole ? "fill" : "partial_fill", place, execution: execution)
    }

    private mutating func owe(_ quantity: Quantity, _ value: Money) {
        guard rules.hasFees else { return }
        let day = NewYorkTime.local(now).day
        let dollars = RegulatoryFees.us.dollars(
            shares: quantity.shares, amount: value.dollars, on: day)
        accruedFees += Money(dollars: dollars)
    }

    /// Takes what is owed, rounded up to a cent.
    mutating func takeFees() {
        guard accruedFees > .zero else { return }
        let cents = (accruedFees.rawValue + 999_999) / 1_000_000
        let fee = Money(rawValue: cents * 1_000_000)
        accruedFees = .zero
        cash -= fee
        record(.fee, nil, -fee)
    }
}
