import Events
import FeedbackLoop
import Market

/// Copying filings in equal parts: what whoever bought each followed purchase would have earned.
///
/// A followed row that is a purchase is bought at the open of the session after the first cycle
/// that can read it, unless the ticker is held by then or has no bar with a volume there. It is
/// sold at the open of the session after the first cycle that can read a sale of the ticker by
/// whoever filed the purchase, or that comes after the strategy's timeout; without a bar at the
/// next open with one, and after so many sessions without a bar as the strategy allows at its last
/// close. The line's return of a session is the mean over all positions held in it, those bought
/// and sold at its open included, from the close before (bought: from the price paid with its
/// costs) to the close (sold: to the proceeds net of costs); 0 where none is held. So parts are
/// equal again after each close, at no cost, and nothing lies idle while anything is held.
struct CopiedFilings {
    /// Sessions or days after which a position is left.
    enum Timeout: Hashable {
        /// Calendar days after the entry, counted at closes.
        case days(Int)
        /// Sessions after the entry.
        case sessions(Int)

        /// The timeout of a strategy's canonical text; 60 days where it has none.
        init(_ configuration: String) {
            if let sessions = VariantCurves.setting("max_sessions", configuration) {
                self = .sessions(Int(sessions))
            } else {
                self = .days(Int(VariantCurves.setting("timeout_days", configuration) ?? 60))
            }
        }
    }

    /// Simple returns, one a session from `first` to `last`.
    private(set) var returns: [Double] = []
    /// Positions that were opened.
    private(set) var bought = 0
    /// Positions that a filer's sale closed.
    private(set) var soldBySale = 0
    /// Positions that the timeout closed.
    private(set) var soldByTimeout = 0
    /// Positions that were closed without a price.
    private(set) var soldWithoutPrice = 0
    /// Purchases that were not bought: the ticker was held, or had no bar.
    private(set) var left = 0

    private struct Position {
        let slot: Int
        let entered: Int
        let persons: [Int]
        var lastClose: Double
        var lastBar: Int
        /// Whether a sale or the timeout closes it at the next open.
        var leaves: Leaving?
    }

    private enum Leaving { case sale, timeout }

    private let prices: PriceTable
    private let rules: MarketRules
    private let timeout: Timeout
    private var held: [Position] = []

    /// The line over some sessions, by their numbers in the facts' prices; `follows` says of the
    /// position of a purchase whether it is followed.
    init(
        _ facts: TimelineFacts, sessions: ClosedRange<Int>, rules: MarketRules, timeout: Timeout,
        follows: (UInt64) -> Bool
    ) {
        (prices, self.rules, self.timeout) = (facts.prices, rules, timeout)
        let orders = CopiedFilings.orders(facts, sessions: sessions)
        var next = 0
        for session in sessions {
            var purchases: [(slot: Int, person: Int)] = []
            while next < orders.count, orders[next].session == session {
                let order = orders[next]
                next += 1
                if order.isBuy {
                    if follows(order.position) { purchases.append((order.slot, order.person)) }
                } else {
                    sell(order.slot, of: order.person, at: session)
                }
            }
            trade(session, purchases)
        }
    }

    /// Filed rows by the session at whose open they are traded, in order of knowledge.
    private static func orders(_ facts: TimelineFacts, sessions: ClosedRange<Int>)
        -> [(session: Int, slot: Int, person: Int, isBuy: Bool, position: UInt64)]
    {
        var orders: [(session: Int, slot: Int, person: Int, isBuy: Bool, position: UInt64)] = []
        for filing in facts.filings {
            guard let slot = facts.prices.slot(of: filing.ticker),
                let read = facts.prices.session(onOrAfter: filing.firstReadDay),
                read >= sessions.lowerBound, read < sessions.upperBound
            else { continue }
            orders.append(
                (
                    read + 1, slot, facts.people.current(filing.person), filing.side == .buy,
                    filing.position
                ))
        }
        return orders.sorted { ($0.session, $0.position) < ($1.session, $1.position) }
    }

    private mutating func sell(_ slot: Int, of person: Int, at session: Int) {
        for place in held.indices where held[place].slot == slot && held[place].leaves == nil {
            if held[place].persons.contains(person) { held[place].leaves = .sale }
        }
    }

    /// Sells and buys at the open of a session, and marks what is held at its close.
    private mutating func trade(_ session: Int, _ purchases: [(slot: Int, person: Int)]) {
        let day = prices.days[session]
        var sum = 0.0
        var count = 0
        var kept: [Position] = []
        let before = held.map(\.slot)
        for var position in held {
            count += 1
            guard let bar = prices.bar(position.slot, session) else {
                if rules.noPriceSessions > 0,
                    session - position.lastBar >= rules.noPriceSessions
                {
                    sum -= rules.delistingHaircut
                    soldWithoutPrice += 1
                } else {
                    kept.append(position)
                }
                continue
            }
            if let leaving = position.leaves, bar.volume > 0 {
                let price = rules.costs.price(bar.open, side: .sell)
                let proceeds = rules.costs.proceedsPerShare(at: price, on: day)
                sum += proceeds / position.lastClose - 1
                if leaving == .sale { soldBySale += 1 } else { soldByTimeout += 1 }
                continue
            }
            sum += bar.close / position.lastClose - 1
            (position.lastClose, position.lastBar) = (bar.close, session)
            kept.append(position)
        }
        for place in purchases.indices {
            let slot = purchases[place].slot
            // All filers whose purchase of it is read at once: the first row buys.
            guard !purchases[..<place].contains(where: { $0.slot == slot }) else { continue }
            guard !before.contains(slot), let bar = prices.bar(slot, session), bar.volume > 0 else {
                left += 1
                continue
            }
            let paid = rules.costs.cashPerShare(at: rules.costs.price(bar.open, side: .buy))
            let persons = purchases.filter { $0.slot == slot }.map(\.person)
            kept.append(
                Position(
                    slot: slot, entered: session, persons: persons, lastClose: bar.close,
                    lastBar: session))
            sum += bar.close / paid - 1
            count += 1
            bought += 1
        }
        held = kept
        for place in held.indices where held[place].leaves == nil && isOver(held[place], session) {
            held[place].leaves = .timeout
        }
        returns.append(count > 0 ? sum / Double(count) : 0)
    }

    private func isOver(_ position: Position, _ session: Int) -> Bool {
        switch timeout {
        case .days(let days):
            prices.days[session] - prices.days[position.entered] >= days
        case .sessions(let sessions): session - position.entered >= sessions
        }
    }
}
