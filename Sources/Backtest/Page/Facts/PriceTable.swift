import Events
import Market

/// Every bar of every ticker, by slot and session number, for figures that look at whole paths.
struct PriceTable: Sendable {
    /// Session number to day, ascending.
    private(set) var days: [Day] = []
    /// Slot to ticker, in order of first appearance.
    private(set) var tickers: [Ticker] = []

    private var slots = Lookup<Ticker, Int>()
    private var rowSlots: [Int] = []
    private var series: [Series] = []

    /// One ticker's bars from its first session on; a session without one holds `absent`.
    private struct Series {
        let first: Int
        var bars: [Bar]
    }

    private static let absent = Bar(open: .nan, high: .nan, low: .nan, close: .nan, volume: .nan)

    /// Takes a session's bars, ascending by ticker.
    mutating func close(_ event: borrowing SessionClosedView) {
        let session = days.count
        days.append(event.day)
        let bars = event.bars
        for row in 0..<bars.count {
            let bar = bars[row]
            let slot = slot(bar.ticker, atRow: row, session)
            let missing = session - series[slot].first - series[slot].bars.count
            for _ in 0..<missing { series[slot].bars.append(PriceTable.absent) }
            series[slot].bars.append(
                Bar(
                    open: bar.open, high: bar.high, low: bar.low, close: bar.close,
                    volume: bar.volume))
        }
    }

    /// The bar of a slot in a session, nil when it had none there.
    func bar(_ slot: Int, _ session: Int) -> Bar? {
        let index = session - series[slot].first
        guard index >= 0, index < series[slot].bars.count else { return nil }
        let bar = series[slot].bars[index]
        return bar.close.isNaN ? nil : bar
    }

    /// The session numbers from the first bar of a slot to its last.
    func sessions(of slot: Int) -> Range<Int> {
        series[slot].first..<(series[slot].first + series[slot].bars.count)
    }

    /// The slot of `ticker`, nil when it never had a bar.
    func slot(of ticker: Ticker) -> Int? { slots[ticker] }

    /// The number of the first session on or after `day`, nil when there is none.
    func session(onOrAfter day: Day) -> Int? {
        var low = 0
        var high = days.count
        while low < high {
            let middle = (low + high) / 2
            if days[middle] < day { low = middle + 1 } else { high = middle }
        }
        return low < days.count ? low : nil
    }

    /// The number of the session of `day`, nil when it is none.
    func session(of day: Day) -> Int? {
        guard let found = session(onOrAfter: day), days[found] == day else { return nil }
        return found
    }

    private mutating func slot(_ ticker: Ticker, atRow row: Int, _ session: Int) -> Int {
        if row < rowSlots.count, tickers[rowSlots[row]] == ticker { return rowSlots[row] }
        let slot: Int
        if let known = slots[ticker] {
            slot = known
        } else {
            slot = tickers.count
            slots[ticker] = slot
            tickers.append(ticker)
            series.append(Series(first: session, bars: []))
        }
        if row < rowSlots.count { rowSlots[row] = slot } else { rowSlots.append(slot) }
        return slot
    }
}
