public import Events
public import Market

/// What a long bought at the next open would have come to: the one label simulator.
///
/// It knows one ticker's prices and nothing of cash, caps, volume limits or opposite signals. It is
/// stepped session by session, and tells two things apart: how the trade ended, and when that may
/// be used. An early exit does not make a label mature early; it is mature once the session has
/// closed at whose open the timeout would have filled, or the position would be closed without a
/// price.
public struct HypotheticalTrade: Hashable, Sendable {
    /// How it ended.
    public struct Exit: Hashable, Sendable {
        /// Why.
        public let reason: ExitReason
        /// In which session.
        public let day: Day
        /// Number of that session.
        public let session: Int
        /// Net of costs, a fraction of what was paid; less the index's return where the rules
        /// measure by it, and not a number where the index lacks a level on either day.
        public let netReturn: Double
    }

    /// The session that decided it.
    public let decidedOn: Day
    /// Number of that session.
    public let decidedSession: Int
    /// Average true range at the decision, dollars of today's share; nil when it was not known.
    public private(set) var averageTrueRange: Double?
    /// The session in which it was bought; nil before, and for ever when there was no bar to buy.
    public internal(set) var entryDay: Day?
    /// How it ended; nil while it goes on, and for ever when it was never bought.
    public internal(set) var exit: Exit?
    /// The session from whose close on the label may be used; for a trade that was never bought,
    /// the session that should have bought it.
    public private(set) var matureOn: Day?
    /// Number of that session.
    public private(set) var matureSession: Int?

    var entrySession = 0
    var entryPrice = 0.0
    /// The index at the open that bought it; nil while none is known.
    var entryIndex: Double?
    var highestClose = 0.0
    var lastClose = 0.0
    var lastBarSession = 0
    var isTimedOut = false

    /// A trade decided in the cycle of a session.
    public init(decidedOn: Day, session: Int, averageTrueRange: Double?) {
        self.decidedOn = decidedOn
        self.decidedSession = session
        self.averageTrueRange = averageTrueRange
    }

    /// Whether it was never bought, and so has no label.
    public var isVoid: Bool { matureOn != nil && entryDay == nil }

    /// A later session closed; `bar` is the ticker's, nil when it had none.
    ///
    /// `index` is what the index's open and close stood at, each nil where it has none.
    ///
    /// - Precondition: sessions come in order and none is left out.
    public mutating func close(
        _ bar: Bar?, day: Day, session: Int, rules: borrowing LabelRules,
        index: (open: Double?, close: Double?) = (nil, nil)
    ) {
        let (wasBought, wasClosed) = (entryDay != nil, exit != nil)
        step(bar, day: day, session: session, rules: rules)
        if !wasBought, entryDay != nil { entryIndex = index.open }
        guard rules.measure == .excess, !wasClosed, let exit else { return }
        // As an executed trade's: at the open for fills at the open, at the close for all others.
        let level = exit.reason == .timeout ? index.open : index.close
        // A return that is measured by nothing is no label, and never the net one in its place.
        let market = level.flatMap { level in entryIndex.map { level / $0 - 1 } } ?? .nan
        self.exit = Exit(
            reason: exit.reason, day: exit.day, session: exit.session,
            netReturn: exit.netReturn - market)
    }

    /// Follows a corporate action before the bar of its ex-date: prices from before are put on the
    /// scale of those from now on, so that what comes of the trade is a holder's return, dividends
    /// kept in the share.
    public mutating func adjust(for change: ShareChange) {
        let factor = change.priceFactor
        averageTrueRange = averageTrueRange.map { $0 * factor }
        entryPrice *= factor
        highestClose *= factor
        lastClose = change.payout ?? lastClose * factor
    }

    private mutating func step(
        _ bar: Bar?, day: Day, session: Int, rules: borrowing LabelRules
    ) {
        guard matureOn == nil, session > decidedSession else { return }
        let traded = bar.flatMap { $0.volume > 0 ? $0 : nil }
        if entryDay == nil {
            guard let bar = traded, rules.stopMultiple == 0 || averageTrueRange != nil else {
                return mature(day, session)
            }
            enter(bar, day, session, rules)
        } else if isDue(session, rules), let bar = traded {
            leave(.timeout, at: bar.open, day, session, rules)
            return mature(day, session)
        }
        if rules.kind == .exits, let bar = traded { rest(bar, day, session, rules) }
        if let bar {
            (lastClose, lastBarSession) = (bar.close, session)
            highestClose = max(highestClose, bar.close)
        } else if rules.noPriceSessions > 0, session - lastBarSession >= rules.noPriceSessions {
            close(.noPrice, net: lastClose * (1 - rules.delistingHaircut), day, session, rules)
            return mature(day, session)
        }
        if let entryDay, day - entryDay >= rules.timeoutDays { isTimedOut = true }
    }

    /// Whether the trade is left at the next open that is traded.
    private func isDue(_ session: Int, _ rules: borrowing LabelRules) -> Bool {
        rules.kind == .exits
            ? isTimedOut : session - entrySession >= LabelRules.horizonSessions
    }

    private mutating func enter(
        _ bar: Bar, _ day: Day, _ session: Int, _ rules: borrowing LabelRules
    ) {
        entryPrice = rules.costs.price(bar.open, side: .buy)
        (entryDay, entrySession, highestClose) = (day, session, entryPrice)
        (lastClose, lastBarSession) = (bar.close, session)
    }

    /// Stop, trailing stop and take-profit on a bar, as a resting order fills.
    private mutating func rest(
        _ bar: Bar, _ day: Day, _ session: Int, _ rules: borrowing LabelRules
    ) {
        guard exit == nil else { return }
        let isEntrySession = session == entrySession
        if let (level, reason) = level(rules), bar.low <= level {
            leave(reason, at: isEntrySession ? level : min(bar.open, level), day, session, rules)
        } else if rules.takeProfitFraction > 0 {
            let target = entryPrice * (1 + rules.takeProfitFraction)
            guard bar.high >= target else { return }
            leave(
                .takeProfit, at: isEntrySession ? target : max(bar.open, target), day, session,
                rules)
        }
    }

    /// The higher of stop and trailing stop, nil when both are off.
    private func level(_ rules: borrowing LabelRules) -> (level: Double, reason: ExitReason)? {
        var stop: Double?
        if rules.stopMultiple > 0, let averageTrueRange {
            stop = entryPrice - averageTrueRange * rules.stopMultiple
        }
        guard rules.trailingFraction > 0 else { return stop.map { ($0, .stop) } }
        let trailing = highestClose * (1 - rules.trailingFraction)
        guard let stop, stop >= trailing else { return (trailing, .trailingStop) }
        return (stop, .stop)
    }

    private mutating func leave(
        _ reason: ExitReason, at marketPrice: Double, _ day: Day, _ session: Int,
        _ rules: borrowing LabelRules
    ) {
        let price = rules.costs.price(marketPrice, side: .sell)
        close(reason, net: price, day, session, rules)
    }

    /// The first way out counts; later ones only tell when the label is mature.
    private mutating func close(
        _ reason: ExitReason, net price: Double, _ day: Day, _ session: Int,
        _ rules: borrowing LabelRules
    ) {
        guard exit == nil else { return }
        let proceeds = rules.costs.proceedsPerShare(at: price, on: day)
        exit = Exit(
            reason: reason, day: day, session: session,
            netReturn: proceeds / rules.costs.cashPerShare(at: entryPrice) - 1)
    }

    private mutating func mature(_ day: Day, _ session: Int) {
        (matureOn, matureSession) = (day, session)
    }
}

/// The label of a long of `ticker` decided in a session: steps the simulator over bars.
///
/// `sessions` are those after the decision, in order, with the ticker's bar or nil. Returns the
/// trade as it stands after the last of them.
public func hypotheticalTrade(
    decidedOn: Day, averageTrueRange: Double?, sessions: [(day: Day, bar: Bar?)],
    rules: LabelRules
) -> HypotheticalTrade {
    var trade = HypotheticalTrade(
        decidedOn: decidedOn, session: 0, averageTrueRange: averageTrueRange)
    for (index, session) in sessions.enumerated() {
        trade.close(session.bar, day: session.day, session: index + 1, rules: rules)
    }
    return trade
}
