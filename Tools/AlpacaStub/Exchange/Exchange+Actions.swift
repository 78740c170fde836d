import Brokerage
public import Events
import Market

extension Exchange {
    /// Something that is to happen to a share on a date, before it opens.
    struct Action: Sendable {
        enum Kind: Sendable {
            /// New shares for one of before.
            case split(new: Int64, old: Int64)
            case rename(String)
            /// Goes ex; paid on a date, dollars a share.
            case dividend(Money, paidOn: Day)
            case pay(Money)
        }

        let day: Day
        let asset: Int
        let kind: Kind
    }

    /// Announces a split: so many new shares for so many old ones from a date on.
    public mutating func split(_ symbol: String, new: Int64, old: Int64, on day: Day) {
        announce(symbol, day, .split(new: new, old: old))
    }

    /// Announces a change of symbol from a date on.
    public mutating func rename(_ symbol: String, to other: String, on day: Day) {
        announce(symbol, day, .rename(other))
    }

    /// Announces a dividend, dollars a share, that goes ex on a date and is paid on a later one.
    public mutating func dividend(_ symbol: String, _ amount: Money, ex: Day, paid: Day) {
        announce(symbol, ex, .dividend(amount, paidOn: paid))
    }

    private mutating func announce(_ symbol: String, _ day: Day, _ kind: Action.Kind) {
        list(symbol)
        guard let asset = symbols[symbol] else { return }
        actions.append(Action(day: day, asset: asset, kind: kind))
    }

    /// What happens to shares on a date.
    mutating func act(on day: Day) {
        for action in actions.filter({ $0.day == day }) {
            let asset = action.asset
            switch action.kind {
            case .split(let new, let old): split(asset, new, old)
            case .rename(let symbol): rename(asset, symbol)
            case .dividend(let amount, let paid):
                let due = Money(dollars: amount.dollars * assets[asset].held.shares)
                if due > .zero {
                    actions.append(Action(day: paid, asset: asset, kind: .pay(due)))
                }
                if rules.lowersStopsByDividends { lowerStops(asset, by: amount) }
                if let last = assets[asset].lastTrade {
                    assets[asset].lastTrade = lowered(last, by: amount)
                }
            case .pay(let amount):
                cash += amount
                record(.dividend, assets[asset].symbol, amount)
            }
        }
    }

    private mutating func split(_ asset: Int, _ new: Int64, _ old: Int64) {
        func scaled(_ units: Int64, _ by: Int64, _ over: Int64) -> Int64 {
            Int64(clamping: Int128(units) * Int128(by) / Int128(over))
        }
        let before = assets[asset].held
        assets[asset].held = Quantity(rawValue: scaled(before.rawValue, new, old))
        assets[asset].lastTrade = assets[asset].lastTrade.map {
            Price(rawValue: scaled($0.rawValue, old, new))
        }
        if before > .zero { record(.other("SPLIT"), assets[asset].symbol, .zero) }
        for place in open where orders[place].shown.assetID == assets[asset].id {
            switch rules.splits {
            case .leaves: continue
            case .cancels: finish(place, .cancelled)
            case .adjusts:
                var order = orders[place].shown
                order.quantity = Quantity(rawValue: scaled(order.quantity.rawValue, new, old))
                order.filled = Quantity(rawValue: scaled(order.filled.rawValue, new, old))
                if case .stop(let level) = order.pricing,
                    let price = Price(roundedDown: level.dollars * Double(old) / Double(new))
                {
                    order.pricing = .stop(price)
                }
                (orders[place].shown, orders[place].shown.updatedAt) = (order, now)
            }
        }
    }

    private mutating func rename(_ asset: Int, _ symbol: String) {
        symbols[assets[asset].symbol] = nil
        symbols[symbol] = asset
        assets[asset].symbol = symbol
        for place in open where orders[place].shown.assetID == assets[asset].id {
            orders[place].shown.symbol = symbol
        }
    }

    private mutating func lowerStops(_ asset: Int, by amount: Money) {
        for place in open where orders[place].shown.assetID == assets[asset].id {
            guard case .stop(let level) = orders[place].shown.pricing,
                orders[place].shown.side == .sell
            else { continue }
            orders[place].shown.pricing = .stop(lowered(level, by: amount))
            orders[place].shown.updatedAt = now
        }
    }

    private func lowered(_ price: Price, by amount: Money) -> Price {
        Price(roundedDown: price.dollars - amount.dollars) ?? price
    }
}
