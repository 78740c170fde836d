import Events
import Market

/// Holds single trades of another engine against bars and filings.
struct TradeCheck {
    let facts: TimelineFacts
    let options: TradeAudit.Options
    private var filings: [Ticker: [FilingFact]] = [:]

    init(_ facts: TimelineFacts, _ options: TradeAudit.Options) {
        (self.facts, self.options) = (facts, options)
        for filing in facts.filings { filings[filing.ticker, default: []].append(filing) }
    }

    /// The slot of a symbol; nil for one that no bar has.
    func slot(_ symbol: String) -> Int? {
        Ticker(Ticker.folded(symbol)).flatMap { facts.prices.slot(of: $0) }
    }

    /// The bar of a symbol on a day; nil where there is none.
    func bar(_ symbol: String, _ day: Day) -> Bar? {
        guard let slot = slot(symbol), let session = facts.prices.session(of: day) else {
            return nil
        }
        return facts.prices.traded(slot, session)
    }

    /// Whether a price is another, within the tolerance.
    func isSame(_ price: Double, _ other: Double) -> Bool {
        (price - other).magnitude <= other.magnitude * options.toleranceBasisPoints / 10_000
    }

    /// What is wrong with a row by itself.
    func findings(_ trade: ForeignTrade) -> [TradeAudit.Finding] {
        var found: [TradeAudit.Finding] = []
        func add(_ kind: TradeAudit.Kind, _ text: String) {
            found.append(
                TradeAudit.Finding(
                    line: trade.line, kind: kind, symbol: trade.symbol, text: text))
        }
        if let exit = trade.exit, TradeCheck.precedes(exit, trade.entry) {
            add(.exitBeforeEntry, "is left on \(exit.day) and entered on \(trade.entry.day)")
        }
        if let decided = trade.decided, TradeCheck.precedes(trade.entry, decided) {
            add(.beforeDecision, "is filled on \(trade.entry.day), decided on \(decided.day)")
        }
        if let stated = trade.profit, let own = trade.ownProfit,
            (stated - own).magnitude > max(0.01, trade.dollars.magnitude * 1e-6)
        {
            add(
                .profitDiffers,
                "states a profit of \(Figures.fixed(stated, 2)), by its prices, quantity and costs "
                    + "it is \(Figures.fixed(own, 2))")
        }
        guard slot(trade.symbol) != nil else {
            add(.unknownTicker, "no session has a bar of it")
            return found
        }
        check(trade, "entered", trade.entry.day, trade.entryPrice, add)
        if let exit = trade.exit, let price = trade.exitPrice {
            check(trade, "left", exit.day, price, add)
        }
        return found
    }

    private static func precedes(_ one: ForeignMoment, _ other: ForeignMoment) -> Bool {
        if let first = one.instant, let second = other.instant { return first < second }
        return one.day < other.day
    }

    private func check(
        _ trade: ForeignTrade, _ word: String, _ day: Day, _ price: Double,
        _ add: (TradeAudit.Kind, String) -> Void
    ) {
        guard let bar = bar(trade.symbol, day) else {
            return add(.unknownSession, "\(word) on \(day), where it has no bar")
        }
        if bar.volume == 0 { add(.noVolume, "\(word) on \(day), when nothing was traded") }
        let slack = options.toleranceBasisPoints / 10_000
        guard price < bar.low * (1 - slack) || price > bar.high * (1 + slack) else { return }
        let (name, bound) = price < bar.low ? ("low", bar.low) : ("high", bar.high)
        let miss = ((price / bound - 1) * 10_000).magnitude
        add(
            .outsideBar,
            "\(word) on \(day) at \(Figures.fixed(price, 4)), the session's \(name) is "
                + "\(Figures.fixed(bound, 4)): \(Figures.fixed(miss, 1)) bp beyond")
    }

    /// When an entry was filled at the latest: at its own instant, at the open of its session where
    /// its price is the open, else at its close.
    private func filledBy(_ trade: ForeignTrade) -> Instant {
        if let instant = trade.entry.instant { return instant }
        let isAtOpen =
            bar(trade.symbol, trade.entry.day).map { isSame(trade.entryPrice, $0.open) } ?? false
        return isAtOpen
            ? Instant(trade.entry.day, hour: 13, minute: 30) : Instant(trade.entry.day, hour: 21)
    }

    /// The filings that may stand behind an entry: purchases behind a long, sales behind a short.
    enum Cause {
        /// One was known in time.
        case known
        /// The first was known only later.
        case early(FilingFact)
        /// There is none around the entry.
        case none
    }

    /// Whether a filing could have caused an entry.
    func cause(_ trade: ForeignTrade) -> Cause {
        let moment = filledBy(trade)
        guard let ticker = Ticker(Ticker.folded(trade.symbol)), let all = filings[ticker] else {
            return .none
        }
        let side: TradeSide = trade.isShort ? .sell : .buy
        let reach = Int64(options.lookbackDays) * 86_400
        let fitting = all.filter { $0.side == side }
        if fitting.contains(where: {
            $0.knownAt <= moment && $0.knownAt >= moment.adding(seconds: -reach)
        }) {
            return .known
        }
        // One of a trade that was made by then, and told of soon after.
        let later = fitting.first {
            $0.knownAt > moment && $0.tradedOn <= trade.entry.day
                && $0.knownAt <= moment.adding(seconds: reach)
        }
        return later.map { .early($0) } ?? .none
    }
}
