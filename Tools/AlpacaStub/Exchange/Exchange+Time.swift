import Brokerage
public import Events
import Market

extension Exchange {
    /// A moment at which something happens by itself.
    private enum Moment {
        /// A date begins in New York: corporate actions, fees of the day before.
        case morning
        /// The opening auction.
        case auction
        /// What the auction left.
        case auctionOver
        /// The price moves to a point of its path.
        case price(PricePoint)
        /// The close.
        case close
    }

    /// Lets time pass: everything that happens until an instant, in its order.
    public mutating func advance(to instant: Instant) {
        while now < instant {
            let day = NewYorkTime.local(now).day
            for (at, moment) in moments(of: day) where at > now && at <= instant {
                settle(until: at)
                now = at
                happen(moment, day)
            }
            let next = min(instant, NewYorkTime.instant(day + 1, minute: 0))
            settle(until: next)
            now = next
            // Of a new date, what happens at its first instant.
            let begun = NewYorkTime.local(now).day
            if begun > day, NewYorkTime.instant(begun, minute: 0) == now {
                happen(.morning, begun)
            }
        }
    }

    /// The opening and the close of a date's session; nil where there is none.
    func hours(of day: Day) -> (open: Instant, close: Instant)? {
        let calendar = ExchangeCalendar.xnys
        guard (try? calendar.isSession(day)) == true, let close = try? calendar.close(of: day)
        else { return nil }
        return (NewYorkTime.instant(day, minute: ExitHours.open), close)
    }

    /// Whether the exchange is open.
    public var isMarketOpen: Bool {
        guard let hours = hours(of: NewYorkTime.local(now).day) else { return false }
        return now >= hours.open && now < hours.close
    }

    private func moments(of day: Day) -> [(Instant, Moment)] {
        guard let (open, close) = hours(of: day) else { return [] }
        let third = (close.rawValue - open.rawValue) / 3
        return [
            (open, .auction), (open.adding(seconds: 60), .auctionOver),
            (open.adding(nanoseconds: third), .price(.low)),
            (open.adding(nanoseconds: 2 * third), .price(.high)), (close, .close),
        ]
    }

    private mutating func happen(_ moment: Moment, _ day: Day) {
        switch moment {
        case .morning:
            for place in assets.indices { assets[place].boughtToday = .zero }
            takeFees()
            act(on: day)
        case .auction:
            move(.open, day, isAuction: true)
        case .auctionOver:
            endAuction()
        case .price(let point):
            move(point, day, isAuction: false)
        case .close:
            move(.close, day, isAuction: false)
            expire(day)
        }
    }

    /// Cancels and parts of fills that are due, in order of time.
    private mutating func settle(until instant: Instant) {
        while true {
            let cancel = open.filter { orders[$0].cancelsAt.map { $0 <= instant } == true }
                .min { orders[$0].cancelsAt! < orders[$1].cancelsAt! }
            let part = executions.indices.filter { executions[$0].at <= instant }
                .min { executions[$0].at < executions[$1].at }
            let cancelsAt = cancel.flatMap { orders[$0].cancelsAt }
            if let part, cancelsAt.map({ executions[part].at <= $0 }) != false {
                let due = executions.remove(at: part)
                now = max(now, due.at)
                fill(due.place, due.quantity, at: due.price)
            } else if let cancel, let cancelsAt {
                now = max(now, cancelsAt)
                finish(cancel, .cancelled)
            } else {
                return
            }
        }
    }

    /// The price of each share moves to a point of its path, and what it meets is filled.
    private mutating func move(
        _ point: PricePoint, _ day: Day, isAuction: Bool
    ) {
        for asset in assets.indices where !assets[asset].isHalted {
            guard let bar = bars[BarKey(day: day, asset: asset)],
                let price = Price(nearest: bar[point])
            else { continue }
            let before = assets[asset].lastTrade
            assets[asset].lastTrade = price
            // The path is walked from the point before it; a session opens with a jump.
            meet(asset, from: isAuction ? price : before ?? price, to: price, isAuction: isAuction)
        }
    }

    private mutating func endAuction() {
        for place in open where orders[place].shown.timeInForce == .opening {
            orders[place].waitsForAuction = false
            switch rules.auctionRest {
            case .cancelled: finish(place, .cancelled)
            case .expired: finish(place, .expired)
            case .works: break
            }
        }
    }

    private mutating func expire(_ day: Day) {
        for place in open {
            let order = orders[place].shown
            let begun = NewYorkTime.local(order.submittedAt).day
            switch order.timeInForce {
            case .untilCancelled:
                if day - begun >= rules.expiresAfterDays { finish(place, .expired) }
            case .day, .opening, .foreign: finish(place, .expired)
            }
        }
    }
}

extension Price {
    /// The price nearest to a number of dollars; nil for what is none.
    init?(nearest dollars: Double) {
        let units = Money(dollars: dollars).rawValue
        guard units > 0, units < .max else { return nil }
        self.init(rawValue: (units + 5_000) / 10_000)
    }
}

/// A point of a session's way.
enum PricePoint: Sendable {
    case open, low, high, close
}

extension Exchange.Bar {
    /// The price at a point.
    subscript(_ point: PricePoint) -> Double {
        switch point {
        case .open: open
        case .low: low
        case .high: high
        case .close: close
        }
    }
}
