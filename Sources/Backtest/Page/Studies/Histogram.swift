import Events

/// Counts of wins and other trades in bins of equal width, the ends open.
struct Histogram: Sendable {
    /// One bin.
    struct Bin: Hashable, Sendable {
        /// What falls into it, for people.
        var label: String
        /// Wins: trades with a net return above .5 %.
        var wins: Int
        /// All others.
        var others: Int
    }

    /// The bins, ascending.
    var bins: [Bin]

    /// Sessions held, five a bin.
    static func holding(_ trades: [ClosedTrade]) -> Histogram {
        let width = 5
        let last = (trades.map(\.holdingSessions).max() ?? 0) / width
        let count = min(last, 13) + 1
        var bins = (0..<count).map { number -> Bin in
            let low = number * width
            let isOpen = number == 13 && last > 13
            return Bin(
                label: isOpen ? "\(low)+" : "\(low)–\(low + width - 1)", wins: 0, others: 0)
        }
        for trade in trades { bins.add(trade, min(trade.holdingSessions / width, count - 1)) }
        return Histogram(bins: trades.isEmpty ? [] : bins)
    }

    /// Net returns, five per cent a bin, from below −25 % to 50 % and above.
    static func returns(_ trades: [ClosedTrade]) -> Histogram {
        let width = 0.05
        var bins = (-6..<11).map { number -> Bin in
            let label = number == -6 ? "<−25" : number == 10 ? "50+" : "\(number * 5)"
            return Bin(label: label.replacing("-", with: "−"), wins: 0, others: 0)
        }
        for trade in trades {
            let number = Int(capped: (trade.netReturn / width).rounded(.down).clamped(-6, 10))
            bins.add(trade, number + 6)
        }
        return Histogram(bins: trades.isEmpty ? [] : bins)
    }
}

extension [Histogram.Bin] {
    fileprivate mutating func add(_ trade: ClosedTrade, _ number: Int) {
        if trade.outcome == .win {
            self[number].wins += 1
        } else {
            self[number].others += 1
        }
    }
}

extension Double {
    fileprivate func clamped(_ low: Double, _ high: Double) -> Double {
        Swift.min(Swift.max(self, low), high)
    }
}
