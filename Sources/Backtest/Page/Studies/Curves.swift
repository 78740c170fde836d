import Events
import Market

/// The daily curves of a page, each starting at the value before the first session.
struct Curves: Sendable {
    /// One line of the value chart.
    struct Line: Sendable {
        /// What it shows.
        var name: String
        /// Dollars a session, nil before the first known return.
        var values: [Double?]
        /// Value / highest value so far − 1, a session.
        var drawdowns: [Double?]
        /// Π(1 + r) − 1 over the window.
        var totalReturn: Double?

        /// Compounds returns from `start` dollars; a return that is not known leaves the value.
        init(_ name: String, _ returns: [Double?], start: Double) {
            self.name = name
            var value = start
            var high = start
            var isKnown = false
            values = []
            drawdowns = []
            for change in returns {
                if let change {
                    isKnown = true
                    value *= 1 + change
                }
                high = max(high, value)
                values.append(isKnown ? value : nil)
                drawdowns.append(isKnown ? value / high - 1 : nil)
            }
            totalReturn = isKnown ? value / start - 1 : nil
        }
    }

    /// Sessions.
    var days: [Day]
    /// The strategy first, then what it is compared with.
    var lines: [Line]
    /// Holdings / value after each close.
    var exposure: [Double]
    /// Open positions after each close.
    var positions: [Int]

    /// The curves of a report; `prices` hold at least its sessions.
    init(_ report: BacktestReport, _ prices: PriceTable, indexName: String?) {
        let daily = report.daily
        let start = report.facts.startingValue.dollars
        days = daily.map(\.day)
        exposure = daily.map(\.exposure)
        positions = daily.map(\.openPositions)
        lines = [Line("Strategy", report.returns.map { $0 }, start: start)]
        let index = daily.map(\.indexReturn)
        if index.contains(where: { $0 != nil }) {
            let name = indexName ?? "Index"
            lines.append(Line(name, index, start: start))
            var before = 0.0
            let matched = daily.map { record -> Double? in
                let held = before
                before = record.exposure
                return record.indexReturn.map { $0 * held }
            }
            lines.append(Line("\(name) at equal exposure", matched, start: start))
        }
        lines.append(
            Line("Equal-weight universe", Universe.returns(prices, days: days), start: start))
    }

    /// Adds what the strategy is held against beside the index.
    mutating func add(_ yardsticks: [Yardstick], start: Double) {
        for line in yardsticks where line.kind != .index {
            let name = "\(line.name.prefix(1).uppercased())\(line.name.dropFirst())"
            lines.append(Line(name, line.returns, start: start))
        }
    }
}

/// All tickers with a bar, held in equal parts and rebalanced at every close.
enum Universe {
    /// The mean simple return from close to close of all tickers with a bar in a session and in the
    /// session before it; nil in the first session of all.
    static func returns(_ prices: PriceTable, days: [Day]) -> [Double?] {
        days.map { day in
            guard let session = prices.session(of: day), session > 0 else { return nil }
            var sum = 0.0
            var count = 0
            for slot in prices.tickers.indices {
                guard let bar = prices.bar(slot, session),
                    let before = prices.bar(slot, session - 1), before.close > 0
                else { continue }
                sum += bar.close / before.close - 1
                count += 1
            }
            return count > 0 ? sum / Double(count) : nil
        }
    }
}
