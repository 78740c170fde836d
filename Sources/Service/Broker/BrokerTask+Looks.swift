import Brokerage
import Events
import FeedbackLoop
import Market
import Pipeline

extension BrokerTask {
    /// Writes that a time has come: each held stop is looked at between 09:00 and 09:25 of a
    /// session's date, what was refused then at 09:31, and a holding without a working exit each
    /// minute of market hours.
    mutating func look(
        _ loop: any LiveLoop, _ facts: inout [any EventMessage], at now: Instant
    ) {
        let (day, minute) = NewYorkTime.local(now)
        guard (try? ExchangeCalendar.xnys.isSession(day)) ?? false,
            let book = loop.world.broker
        else { return }
        let isMorning = (ExitHours.raise..<ExitHours.raiseEnd).contains(minute)
        let isOpen = (ExitHours.open..<(16 * 60)).contains(minute)
        watch(loop, &facts, isOpen: isOpen, at: now)
        var positions: [BrokerPosition]?
        for holding in loop.world.portfolio.holdings {
            let stop = book.tickets(of: holding.id).first { $0.isResting }
            let kind: TimeKind
            if isMorning, mornings.isFirst(holding.ticker, .morning, at: day, minute: 0) {
                kind = .morning
            } else if minute >= ExitHours.again, isOpen, book.refusals(of: holding.id) > 0,
                mornings.isFirst(holding.ticker, .opened, at: day, minute: 0)
            {
                kind = .opened
            } else if isOpen, stop == nil, holding.carriesLevels,
                !book.open.contains(where: { $0.ticker == holding.ticker }),
                !isBarred(holding, book, loop, at: now),
                mornings.isFirst(holding.ticker, .exitMissing, at: day, minute: minute)
            {
                kind = .exitMissing
            } else {
                continue
            }
            let shown = show(holding.ticker, stop?.id, &positions, loop, at: now)
            if kind == .morning { doubt(holding, shown.last, loop, at: now) }
            facts.append(
                TimeReached(
                    envelope: envelope(now), stopPrice: shown.stop ?? stop?.level,
                    lastTrade: shown.last, day: day, ticker: holding.ticker, kind: kind))
        }
    }
}

extension BrokerTask {
    /// The level of a stop and the last trade of its share, as the broker shows them; nil for what
    /// it does not tell now. Positions are asked for once a look.
    private mutating func show(
        _ ticker: Ticker, _ stop: String?, _ positions: inout [BrokerPosition]?,
        _ loop: any LiveLoop, at now: Instant
    ) -> (stop: Double?, last: Double?) {
        do throws(BrokerFailure) {
            if positions == nil { positions = try port.positions() }
            let held = positions.flatMap { position(of: ticker, in: $0, loop, at: now) }
            let last = held?.lastPrice.flatMap { $0 > .zero ? $0 : nil }
            guard let id = stop.flatMap({ ClientOrderID($0) }) else { return (nil, last?.dollars) }
            let level = try port.order(id)?.pricing.stopPrice
            return (level?.dollars, last?.dollars)
        } catch {
            return (nil, nil)
        }
    }

    /// Whether what a sale was refused for stands still: the day of the purchase, or an order of
    /// the other side, asked for once a minute.
    private mutating func isBarred(
        _ holding: Holding, _ book: BrokerBook, _ loop: any LiveLoop, at now: Instant
    ) -> Bool {
        let (day, minute) = NewYorkTime.local(now)
        switch book.heldBack(holding.id, on: day) {
        case .sameDaySale: return true
        case .washTrade:
            guard mornings.isFirst(holding.ticker, .opened, at: day, minute: minute) else {
                return true
            }
            let names = names(of: holding.ticker, loop, at: now).map(\.description)
            // Where there is no answer the next minute asks again.
            guard let open = try? port.openOrders() else { return true }
            return open.contains {
                $0.side == .buy && names.contains(Ticker.folded($0.symbol))
            }
        default: return false
        }
    }

    /// A level that may come of a wrong bar is not raised to, and people are told.
    private mutating func doubt(
        _ holding: Holding, _ last: Double?, _ loop: any LiveLoop, at now: Instant
    ) {
        guard var level = holding.restingLevel?.level else { return }
        let day = NewYorkTime.local(now).day
        if let ratio = loop.world.splitRatio(of: holding.ticker, day) { level /= ratio }
        let why: String
        if let last, let price = Price(roundedDown: level), price.dollars >= last {
            why = "is at or above the last trade, \(last)"
        } else if loop.world.broker?.suspects.contains(holding.ticker) ?? false {
            why = "is more than a tenth above the one of the evening before"
        } else {
            return
        }
        let shown = (level * 100).rounded() / 100
        notices.append(
            "the level of \(holding.ticker)'s stop, \(shown), \(why): a bar may be wrong; on "
                + "\(day) the stop is not raised, and nobody enters on \(holding.ticker)")
    }

    /// Tells the run how many shares the broker shows where it must ask for another number than
    /// before: of a split today, and where it was told another number.
    mutating func tell(
        _ holding: Holding, _ quantity: Quantity, _ loop: any LiveLoop,
        _ facts: inout [any EventMessage], at now: Instant
    ) {
        let day = NewYorkTime.local(now).day
        let known = loop.world.broker?.shown(of: holding.ticker)
        let after = loop.world.splitRatio(of: holding.ticker, day).map {
            Quantity(shares: holding.quantity.shares * $0, fractional: false)
        }
        guard known.map({ $0 != quantity }) ?? (after == quantity && quantity != holding.quantity)
        else { return }
        facts.append(show(holding.ticker, quantity, loop, at: now))
        facts.append(
            TimeReached(
                envelope: envelope(now), stopPrice: nil, lastTrade: nil, day: day,
                ticker: holding.ticker, kind: .exitMissing))
    }

    /// A holding without a working exit for over a minute of market hours halts entries, once until
    /// all are protected again.
    private mutating func watch(
        _ loop: any LiveLoop, _ facts: inout [any EventMessage], isOpen: Bool, at now: Instant
    ) {
        guard let book = loop.world.broker else { return }
        var bare: [Ticker] = []
        for holding in loop.world.portfolio.holdings where holding.carriesLevels {
            let isProtected = book.open.contains {
                $0.isAccepted && $0.ticker == holding.ticker && $0.leg != .entry
            }
            var watch = unprotected[holding.id] ?? ProtectionWatch()
            if watch.isTooLong(isProtected: isProtected, isMarketOpen: isOpen, at: now) {
                bare.append(holding.ticker)
            }
            unprotected[holding.id] = watch
        }
        guard !bare.isEmpty else {
            isBare = false
            return
        }
        guard !isBare else { return }
        isBare = true
        let text = "no exit works for \(bare.map { "\($0)" }.joined(separator: ", "))"
        facts.append(
            EntriesHalted(
                envelope: envelope(now), cause: .unprotected, text: Array(text.utf8)))
    }
}

/// Which times were written: each once.
struct MorningWatch {
    private struct Time: Hashable {
        var ticker: Ticker
        var kind: TimeKind
        var minute: Int
    }

    private var day: Day?
    private var written: Set<Time> = []

    /// Whether a time was not written yet.
    mutating func isFirst(
        _ ticker: Ticker, _ kind: TimeKind, at today: Day, minute: Int
    ) -> Bool {
        if day != today { (day, written) = (today, []) }
        return written.insert(Time(ticker: ticker, kind: kind, minute: minute)).inserted
    }
}
