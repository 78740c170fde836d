import Events
import Pipeline

extension BacktestReport {
    /// The report for a terminal.
    public func text() -> String {
        guard !daily.isEmpty else {
            return headline + "\n\nNo session lies in the window: nothing to report.\n"
        }
        let sections = [
            headline, equityLine, keyFigures, calendarTable, drawdownTable, exitTable,
            signalTable, signals.champion.table(), positionTable, holdingTable, learningText,
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var headline: String {
        var lines = ["\(facts.run): strategy \(facts.strategy)"]
        for flag in warnings { lines.append("!! \(flag)") }
        if let fork = facts.fork {
            lines.append("\(fork.prefix(1).uppercased())\(fork.dropFirst())")
        }
        if let first = daily.first?.day, let last = daily.last {
            let years = Double(last.day - first) / 365.25
            lines.append(
                "\(first) to \(last.day), \(Figures.count(daily.count)) sessions "
                    + "(\(Figures.number(years, 1)) years); "
                    + "\(Figures.dollars(facts.startingValue)) became "
                    + Figures.dollars(last.value))
        }
        let hindsight = facts.hindsight.map { "\(Figures.count($0.count)) \($0.name)" }
        let used = hindsight.isEmpty ? "none" : hindsight.joined(separator: ", ")
        lines.append("Hindsight facts used: \(used)")
        if let followedText { lines.append(followedText) }
        if let survivorship { lines.append(survivorship) }
        if let sessions = facts.prices?.sessions { lines.append(sessions) }
        lines += thinness
        for note in facts.notes { lines.append("Note: \(note)") }
        if let seal = facts.seal { lines.append("Seal \(seal)") }
        if let seal = facts.timelineSeal { lines.append("Timeline \(seal)") }
        return lines.joined(separator: "\n")
    }

    private var keyFigures: String {
        let (whole, (first, second)) = (whole, halves)
        var lines = [row("", ["whole", "1st half", "2nd half"])]
        for (name, value) in returnRows + tradeRows {
            lines.append(row(name, [value(whole), value(first), value(second)]))
        }
        return lines.joined(separator: "\n")
    }

    typealias Figure = (name: String, value: (Part) -> String)

    var returnRows: [Figure] {
        [
            ("Total return", { Figures.percent($0.returns.totalReturn) }),
            ("Annual return", { Figures.percent($0.returns.annualReturn) }),
            ("Volatility, annual", { Figures.percent($0.returns.volatility) }),
            ("Sharpe ratio", { Figures.number($0.returns.sharpe) }),
            ("Sortino ratio", { Figures.number($0.returns.sortino) }),
            ("Calmar ratio", { Figures.number($0.returns.calmar) }),
            ("Maximum drawdown", { Figures.percent($0.returns.maximumDrawdown) }),
            ("Exposure, mean", { Figures.percent($0.meanExposure) }),
            ("Turnover a year", { Figures.number($0.annualTurnover) + "x" }),
            ("Index total return", { Figures.percent($0.index.index.totalReturn) }),
            ("Alpha, annual", { Figures.percent($0.index.alpha) }),
            ("Beta", { Figures.number($0.index.beta) }),
            (
                "Excess at equal exposure, a year",
                { Figures.percent($0.index.equalExposureAnnual) }
            ),
            (
                "Information ratio at equal exposure",
                { Figures.number($0.index.equalExposureInformationRatio) }
            ),
        ]
    }

    var tradeRows: [Figure] {
        [
            ("Closed trades", { Figures.count($0.trades.count) }),
            ("Win rate, net above .5 %", { Figures.percent($0.trades.winRate) }),
            ("Share of trades above 0", { Figures.percent($0.trades.shareAboveZero) }),
            ("Profit factor, gross", { Figures.number($0.trades.profitFactor) }),
            ("Average win", { Figures.percent($0.trades.averageWin) }),
            ("Average loss", { Figures.percent($0.trades.averageLoss) }),
            ("Expectancy a trade", { Figures.percent($0.trades.expectancy) }),
            ("Excess over the index a trade", { Figures.percent($0.trades.averageExcess) }),
            ("Holding, mean calendar days", { Figures.number($0.trades.averageHoldingDays, 1) }),
        ]
    }

    private func row(_ name: String, _ values: [String]) -> String {
        Figures.left(name, 38) + values.map { Figures.right($0, 13) }.joined()
    }

    private var calendarTable: String {
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let header = (months + ["Year", "Index"]).map { Figures.right($0, 7) }.joined()
        let index = indexByYear
        var lines = ["Returns, percent", Figures.left("Year", 5) + header]
        for (year, months, total) in calendar {
            let cells = months.map { $0.map { Figures.fixed($0 * 100, 1) } ?? "" }
            let market = index.first { $0.year == year }.map { Figures.fixed($0.total * 100, 1) }
            let ends = [Figures.fixed(total * 100, 1), market ?? ""]
            let all = (cells + ends).map { Figures.right($0, 7) }
            lines.append(Figures.left("\(year)", 5) + all.joined())
        }
        return lines.joined(separator: "\n")
    }

    private var drawdownTable: String {
        let all = Drawdown.all(in: daily, from: facts.startingValue)
        guard !all.isEmpty else { return "Drawdowns: none" }
        var lines = ["Drawdowns  peak        trough      recovered   sessions"]
        for drawdown in Drawdown.deepest(5, of: all) {
            lines.append(
                Figures.right(Figures.percent(drawdown.depth), 9) + "  "
                    + Figures.left(drawdown.peak.map { "\($0)" } ?? "start", 12)
                    + Figures.left("\(drawdown.trough)", 12)
                    + Figures.left(drawdown.recovery.map { "\($0)" } ?? "not yet", 12)
                    + Figures.right("\(drawdown.sessions)", 8))
        }
        return lines.joined(separator: "\n")
    }

    private var exitTable: String {
        guard !trades.isEmpty else { return "No trade was closed." }
        let names = ["trades", "net win rate", "mean return", "mean MFE", "mean MAE", "days"]
        var lines = [
            Figures.left("Exits", 16) + names.map { Figures.right($0, 13) }.joined()
        ]
        for (reason, trades) in exits {
            let cells = [
                Figures.count(trades.count), Figures.percent(trades.winRate),
                Figures.percent(trades.expectancy),
                Figures.percent(trades.averageFavorableExcursion),
                Figures.percent(trades.averageAdverseExcursion),
                Figures.number(trades.averageHoldingDays, 1),
            ]
            lines.append(
                Figures.left(reason, 16) + cells.map { Figures.right($0, 13) }.joined())
        }
        return lines.joined(separator: "\n")
    }

    private var signalTable: String {
        func line(_ name: String, _ counts: [NamedCount]) -> String? {
            guard !counts.isEmpty else { return nil }
            let parts = counts.map { "\($0.name) \(Figures.count($0.count))" }
            return Figures.left(name, 22) + parts.joined(separator: ", ")
        }
        return [
            line("Signals", signals.classes), line("Suppressed", signals.suppressed),
            line("Skipped", signals.skipped), line("Orders not filled", signals.cancelled),
        ].compactMap { $0 }.joined(separator: "\n")
    }

    private var positionTable: String {
        guard !open.isEmpty else { return "Open positions: none" }
        let stale = open.reduce(0) { $0 + ($1.noPrice ? 1 : 0) }
        let profit = open.reduce(Money.zero) { $0 + $1.markedProfit }
        var lines = [
            "Open positions: \(open.count), marked profit \(Figures.dollars(profit)); "
                + "without a price in the last session: \(stale)"
        ]
        for position in open {
            lines.append(
                "  " + Figures.left("\(position.ticker)", 9) + "since \(position.entryDay)"
                    + Figures.right(Figures.percent(position.markedReturn), 10)
                    + Figures.right(Figures.dollars(position.markedProfit), 14)
                    + (position.noPrice ? "  no price" : ""))
        }
        return lines.joined(separator: "\n")
    }

    private var holdingTable: String {
        let holdings = holdings
        guard !holdings.isEmpty else { return "" }
        func list(_ slice: some Sequence<(ticker: Ticker, profit: Money, trades: Int)>) -> String {
            slice.map { "\($0.ticker) \(Figures.dollars($0.profit)) (\($0.trades))" }
                .joined(separator: ", ")
        }
        let total = holdings.reduce(Money.zero) { $0 + $1.profit }
        let rest = holdings.prefix(5).reduce(total) { $0 - $1.profit }
        return [
            "Best holdings   " + list(holdings.prefix(5)),
            "Worst holdings  " + list(holdings.suffix(5).reversed()),
            "Closed profit   \(Figures.dollars(total)); without the best five "
                + Figures.dollars(rest) + ", the total return then "
                + Figures.percent(withoutBestHoldings.totalReturn),
        ].joined(separator: "\n")
    }

    /// Value, and the index from the same start, in blocks of one to eight eighths.
    private var equityLine: String {
        var index = 1.0
        var levels: [Double] = []
        for record in daily {
            index *= 1 + (record.indexReturn ?? 0)
            levels.append(index)
        }
        let start = facts.startingValue.dollars
        return "Value  " + blocks(daily.map { $0.value.dollars / start }) + "\nIndex  "
            + blocks(levels)
    }

    private func blocks(_ levels: [Double]) -> String {
        let width = min(72, levels.count)
        guard width > 0, let low = levels.min(), let high = levels.max() else { return "" }
        let glyphs = Array("▁▂▃▄▅▆▇█")
        let line = (0..<width).map { column -> Character in
            let level = levels[(column + 1) * levels.count / width - 1]
            let height = high > low ? (level - low) / (high - low) : 0
            return glyphs[min(7, Int(capped: height * 8))]
        }
        return String(line) + "  \(Figures.percent(low - 1, 1)) to \(Figures.percent(high - 1, 1))"
    }
}
