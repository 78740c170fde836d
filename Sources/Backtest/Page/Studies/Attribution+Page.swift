import Events

extension Attribution {
    /// Every grouping of a page, from the closed trades of a run.
    static func all(_ entries: [RunEntry], _ facts: TimelineFacts) -> [Attribution] {
        let people = facts.people.persons
        return [
            Attribution("All", entries) { _ in [("All closed trades", 0, 1)] },
            Attribution("Filer", entries) { entry in
                purchases(entry, facts) { (people[$0.person].name, 0) }
            },
            Attribution("Party", entries) { entry in
                purchases(entry, facts) { (name(people[$0.person].party.map { "\($0)" }), 0) }
            },
            Attribution("Chamber", entries) { entry in
                purchases(entry, facts) { (name(people[$0.person].chamber.map { "\($0)" }), 0) }
            },
            Attribution("Sector", entries) { entry in
                [(facts.sector(of: entry.order.ticker) ?? "Unknown", 0, 1)]
            },
            Attribution("Lag, trade to filing", entries) { entry in
                purchases(entry, facts) { lag($0.lagDays) }
            },
            Attribution("Regime", entries) { entry in
                [(name(entry.signal.map { "\($0.regime)" }), 0, 1)]
            },
            confidence(entries),
        ]
    }

    private static func name(_ word: String?) -> String {
        guard let word, word != "unrecognised" else { return "Unknown" }
        return word.prefix(1).uppercased() + word.dropFirst()
    }

    /// Equal shares of a trade, one a purchase that counted in its signal.
    private static func purchases(
        _ entry: RunEntry, _ facts: TimelineFacts, _ group: (FilingFact) -> (String, Int)
    ) -> [(name: String, rank: Int, weight: Double)] {
        let counted = entry.filings.compactMap { facts.filing(at: $0) }.filter { $0.side == .buy }
        guard !counted.isEmpty else { return [("Unknown", 99, 1)] }
        return counted.map { filing in
            let (name, rank) = group(filing)
            return (name, rank, 1 / Double(counted.count))
        }
    }

    /// Days from the trade to the filing; the law asks for 45.
    private static func lag(_ days: Int) -> (String, Int) {
        switch days {
        case ..<8: ("up to 7 days", 0)
        case 8...15: ("8 to 15 days", 1)
        case 16...30: ("16 to 30 days", 2)
        case 31...45: ("31 to 45 days", 3)
        case 46...60: ("46 to 60 days (late)", 4)
        default: ("over 60 days (late)", 5)
        }
    }

    /// Tenths of the closed trades by the confidence of their signals; equal confidences stand
    /// together, in the tenth of their middle rank.
    private static func confidence(_ entries: [RunEntry]) -> Attribution {
        let sorted = entries.filter { $0.outcome != nil }.compactMap { $0.signal?.confidence }
            .sorted()
        var tenths = Lookup<Double, Int>()
        var bounds: [(low: Double, high: Double)?] = Array(repeating: nil, count: 10)
        var first = 0
        while first < sorted.count {
            let value = sorted[first]
            var end = first
            while end < sorted.count, sorted[end] == value { end += 1 }
            let number = min(9, (first + end) * 10 / (2 * sorted.count))
            tenths[value] = number
            bounds[number] = (bounds[number]?.low ?? value, value)
            first = end
        }
        return Attribution("Confidence decile", entries) { entry in
            guard let value = entry.signal?.confidence else { return [("Unknown", 99, 1)] }
            guard let number = tenths[value], let (low, high) = bounds[number] else { return [] }
            let range =
                low == high
                ? Backtest.Figures.fixed(low, 2)
                : "\(Backtest.Figures.fixed(low, 2))–\(Backtest.Figures.fixed(high, 2))"
            return [("\(number + 1): \(range)", number, 1)]
        }
    }
}
