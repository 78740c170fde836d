import Brokerage
import Events
import FeedbackLoop
import Market
import Pipeline

/// When the account was looked at, and what differed then.
struct AccountWatch {
    /// The id of the latest activity that was booked; nil for none.
    var activity: String?
    /// Whether the cash that it began with is booked.
    var isOpened: Bool
    private var lookedAt: Instant?
    /// Differences of the look before, and when that was.
    var before: [AccountDifference] = []
    var beforeAt: Instant?
    /// Differences that were reported.
    var reported: [AccountDifference] = []

    init(_ past: BrokerPast) { (activity, isOpened) = (past.activity, past.isOpened) }

    /// Seconds between two looks; between the two snapshots in which a difference must stand.
    static let (interval, settling): (Int64, Int64) = (300, 30)

    /// Whether it is time: at the start, every five minutes of market hours, at 05:25 before a
    /// batch, and again after a difference.
    func isDue(at now: Instant) -> Bool {
        guard let lookedAt else { return true }
        if let beforeAt, !before.isEmpty, before != reported {
            return now >= beforeAt.adding(seconds: AccountWatch.settling)
        }
        let (day, minute) = NewYorkTime.local(now)
        let batch = Instant(now.day, hour: 5, minute: 25)
        if lookedAt < batch, now >= batch { return true }
        let isOpen =
            ((try? ExchangeCalendar.xnys.isSession(day)) ?? false)
            && (ExitHours.open..<(16 * 60)).contains(minute)
        return isOpen && now >= lookedAt.adding(seconds: AccountWatch.interval)
    }

    mutating func look(at now: Instant) { lookedAt = now }

    /// Something came between two snapshots: the first of them is taken again.
    mutating func restart() { (before, beforeAt) = ([], nil) }
}

/// What differs between the log and the account.
struct AccountDifference: Hashable {
    /// The share; nil for cash.
    var ticker: Ticker?
    /// Shares by the log, and by the broker.
    var expected = Quantity.zero
    var shown = Quantity.zero
    /// A client order id that begins with the run's bits and that its log does not have.
    var unknown: String?
    /// Dollars by the log, and by the broker.
    var expectedCash = Money.zero
    var shownCash = Money.zero

    /// In words.
    var text: String {
        if let unknown {
            return
                "order \(unknown) is this run's by its id, and its log has no such request: is a "
                + "copy of the folder run elsewhere, or was a back-up restored?"
        }
        return ticker.map {
            "\($0): \(expected.shares) shares by the log, \(shown.shares) by the broker"
        }
            ?? "cash: \(expectedCash) by the log, \(shownCash) by the broker"
    }
}

extension BrokerTask {
    /// Whether the run has read all that was written: what it has not read cannot be compared.
    func isComparable(_ loop: any LiveLoop) -> Bool {
        account.isOpened && loop.instant >= wroteThrough && loop.world.broker?.terms == terms
    }

    /// Looks at the account for whoever asks without a broker, every four minutes; nothing is
    /// recorded of what differs.
    mutating func observe(
        _ loop: any LiveLoop, _ facts: inout [any EventMessage], at now: Instant
    ) {
        let second = now.rawValue / 1_000_000_000
        if let standing, second - standing.second < 240 { return }
        // The next step asks again.
        _ = try? differences(loop, &facts, at: now)
    }

    /// Books what moved cash, and holds positions and cash against the log. A difference counts
    /// when it stands in two snapshots with the settling time between.
    mutating func reconcile(_ loop: any LiveLoop, at now: Instant) -> [any EventMessage] {
        var facts: [any EventMessage] = []
        do throws(BrokerFailure) {
            _ = book(try port.activities(after: account.activity), &facts, at: now)
            account.look(at: now)
            // What was just booked is in the log with the next look.
            guard facts.isEmpty else { return facts }
            let found = try differences(loop, &facts, at: now)
            guard facts.isEmpty else { return facts }
            defer { (account.before, account.beforeAt) = (found, now) }
            let stands = found.filter {
                account.before.contains($0) && !account.reported.contains($0)
            }
            let isLater = account.beforeAt.map {
                now >= $0.adding(seconds: AccountWatch.settling)
            }
            guard isLater ?? false, !stands.isEmpty else {
                if found.isEmpty { account.reported = [] }
                return []
            }
            account.reported = found
            for difference in stands {
                if difference.unknown != nil {
                    begin(.doubledFolder, difference.text, &facts, at: now)
                    continue
                }
                let isCash = difference.ticker == nil && difference.unknown == nil
                facts.append(
                    ReconciliationDiffered(
                        envelope: envelope(now), expectedQuantity: difference.expected,
                        brokerQuantity: difference.shown,
                        expectedCash: isCash ? difference.expectedCash : nil,
                        brokerCash: isCash ? difference.shownCash : nil,
                        ticker: difference.ticker, text: Array(difference.text.utf8)))
            }
            let halting = stands.filter { $0.unknown == nil }
            guard !halting.isEmpty else { return facts }
            facts.append(
                EntriesHalted(
                    envelope: envelope(now), cause: .reconciliation,
                    text: Array(halting.map(\.text).joined(separator: "; ").utf8)))
        } catch {
            account.look(at: now)
        }
        return facts
    }

    /// Books what moved cash without an order; whether anything did.
    mutating func book(
        _ activities: [BrokerActivity], _ facts: inout [any EventMessage], at now: Instant
    ) -> Bool {
        var isAny = false
        for activity in activities {
            account.activity = activity.id
            guard let kind = CashKind(activity.kind), activity.amount != .zero else { continue }
            isAny = true
            facts.append(
                CashMoved(
                    envelope: envelope(now), amount: activity.amount,
                    day: NewYorkTime.local(activity.at).day,
                    ticker: activity.symbol.flatMap { Ticker($0) }, kind: kind,
                    activityID: activity.id))
        }
        return isAny
    }

    /// The union of both sides' shares, and the cash.
    private mutating func differences(
        _ loop: any LiveLoop, _ facts: inout [any EventMessage], at now: Instant
    ) throws(BrokerFailure) -> [AccountDifference] {
        let portfolio = loop.world.portfolio
        let positions = try port.positions()
        let shown = try port.account()
        guard isRuns(shown, &facts, at: now) else { return [] }
        var found: [AccountDifference] = []
        for holding in portfolio.holdings {
            let there = position(of: holding.ticker, in: positions, loop, at: now)
            let quantity = there?.quantity ?? .zero
            tell(holding, quantity, loop, &facts, at: now)
            guard quantity != holding.quantity else { continue }
            // A split of today is in the log once its session has closed.
            let ratio = loop.world.splitRatio(of: holding.ticker, NewYorkTime.local(now).day)
            let after = ratio.map {
                Quantity(shares: holding.quantity.shares * $0, fractional: false)
            }
            guard quantity != after else { continue }
            found.append(
                AccountDifference(
                    ticker: holding.ticker, expected: holding.quantity, shown: quantity))
        }
        for position in positions {
            guard let ticker = ticker(of: position.symbol, loop, at: now),
                portfolio.holdingIndex(ticker) == nil, position.quantity != .zero,
                !history.leftAlone.contains(where: { $0.ticker == ticker })
            else { continue }
            found.append(AccountDifference(ticker: ticker, shown: position.quantity))
        }
        let open = try port.openOrders()
        for order in open where isOwn(order.clientID) && !known.contains(order.clientID) {
            found.append(AccountDifference(unknown: order.clientID))
        }
        let trades = orders.count { $0.order.filled > .zero }
        let difference = shown.cash - portfolio.cash
        let size = difference < .zero ? -difference : difference
        if size > Money(dollars: 0.01 * Double(1 + trades)) {
            found.append(
                AccountDifference(expectedCash: portfolio.cash, shownCash: shown.cash))
        }
        note(shown, positions, open, found, at: now)
        return found
    }
}

extension CashKind {
    /// Of an activity that moved cash without an order; nil for a fill.
    init?(_ kind: BrokerActivity.Kind) {
        switch kind {
        case .fill: return nil
        case .fee: self = .fee
        case .dividend: self = .dividend
        case .interest: self = .interest
        case .transfer: self = .deposit
        case .other: self = .other
        }
    }
}
