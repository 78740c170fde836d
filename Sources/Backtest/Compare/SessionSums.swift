import Events
import Market

/// What the secondary figures of a run are made from: sums over sessions, and returns in order.
struct SessionSums {
    /// One session's share of every sum: in lanes 0–3 of the return r its value, square, square of
    /// a loss and log(1 + r); in 4–7 the same of the excess at equal exposure; then 8 whether that
    /// is known, 9 exposure, 10 turnover over value, and of the trades closed in it 11 their
    /// number, 12 the wins, 13 and 14 the dollars won and lost; 15 the session itself.
    typealias Sums = SIMD16<Double>

    /// By session.
    private(set) var sessions: [Sums]

    /// The sums of a report's sessions; a trade stands in that of its exit.
    init(_ report: BacktestReport) {
        let excess = ExcessPairs.excess(report)
        sessions = report.returns.enumerated().map { place, change in
            let record = report.daily[place]
            var sums = Sums()
            SessionSums.put(change, &sums, 0)
            if let excess = excess[place] {
                SessionSums.put(excess, &sums, 4)
                sums[8] = 1
            }
            sums[9] = record.exposure
            let value = record.value.dollars
            sums[10] = value > 0 ? record.turnover.dollars / value : 0
            sums[15] = 1
            return sums
        }
        for trade in report.trades {
            guard let place = report.session(of: trade.exitDay) else { continue }
            let dollars = trade.profit.dollars
            sessions[place][11] += 1
            if trade.outcome == .win { sessions[place][12] += 1 }
            sessions[place][dollars > 0 ? 13 : 14] += dollars.magnitude
        }
    }

    private static func put(_ change: Double, _ sums: inout Sums, _ lane: Int) {
        sums[lane] = change
        sums[lane + 1] = change * change
        sums[lane + 2] = change < 0 ? change * change : 0
        // A return of −1 or less would have no logarithm; a long book has none.
        sums[lane + 3] = Elementary.log(max(1 + change, 1e-12))
    }

    /// Sums up to each session, gone through twice, so that a block may run over the end.
    var upTo: [Sums] {
        var upTo = [Sums()]
        upTo.reserveCapacity(2 * sessions.count + 1)
        for place in 0..<(2 * sessions.count) {
            upTo.append(upTo[place] + sessions[place % sessions.count])
        }
        return upTo
    }

    /// Logarithms of wealth up to each session, likewise twice: of the return and of the excess.
    var wealth: [SIMD2<Double>] {
        upTo.map { SIMD2($0[3], $0[7]) }
    }
}

extension BacktestReport {
    /// The number of the session of a day, nil when it is none of the window.
    func session(of day: Day) -> Int? {
        let place = firstSession(onOrAfter: day)
        return place < daily.count && daily[place].day == day ? place : nil
    }

    /// Trades that were closed in some sessions.
    func closedTrades(in range: Range<Int>) -> Int {
        guard !range.isEmpty else { return 0 }
        let (first, last) = (daily[range.lowerBound].day, daily[range.upperBound - 1].day)
        return trades.count { $0.exitDay >= first && $0.exitDay <= last }
    }

    /// The number of the first session on or after a day; the number of sessions when there is
    /// none.
    func firstSession(onOrAfter day: Day) -> Int {
        var (low, high) = (0, daily.count)
        while low < high {
            let middle = (low + high) / 2
            if daily[middle].day < day { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
