import Events
import Learning

/// Returns and trades of some sessions, drawn in blocks.
struct CycleSums {
    /// Of a session: its return, its square, the closed trades entered in it, the wins of them.
    private var sessions: [SIMD4<Double>]

    init(_ report: BacktestReport, _ range: Range<Int>, _ entered: [ClosedTrade]) {
        let returns = report.returns[range]
        sessions = returns.map { SIMD4($0, $0 * $0, 0, 0) }
        for trade in entered {
            guard let place = report.session(of: trade.entryDay), range.contains(place) else {
                continue
            }
            sessions[place - range.lowerBound].z += 1
            if trade.outcome == .win { sessions[place - range.lowerBound].w += 1 }
        }
    }

    /// 95 % intervals of the Sharpe ratio and of the win rate; nil under two blocks of sessions,
    /// where a draw would be little else than the sample itself, and without a trade.
    func intervals(draws: Int = 2_000, seed: UInt64 = 1) -> (sharpe: Interval?, winRate: Interval?)
    {
        let meanBlock = Comparison.meanBlock
        guard sessions.count >= 2 * meanBlock else { return (nil, nil) }
        var upTo = [SIMD4<Double>.zero]
        for place in 0..<(2 * sessions.count) {
            upTo.append(upTo[place] + sessions[place % sessions.count])
        }
        var blocks = StationaryDraws(units: sessions.count, meanLength: meanBlock, seed: seed)
        var (ratios, rates): ([Double], [Double]) = ([], [])
        for _ in 0..<draws {
            var total = SIMD4<Double>.zero
            blocks.draw { start, length in total += upTo[start + length] - upTo[start] }
            ratios.append(PrimaryDifference.ratio(total.x, total.y, sessions.count))
            if total.z > 0 { rates.append(total.w / total.z) }
        }
        let isKnown = rates.count * 20 >= draws * 19
        return (Interval(middle95: ratios), isKnown ? Interval(middle95: rates) : nil)
    }
}
