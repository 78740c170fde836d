public import Brokerage
public import Events
import Market

extension Exchange {
    /// The account.
    public var account: BrokerAccount {
        BrokerAccount(
            id: accountID, number: accountNumber,
            isActive: isActive, cash: cash, equity: cash + marketValue, accruedFees: accruedFees,
            noShorting: noShorting, maxMarginMultiplier: maxMarginMultiplier)
    }

    /// What the positions are worth.
    public var marketValue: Money {
        assets.reduce(Money.zero) { sum, asset in
            sum + (asset.lastTrade?.value(of: asset.held) ?? .zero)
        }
    }

    /// What it holds, by symbol.
    public var positions: [BrokerPosition] {
        assets.indices.filter { assets[$0].held != .zero }.map { place in
            let asset = assets[place]
            return BrokerPosition(
                assetID: asset.id, symbol: asset.symbol, quantity: asset.held,
                available: available(place),
                averagePrice: Money(dollars: asset.cost.dollars / asset.held.shares),
                lastPrice: asset.lastTrade?.value(of: Quantity(shares: 1)))
        }.sorted { $0.symbol < $1.symbol }
    }

    /// The last trade of a symbol.
    public func lastTrade(_ symbol: String) -> Price? {
        symbols[symbol].flatMap { assets[$0].lastTrade }
    }

    /// A share by its symbol or its id.
    public func asset(_ name: String) -> BrokerAsset? {
        let place = symbols[name] ?? assets.firstIndex { $0.id == name }
        return place.map {
            BrokerAsset(
                id: assets[$0].id, symbol: assets[$0].symbol, isTradable: assets[$0].isTradable)
        }
    }

    /// An order by the broker's id.
    public func order(id: String) -> ExchangeOrder? { byID[id].map { orders[$0] } }

    /// An order by its sender's id.
    public func order(clientID: String) -> ExchangeOrder? {
        byClientID[clientID].map { orders[$0] }
    }

    /// The orders that are open, the earliest first.
    public var openOrders: [ExchangeOrder] { open.map { orders[$0] } }

    /// What moved shares or cash after an activity; nil for an id that it does not have.
    public func activities(after id: String?) -> [BrokerActivity]? {
        guard let id else { return activities }
        guard let place = activities.lastIndex(where: { $0.id == id }) else { return nil }
        return Array(activities[(place + 1)...])
    }

    /// The clock.
    public var clock: BrokerClock {
        let day = NewYorkTime.local(now).day
        let sessions = sessions(day...(day + 14))
        let next = sessions.first { $0.open > now }?.open ?? now
        let close = sessions.first { $0.close > now }?.close ?? now
        return BrokerClock(now: now, isOpen: isMarketOpen, nextOpen: next, nextClose: close)
    }

    /// The sessions of a range of dates.
    public func sessions(_ days: ClosedRange<Day>) -> [BrokerSession] {
        (0...max(0, days.upperBound - days.lowerBound)).compactMap { offset in
            let day = days.lowerBound + offset
            return hours(of: day).map { BrokerSession(day: day, open: $0.open, close: $0.close) }
        }
    }
}
