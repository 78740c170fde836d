import Events
import Market

/// What prices did around the first open at which a filing could be traded, beyond the index.
///
/// An event is a ticker, a side and a first tradable session; rows of one ticker, side and session
/// count once. From that session on the value at offset k is close(k) / open(0) − 1 less the same
/// of the index: what a follower earned. Before it, it is the negative of open(0) / close(k) − 1
/// less the same of the index: what one had missed. So every curve is 0 at the open of session 0
/// and rises where prices rose, and both sides are means of simple returns forward in time;
/// close(k) / open(0) would show a fall before 0 where there is none, by the variance of the
/// returns (E[1/x] > 1/E[x]).
struct EventStudy: Sendable {
    /// Offsets in sessions, the last one before the open included.
    static let offsets = Array(-20...60)

    /// The mean of all events of a side.
    struct Curve: Sendable {
        /// Which way the filers traded.
        var side: TradeSide
        /// Events that have a bar and an index level at offset 0.
        var events: Int
        /// One point an offset.
        var points: [Point]
    }

    /// The mean at one offset.
    struct Point: Hashable, Sendable {
        /// Sessions from the first tradable one.
        var offset: Int
        /// Events with a bar there.
        var count: Int
        /// Mean cumulative excess, nil of nothing.
        var mean: Double?
        /// Standard error of the mean, clustered by the calendar month of session 0; nil with fewer
        /// than two months.
        var standardError: Double?
    }

    /// Purchases, then sales.
    var curves: [Curve]

    /// The study of every filing that became tradable in a session from `first` to `last`.
    init(_ facts: TimelineFacts, from first: Day, to last: Day) {
        curves = [TradeSide.buy, .sell].map { side in
            EventStudy.curve(
                side, EventStudy.events(side, facts, from: first, to: last), facts)
        }
    }

    /// The slot and the first tradable session.
    struct Event: Hashable {
        var session: Int
        var slot: Int
    }

    /// The distinct events of a side, ascending.
    static func events(
        _ side: TradeSide, _ facts: TimelineFacts, from first: Day, to last: Day
    ) -> [Event] {
        var events: [Event] = []
        for filing in facts.filings where filing.side == side {
            guard let read = facts.prices.session(onOrAfter: filing.firstReadDay),
                read + 1 < facts.prices.days.count,
                let slot = facts.prices.slot(of: filing.ticker)
            else { continue }
            let session = read + 1
            let day = facts.prices.days[session]
            guard day >= first, day <= last, let bar = facts.prices.bar(slot, session),
                bar.open > 0, facts.index.open(of: day) != nil
            else { continue }
            events.append(Event(session: session, slot: slot))
        }
        events.sort { ($0.session, $0.slot) < ($1.session, $1.slot) }
        var distinct: [Event] = []
        for event in events where distinct.last != event { distinct.append(event) }
        return distinct
    }

    private static func curve(_ side: TradeSide, _ events: [Event], _ facts: TimelineFacts)
        -> Curve
    {
        let prices = facts.prices
        let closes = prices.days.map { facts.index.close(of: $0) }
        let points = offsets.map { offset -> Point in
            var values: [Double] = []
            var months: [Int] = []
            for event in events {
                let session = event.session + offset
                guard session >= 0, session < prices.days.count,
                    let entry = prices.bar(event.slot, event.session),
                    let bar = prices.bar(event.slot, session), let market = closes[session],
                    let start = facts.index.open(of: prices.days[event.session])
                else { continue }
                values.append(
                    offset < 0
                        ? start / market - entry.open / bar.close
                        : bar.close / entry.open - market / start)
                let (year, month, _) = prices.days[event.session].civil
                months.append(year * 12 + month)
            }
            return Point(
                offset: offset, count: values.count, mean: Moments.mean(values),
                standardError: ClusteredError.ofMean(values, clusters: months))
        }
        return Curve(side: side, events: events.count, points: points)
    }
}

/// Standard errors where observations of one cluster depend on each other.
enum ClusteredError {
    /// The cluster-robust standard error of a mean: √(G / (G − 1) · Σ (Σ in cluster (x − mean))²) /
    /// n for G clusters; nil with fewer than two. Observations of one cluster stand together.
    ///
    /// Source: Cameron and Miller, "A Practitioner's Guide to Cluster-Robust Inference" (2015), for
    /// a regression on a constant.
    static func ofMean(_ values: [Double], clusters: [Int]) -> Double? {
        precondition(values.count == clusters.count, "each value has its cluster")
        guard let mean = Moments.mean(values) else { return nil }
        var groups = 0
        var squares = 0.0
        var sum = 0.0
        for index in values.indices {
            sum += values[index] - mean
            if index + 1 == values.count || clusters[index + 1] != clusters[index] {
                squares += sum * sum
                sum = 0
                groups += 1
            }
        }
        guard groups >= 2 else { return nil }
        let correction = Double(groups) / Double(groups - 1)
        return (correction * squares).squareRoot() / Double(values.count)
    }
}
