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
    private var waiting: [AnnouncedAction] = []
    /// Corporate actions that were applied.
    private(set) var actions = 0

    /// One ticker's bars from its first session on; a session without one holds `absent`.
    private struct Series {
        let first: Int
        var bars: [Bar]
        /// Sessions that corporate actions came before, ascending, and what each multiplies
        /// earlier prices and volumes with.
        var changes: [(session: Int, price: Double, volume: Double)] = []

        mutating func change(_ action: AnnouncedAction, _ slot: Int, at session: Int) {
            guard let close = bars.last(where: { !$0.close.isNaN })?.close else { return }
            // A second action of the day finds the price on the new share's scale.
            let isSecond = changes.last?.session == session
            let split = isSecond ? changes[changes.count - 1].volume : 1
            var change = ShareChange(
                slot: slot, ticker: action.ticker, previousClose: close / split)
            action.add(to: &change)
            guard change.isPlausible, change.priceFactor != 1 else { return }
            if isSecond {
                changes[changes.count - 1].price *= change.priceFactor
                changes[changes.count - 1].volume *= change.split
            } else {
                changes.append((session, change.priceFactor, change.split))
            }
        }
    }

    private static let absent = Bar(open: .nan, high: .nan, low: .nan, close: .nan, volume: .nan)

    /// A corporate action became known; it is applied at its ex-date.
    mutating func announce(_ action: AnnouncedAction) { waiting.append(action) }

    /// Takes a session's bars, ascending by ticker.
    mutating func close(_ event: borrowing SessionClosedView) {
        let session = days.count
        let day = event.day
        days.append(day)
        if !waiting.isEmpty {
            for action in waiting where action.exDay <= day {
                guard let slot = slots[action.ticker] else { continue }
                series[slot].change(action, slot, at: session)
                actions += 1
            }
            waiting.removeAll { $0.exDay <= day }
        }
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

    /// The bar of a slot in a session on the scale of the last session's shares, as all corporate
    /// actions since make it; nil when it had none there. For returns: who decides sees no later
    /// action.
    func bar(_ slot: Int, _ session: Int) -> Bar? {
        guard var bar = traded(slot, session) else { return nil }
        for change in series[slot].changes.reversed() {
            guard change.session > session else { break }
            bar.open *= change.price
            bar.high *= change.price
            bar.low *= change.price
            bar.close *= change.price
            bar.volume *= change.volume
        }
        return bar
    }

    /// The bar of a slot in a session as it was traded, nil when it had none there.
    func traded(_ slot: Int, _ session: Int) -> Bar? {
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
