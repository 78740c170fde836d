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

    private var slots = Lookup<Ticker, Int>()
    private var rowSlots: [Int] = []
    private var latest: [Bar] = []
    private var latestSession: [Int] = []
    private var barCounts: [Int] = []
    private var history: [Bar] = []

    /// An empty book that keeps `historySessions` bars a ticker.
    public init(historySessions: Int) {
        precondition(historySessions >= 0, "a history has no negative length")
        self.historySessions = historySessions
    }

    /// Takes a session's bars, ascending by ticker.
    public mutating func close(_ bars: borrowing SessionClosedBarsView) {
        let count = bars.count
        for row in 0..<count {
            let bar = bars[row]
            let ticker = bar.ticker
            let slot = slot(of: ticker, atRow: row)
            latest[slot] = Bar(
                open: bar.open, high: bar.high, low: bar.low, close: bar.close, volume: bar.volume)
            latestSession[slot] = sessions
            if historySessions > 0 {
                history[slot * historySessions + barCounts[slot] % historySessions] = latest[slot]
            }
            barCounts[slot] += 1
        }
        sessions += 1
    }

    /// The slot of `ticker`, nil when it never had a bar.
    public func slot(of ticker: Ticker) -> Int? {
        slots[ticker]
    }

    /// The latest bar of `slot`, however old.
    public func latestBar(_ slot: Int) -> Bar {
        latest[slot]
    }

    /// The bar of `slot` in the latest session, nil when it had none there.
    public func bar(_ slot: Int) -> Bar? {
        latestSession[slot] == sessions - 1 ? latest[slot] : nil
    }

    /// Sessions closed since the latest bar of `slot`; 0 when it has one in the latest session.
    public func sessionsWithoutBar(_ slot: Int) -> Int {
        sessions - 1 - latestSession[slot]
    }

    /// Bars kept of `slot`.
    public func barCount(_ slot: Int) -> Int {
        min(barCounts[slot], historySessions)
    }

    /// The bar of `slot` that is `age` bars old, 0 for the latest.
    ///
    /// - Precondition: `age` is below `barCount(slot)`.
    public func bar(_ slot: Int, age: Int) -> Bar {
        precondition(age < barCount(slot), "no bar of that age is kept")
        return history[slot * historySessions + (barCounts[slot] - 1 - age) % historySessions]
    }

    /// The row of a session usually holds the same ticker as that row of the session before.
    private mutating func slot(of ticker: Ticker, atRow row: Int) -> Int {
        if row < rowSlots.count, tickers[rowSlots[row]] == ticker { return rowSlots[row] }
        let slot: Int
        if let known = slots[ticker] {
            slot = known
        } else {
            slot = tickers.count
            slots[ticker] = slot
            tickers.append(ticker)
            latest.append(Bar(open: 0, high: 0, low: 0, close: 0, volume: 0))
            latestSession.append(-1)
            barCounts.append(0)
            history.append(contentsOf: repeatElement(latest[slot], count: historySessions))
        }
        if row < rowSlots.count { rowSlots[row] = slot } else { rowSlots.append(slot) }
        return slot
    }
}
