public import Events

/// What is known of prices: each ticker's latest bar and, where asked for, its recent bars.
///
/// Tickers are numbered by slots in order of first appearance. Nothing here can see a session that
/// has not been closed.
public struct PriceBook: Sendable {
    /// Number of bars kept a ticker, 0 for the latest only.
    public let historySessions: Int
    /// Slot to ticker, in order of first appearance.
    public private(set) var tickers: [Ticker] = []
    /// Number of sessions closed so far; the latest has number `sessions - 1`.
    public private(set) var sessions = 0
    /// Tickers that had a bar in the first 252 sessions: as many of the first slots.
    public private(set) var firstYearTickers = 0

    private var slots = Lookup<Ticker, Int>()
    private var rowSlots: [Int] = []
    @usableFromInline private(set) var states: [State] = []
    @usableFromInline var history: [Bar] = []
    private var announced = AnnouncedActions()
    /// What corporate actions did before the latest session's fills; nearly always nothing.
    public private(set) var changes: [ShareChange] = []

    /// Sessions without a bar after which a symbol at another price level is another instrument: a
    /// quarter.
    public static let recycledAfterSessions = 63
    /// How far apart both levels are at least, as a factor.
    public static let recycledFactor = 2.0

    /// What is known of one slot.
    @usableFromInline
    struct State: Sendable {
        let ticker: Ticker
        @usableFromInline var latest = Bar(open: 0, high: 0, low: 0, close: 0, volume: 0)
        /// Number of the session of the latest bar.
        @usableFromInline var session = -1
        /// Bars so far.
        var count = 0

        /// A bar comes after more than a quarter without one: at another level it is another
        /// instrument's, of which nothing is known.
        mutating func restart(at open: Double) {
            let ratio = open / latest.close
            if ratio > recycledFactor || ratio * recycledFactor < 1 { count = 0 }
        }
    }

    /// An empty book that keeps `historySessions` bars a ticker.
    public init(historySessions: Int) {
        precondition(historySessions >= 0, "a history has no negative length")
        self.historySessions = historySessions
    }

    /// A corporate action became known; it is applied at its ex-date.
    public mutating func announce(_ action: AnnouncedAction) {
        announced.announce(action)
    }

    /// Corporate actions whose ex-date has not come.
    public var waitingActions: [AnnouncedAction] { announced.waiting }

    /// Takes the bars of the session of a day, ascending by ticker. What is kept from before is
    /// adjusted first by the corporate actions whose ex-date it is.
    public mutating func close(_ bars: borrowing SessionClosedBarsView, of day: Day) {
        if !changes.isEmpty { changes.removeAll() }
        if !announced.waiting.isEmpty { adjust(for: announced.due(day)) }
        var row = 0
        while true {
            row = PriceBook.takeKnownRows(
                bars, from: row, session: sessions, slots: rowSlots, &states, &history,
                keeping: historySessions)
            guard row < bars.count else { break }
            seat(bars[row].ticker, atRow: row)
        }
        if sessions < 252 { firstYearTickers = tickers.count }
        sessions += 1
    }

    /// How many of the tickers of the first 252 sessions had a bar in the latest `recent` sessions.
    public func survivors(recent: Int) -> Int {
        (0..<firstYearTickers).count { sessionsWithoutBar($0) < recent }
    }

    /// Takes rows as long as each holds the ticker that this row held in the session before, which
    /// is nearly always; returns the first row that does not.
    private static func takeKnownRows(
        _ bars: borrowing SessionClosedBarsView, from first: Int, session: Int, slots: [Int],
        _ states: inout [State], _ history: inout [Bar], keeping kept: Int
    ) -> Int {
        let count = min(bars.count, slots.count)
        let slots = slots.span
        var states = states.mutableSpan
        var history = history.mutableSpan
        var row = first
        while row < count {
            let bar = bars[row]
            let slot = slots[row]
            guard states[slot].ticker == bar.ticker else { break }
            if session - states[slot].session > recycledAfterSessions {
                states[slot].restart(at: bar.open)
            }
            let latest = Bar(
                open: bar.open, high: bar.high, low: bar.low, close: bar.close, volume: bar.volume)
            states[slot].latest = latest
            states[slot].session = session
            if kept > 0 { history[slot * kept + states[slot].count % kept] = latest }
            states[slot].count += 1
            row += 1
        }
        return row
    }

    /// Adjusts what is kept of the slots that actions change; those of one slot are one change.
    private mutating func adjust(for actions: [AnnouncedAction]) {
        for action in actions {
            guard let slot = slots[action.ticker] else { continue }
            let known = changes.firstIndex { $0.slot == slot }
            var change =
                known.map { changes[$0] }
                ?? ShareChange(
                    slot: slot, ticker: action.ticker, previousClose: states[slot].latest.close)
            action.add(to: &change)
            if let known { changes[known] = change } else { changes.append(change) }
        }
        changes.removeAll { !$0.isPlausible }
        for change in changes { adjust(change) }
    }

    private mutating func adjust(_ change: ShareChange) {
        let (factor, split) = (change.priceFactor, change.split)
        states[change.slot].latest.adjust(factor, split)
        if let payout = change.payout { states[change.slot].latest.close = payout }
        let base = change.slot * historySessions
        for place in base..<base + historySessions { history[place].adjust(factor, split) }
    }

    /// The slot of `ticker`, nil when it never had a bar.
    public func slot(of ticker: Ticker) -> Int? {
        slots[ticker]
    }

    /// The latest bar of `slot`, however old.
    @inlinable
    public func latestBar(_ slot: Int) -> Bar {
        states[slot].latest
    }

    /// The bar of `slot` in the latest session, nil when it had none there.
    @inlinable
    public func bar(_ slot: Int) -> Bar? {
        states[slot].session == sessions - 1 ? states[slot].latest : nil
    }

    /// Sessions closed since the latest bar of `slot`; 0 when it has one in the latest session.
    @inlinable
    public func sessionsWithoutBar(_ slot: Int) -> Int {
        sessions - 1 - states[slot].session
    }

    /// Bars kept of `slot`.
    public func barCount(_ slot: Int) -> Int {
        min(states[slot].count, historySessions)
    }

    /// The bar of `slot` that is `age` bars old, 0 for the latest.
    ///
    /// - Precondition: `age` is below `barCount(slot)`.
    public func bar(_ slot: Int, age: Int) -> Bar {
        precondition(age < barCount(slot), "no bar of that age is kept")
        return history[slot * historySessions + (states[slot].count - 1 - age) % historySessions]
    }

    /// Lends the latest bars of `slot`, oldest first: at most as many as `count`, and as are kept.
    @inlinable
    public func forEachBar(_ slot: Int, latest count: Int, _ body: (Bar) -> Void) {
        let (first, second) = places(slot, latest: count)
        let history = history.span
        for place in first { body(history[place]) }
        for place in second { body(history[place]) }
    }

    /// Where the latest bars of `slot` stand, oldest first.
    @usableFromInline
    func places(_ slot: Int, latest count: Int) -> (Range<Int>, Range<Int>) {
        let count = max(0, min(count, barCount(slot)))
        guard count > 0 else { return (0..<0, 0..<0) }
        let base = slot * historySessions
        let first = (states[slot].count - count) % historySessions
        let whole = min(count, historySessions - first)
        return (base + first..<base + first + whole, base..<base + count - whole)
    }

    /// Notes which slot a row holds from now on, making a slot for a ticker that is new.
    private mutating func seat(_ ticker: Ticker, atRow row: Int) {
        let slot: Int
        if let known = slots[ticker] {
            slot = known
        } else {
            slot = tickers.count
            slots[ticker] = slot
            tickers.append(ticker)
            states.append(State(ticker: ticker))
            history.append(contentsOf: repeatElement(states[slot].latest, count: historySessions))
        }
        if row < rowSlots.count { rowSlots[row] = slot } else { rowSlots.append(slot) }
    }

    /// What is kept of one ticker, for putting a book away and taking it up again.
    public struct Kept: Sendable {
        /// The symbol.
        public let ticker: Ticker
        /// Number of the session of its latest bar.
        public let session: Int
        /// Its latest bars, oldest first, at most `historySessions`.
        public let bars: [Bar]

        /// From its parts.
        public init(ticker: Ticker, session: Int, bars: [Bar]) {
            (self.ticker, self.session, self.bars) = (ticker, session, bars)
        }
    }

    /// What is kept of a slot.
    public func kept(_ slot: Int) -> Kept {
        Kept(
            ticker: tickers[slot], session: states[slot].session,
            bars: (0..<barCount(slot)).reversed().map { bar(slot, age: $0) })
    }

    /// A book as it was put away, its slots in order.
    ///
    /// - Precondition: each ticker has 1 to `historySessions` bars.
    public init(
        historySessions: Int, sessions: Int, kept: [Kept], waiting: [AnnouncedAction] = []
    ) {
        self.init(historySessions: historySessions)
        self.sessions = sessions
        announced = AnnouncedActions(waiting)
        for (slot, known) in kept.enumerated() {
            precondition(
                1...historySessions ~= known.bars.count, "a ticker has bars, as many as are kept")
            slots[known.ticker] = slot
            tickers.append(known.ticker)
            var state = State(ticker: known.ticker)
            state.latest = known.bars[known.bars.count - 1]
            (state.session, state.count) = (known.session, known.bars.count)
            states.append(state)
            history.append(contentsOf: repeatElement(state.latest, count: historySessions))
            for (index, bar) in known.bars.enumerated() {
                history[slot * historySessions + index] = bar
            }
        }
    }
}
