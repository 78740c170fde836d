import Events
import Market

extension TradeAudit {
    /// Fills at the session's own close, and at the best price of a bar.
    mutating func measureGap(
        _ positions: [ForeignPosition], _ trades: [ForeignTrade], _ check: TradeCheck
    ) {
        var gaps: [Double] = []
        for position in positions {
            let trade = position.first
            guard let bar = check.bar(trade.symbol, trade.entry.day),
                check.isSame(trade.entryPrice, bar.close)
            else { continue }
            gap.atClose += 1
            guard let slot = check.slot(trade.symbol),
                let session = check.facts.prices.session(of: trade.entry.day),
                let next = check.facts.prices.traded(slot, session + 1)
            else { continue }
            let cost = trade.sign * (next.open / trade.entryPrice - 1)
            gaps.append(cost)
            gap.dollars += cost * Moments.sum(position.parts.map(\.dollars))
        }
        gap.measured = gaps.count
        gap.mean = Moments.mean(gaps)
        func count(_ symbol: String, _ day: Day, _ price: Double, buys: Bool) {
            guard let bar = check.bar(symbol, day), bar.high > bar.low else { return }
            gap.fills += 1
            if check.isSame(price, buys ? bar.low : bar.high) { gap.atBest += 1 }
        }
        for position in positions {
            let trade = position.first
            count(trade.symbol, trade.entry.day, trade.entryPrice, buys: !trade.isShort)
        }
        for trade in trades {
            if let exit = trade.exit, let price = trade.exitPrice {
                count(trade.symbol, exit.day, price, buys: trade.isShort)
            }
        }
    }

    /// Whether filings that could have caused the entries were known.
    mutating func measureKnowledge(_ positions: [ForeignPosition], _ check: TradeCheck) {
        guard !check.facts.filings.isEmpty else { return }
        var knowledge = Knowledge()
        for position in positions {
            let trade = position.first
            switch check.cause(trade) {
            case .known: knowledge.caused += 1
            case .none: knowledge.without += 1
            case .early(let filing):
                knowledge.early += 1
                findings.append(
                    Finding(
                        line: trade.line, kind: .beforeKnowledge, symbol: trade.symbol,
                        text: "entered on \(trade.entry.day); the first filing that could have "
                            + "caused it, t\(filing.position) of a trade of \(filing.tradedOn), was "
                            + "known at \(filing.knownAt)"))
            }
        }
        self.knowledge = knowledge
    }

    /// The interval of random tickers: each position with the same sessions, dollars, costs and
    /// places within the bars, in another ticker.
    mutating func draw(_ positions: [ForeignPosition], _ check: TradeCheck) {
        let units = positions.compactMap { ForeignUnit($0, check) }.sorted {
            $0.session < $1.session
        }.compactMap { $0.unit(check) }
        drawnFor = units.count
        guard
            let band = NullBand(
                units, leftOut: positions.count - units.count, seed: check.options.seed)
        else { return }
        profitInterval = Interval(band.profit)
        winInterval = Interval(band.winRate)
        excessInterval = band.meanExcess.map { Interval($0) }
    }
}

extension TradeAudit.Interval {
    init(_ figure: NullBand.Figure) {
        self.init(
            observed: figure.observed, low: figure.quantile(0.025),
            high: figure.quantile(0.975), pValue: figure.pValue)
    }
}

/// A position as any ticker could have traded it: its sessions, and where within the bars it was
/// filled.
private struct ForeignUnit {
    /// A fill: its session, and its place in the bar, from 0 at the low to 1 at the high.
    struct Fill {
        let session: Int
        let place: Double

        init?(_ symbol: String, _ day: Day, _ price: Double, _ check: TradeCheck) {
            guard let bar = check.bar(symbol, day), bar.low > 0,
                let session = check.facts.prices.session(of: day)
            else { return nil }
            self.session = session
            place = bar.high > bar.low ? (price - bar.low) / (bar.high - bar.low) : 0.5
        }

        func price(_ bar: Bar) -> Double {
            bar.low + min(max(place, 0), 1) * (bar.high - bar.low)
        }
    }

    let slot: Int
    let sign: Double
    let entry: Fill
    let exits: [(fill: Fill, weight: Double)]
    let dollars: Double
    /// Costs as a fraction of the dollars.
    let costs: Double

    var session: Int { entry.session }

    /// Nil for a position that is still held, in whole or part, or whose bars are missing.
    init?(_ position: ForeignPosition, _ check: TradeCheck) {
        let first = position.first
        guard let slot = check.slot(first.symbol),
            let entry = Fill(first.symbol, first.entry.day, first.entryPrice, check)
        else { return nil }
        let dollars = Moments.sum(position.parts.map(\.dollars))
        guard dollars > 0 else { return nil }
        var exits: [(fill: Fill, weight: Double)] = []
        for part in position.parts {
            guard let exit = part.exit, let price = part.exitPrice,
                let fill = Fill(part.symbol, exit.day, price, check),
                fill.session >= entry.session
            else { return nil }
            exits.append((fill, part.dollars / dollars))
        }
        (self.slot, self.entry, self.exits, self.dollars) = (slot, entry, exits, dollars)
        sign = first.sign
        costs = Moments.sum(position.parts.map(\.costs)) / dollars
    }

    /// What a ticker would have come to; nil where it could not have been traded so.
    func result(_ slot: Int, _ check: TradeCheck) -> TradeSimulator.Result? {
        let prices = check.facts.prices
        guard let bar = prices.traded(slot, entry.session), bar.volume > 0, bar.low > 0 else {
            return nil
        }
        let (bought, start) = (entry.price(bar), prices.days[entry.session])
        var (net, index) = (-costs, Optional(0.0))
        for (fill, weight) in exits {
            guard let bar = prices.traded(slot, fill.session), bar.volume > 0 else {
                return nil
            }
            net += weight * sign * (fill.price(bar) / bought - 1)
            if let from = check.facts.index.close(of: start),
                let to = check.facts.index.close(of: prices.days[fill.session])
            {
                index = index.map { $0 + weight * sign * (to / from - 1) }
            } else {
                index = nil
            }
        }
        return TradeSimulator.Result(netReturn: net, excess: index.map { net - $0 })
    }

    /// Nil where its own bars had no volume.
    func unit(_ check: TradeCheck) -> NullBand.Unit? {
        var choices: [(slot: Int, result: TradeSimulator.Result)] = []
        var own: TradeSimulator.Result?
        for slot in check.facts.prices.tickers.indices {
            guard let result = result(slot, check) else { continue }
            choices.append((slot, result))
            if slot == self.slot { own = result }
        }
        return own.map {
            NullBand.Unit(session: session, dollars: dollars, own: $0, choices: choices)
        }
    }
}
