import Events

extension BacktestReport {
    /// Why there is too little to judge by: under 252 sessions, under 100 closed trades.
    var thinness: [String] {
        var lines: [String] = []
        if daily.count < 252 {
            lines.append(
                "Only \(daily.count) sessions, under the 252 of a year: the figures are no evidence "
                    + "of skill.")
        }
        if trades.count < 100 {
            lines.append(
                "Only \(trades.count) closed trades: the figures are no evidence of skill.")
        }
        return lines
    }

    /// The five tickers with the most closed profit, and the total return had they earned nothing.
    var withoutBestHoldings: (tickers: [Ticker], totalReturn: Double?) {
        let best = holdings.prefix(5).filter { $0.profit > .zero }
        guard let last = daily.last?.value, facts.startingValue > .zero else {
            return (best.map(\.ticker), nil)
        }
        let rest = best.reduce(last) { $0 - $1.profit }
        return (best.map(\.ticker), rest.dollars / facts.startingValue.dollars - 1)
    }

    /// The index's returns by year, compounded over the sessions whose index return is known; a
    /// year without one is left out.
    var indexByYear: [(year: Int, total: Double)] {
        var years: [(year: Int, total: Double)] = []
        for record in daily {
            guard let change = record.indexReturn else { continue }
            let year = record.day.civil.year
            if years.last?.year != year { years.append((year, 0)) }
            years[years.count - 1].total = (1 + years[years.count - 1].total) * (1 + change) - 1
        }
        return years
    }
}
