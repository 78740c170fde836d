import Events
import FeedbackLoop
import Market

/// The result of entering one ticker at one session's open and leaving by an order's exit rules.
///
/// It is a function of prices alone: stop, trailing stop, take-profit, timeout and no price, with
/// costs, as `OrderToFill` fills them; no opposite signals, caps, cash or volume. A position open
/// at the end is marked at its last close.
struct TradeSimulator {
    /// All bars.
    let prices: PriceTable
    /// The market index.
    let index: IndexBook
    /// Costs and the rule for tickers without a price.
    let rules: MarketRules
    /// Bars of the average true range.
    let rangeSessions: Int
    /// The last session that may be used.
    let lastSession: Int

    /// What one trade came to.
    struct Result: Hashable {
        /// Net of costs, on the dollars paid.
        var netReturn: Double
        /// `netReturn` less the index from entry to exit, nil without an index.
        var excess: Double?
    }

    /// The exit rules of an entry order, as fractions and multiples that fit any ticker.
    struct Exits: Hashable {
        /// Stop distance in average true ranges, nil without a stop.
        var stopRanges: Double?
        /// Trailing stop below the highest close, as a fraction.
        var trailing: Double?
        /// Take-profit above the entry, as a fraction.
        var target: Double?
        /// Calendar days held at most; 0 without.
        var timeoutDays: Int
        /// The session at whose open it is left, for orders that carry no rule; else nil.
        var leaveAt: Int?

        /// The rules that an entry's order carries. An order without any rule is left at the open
        /// of the session in which the run left it, or never; nil when that session is not known.
        init?(_ entry: RunEntry, _ simulator: TradeSimulator) {
            let order = entry.order
            if let distance = order.stopDistance, let range = order.atr, range > 0, distance > 0 {
                // To a millionth, so that equal settings are equal rules.
                stopRanges = (distance / range * 1e6).rounded() / 1e6
            }
            trailing = order.trailingFraction
            target = order.targetFraction
            timeoutDays = Int(order.timeoutDays)
            guard stopRanges == nil, trailing == nil, target == nil, timeoutDays == 0,
                let day = entry.outcome?.exitDay
            else { return }
            guard let session = simulator.prices.session(of: day) else { return nil }
            leaveAt = session
        }
    }

    /// Whether a ticker could have been entered at the open of a session.
    func canEnter(_ slot: Int, _ session: Int, _ exits: Exits) -> Bool {
        guard let bar = prices.bar(slot, session), bar.open > 0, bar.volume > 0 else {
            return false
        }
        return exits.stopRanges == nil || averageTrueRange(slot, before: session) != nil
    }

    /// Enters at the open of a session; nil where `canEnter` is false.
    func trade(_ slot: Int, _ session: Int, _ exits: Exits) -> Result? {
        guard canEnter(slot, session, exits), let bar = prices.bar(slot, session) else {
            return nil
        }
        let entry = rules.costs.price(bar.open, side: .buy)
        var stop: Double?
        if let ranges = exits.stopRanges, let range = averageTrueRange(slot, before: session) {
            stop = entry - ranges * range
        }
        let exit = leave(slot, session, entry: entry, stop: stop, exits)
        let proceeds = rules.costs.proceedsPerShare(at: exit.price, on: prices.days[exit.session])
        let net = proceeds / rules.costs.cashPerShare(at: entry) - 1
        var market: Double?
        if let from = index.open(of: prices.days[session]),
            let to = exit.isAtOpen
                ? index.open(of: prices.days[exit.session])
                : index.close(of: prices.days[exit.session])
        {
            market = to / from - 1
        }
        return Result(netReturn: net, excess: market.map { net - $0 })
    }

    private struct Exit {
        var session: Int
        var price: Double
        var isAtOpen = false
    }

    private func leave(
        _ slot: Int, _ entered: Int, entry: Double, stop: Double?, _ exits: Exits
    ) -> Exit {
        let entryDay = prices.days[entered]
        var highest = entry
        var lastClose = entry
        var lastBar = entered
        var isTimedOut = false
        for session in entered...lastSession {
            if let bar = prices.bar(slot, session) {
                let isEntry = session == entered
                if isTimedOut, bar.volume > 0 {
                    let price = rules.costs.price(bar.open, side: .sell)
                    return Exit(session: session, price: price, isAtOpen: true)
                }
                if bar.volume > 0,
                    let level = resting(bar, isEntry, highest: highest, stop: stop, entry, exits)
                {
                    return Exit(session: session, price: rules.costs.price(level, side: .sell))
                }
                highest = max(highest, bar.close)
                lastClose = bar.close
                lastBar = session
            } else if rules.noPriceSessions > 0, session - lastBar >= rules.noPriceSessions {
                return Exit(session: session, price: lastClose * (1 - rules.delistingHaircut))
            }
            if exits.timeoutDays > 0, prices.days[session] - entryDay >= exits.timeoutDays {
                isTimedOut = true
            }
            if let last = exits.leaveAt, session + 1 >= last { isTimedOut = true }
        }
        return Exit(session: lastSession, price: lastClose)
    }

    /// The market price at which a resting exit fills in a session, nil when none is touched.
    private func resting(
        _ bar: Bar, _ isEntry: Bool, highest: Double, stop: Double?, _ entry: Double,
        _ exits: Exits
    ) -> Double? {
        let trailing = exits.trailing.map { highest * (1 - $0) }
        let level = stop.map { max($0, trailing ?? $0) } ?? trailing
        if let level, bar.low <= level { return isEntry ? level : min(bar.open, level) }
        if let target = exits.target.map({ entry * (1 + $0) }), bar.high >= target {
            return isEntry ? target : max(bar.open, target)
        }
        return nil
    }

    /// The average true range of the bars before a session, as `PriceBook` computes it.
    private func averageTrueRange(_ slot: Int, before session: Int) -> Double? {
        var bars: [Bar] = []
        var at = session - 1
        let first = prices.sessions(of: slot).lowerBound
        while at >= first, bars.count <= rangeSessions {
            if let bar = prices.bar(slot, at) { bars.append(bar) }
            at -= 1
        }
        guard bars.count > rangeSessions else { return nil }
        var sum = 0.0
        for age in (0..<rangeSessions).reversed() {
            let bar = bars[age]
            let close = bars[age + 1].close
            sum += max(
                bar.high - bar.low, max((bar.high - close).magnitude, (bar.low - close).magnitude))
        }
        return sum / Double(rangeSessions)
    }
}
