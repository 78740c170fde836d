import Events
import Market

/// What waiting costs, told from event time: the mean excess over the index of the run's own
/// entries from the open at which they were filled, or from an open some sessions later, to the
/// close of one and the same session. Nothing is decided anew.
///
/// An entry's value at delay k is close(e + 20) / open(e + k) − 1 less the same of the index, e
/// being the session of its fill; an entry that lacks a bar or a level of the index at any of the
/// delays, or the end, counts in none, so that all delays have the same entries.
public struct DelayStudy: Sendable {
    /// Sessions waited.
    static let delays = [0, 1, 3]
    /// Sessions from the fill to the close at which all are valued.
    static let horizon = 20

    /// One delay.
    struct Point: Sendable {
        /// Sessions waited.
        var sessions: Int
        /// Mean excess over the index; 0.01 is one per cent.
        var meanExcess: Double?
        /// Its standard error, clustered by the calendar month of the fill.
        var standardError: Double?
    }

    /// Entries that count.
    var entries = 0
    /// By delay, ascending; empty where no entry counts.
    var points: [Point] = []

    /// Nothing studied.
    init() {}

    /// Studies a run's entries over the prices and the index of its timeline.
    init(_ all: [RunEntry], _ facts: TimelineFacts) {
        let prices = facts.prices
        var values = DelayStudy.delays.map { _ in [Double]() }
        var months: [Int] = []
        for entry in all.sorted(by: { $0.day < $1.day }) {
            guard let slot = prices.slot(of: entry.order.ticker),
                let session = prices.session(of: entry.day),
                session + DelayStudy.horizon < prices.days.count,
                let end = prices.bar(slot, session + DelayStudy.horizon)?.close,
                let market = facts.index.close(of: prices.days[session + DelayStudy.horizon])
            else { continue }
            let excesses = DelayStudy.delays.compactMap { delay -> Double? in
                guard let open = prices.bar(slot, session + delay)?.open, open > 0,
                    let level = facts.index.open(of: prices.days[session + delay])
                else { return nil }
                return end / open - market / level
            }
            guard excesses.count == DelayStudy.delays.count else { continue }
            for (place, excess) in excesses.enumerated() { values[place].append(excess) }
            let (year, month, _) = entry.day.civil
            months.append(year * 12 + month)
        }
        entries = months.count
        guard entries > 0 else { return }
        points = zip(DelayStudy.delays, values).map { delay, values in
            Point(
                sessions: delay, meanExcess: Moments.mean(values),
                standardError: ClusteredError.ofMean(values, clusters: months))
        }
    }
}
