import EventLog
import Events
import FeedbackLoop

extension Why {
    /// Why a holding is to be closed.
    func exit(_ event: Reference) throws -> WhyNode {
        let exit = try read(ExitTriggered.self, event)
        let edges = try causes(of: event, ExitTriggered.templateID)
        let entry = try read(OrderSubmitted.self, exit.holding)
        var node = WhyNode(
            event, type: ExitTriggered.messageName, knownAt: exit.envelope.knownAt,
            "\(exit.ticker) was to be sold in the session of \(exit.day): "
                + WhyWords.exit(exit.reason))
        node.mark = WhyMark(
            kind: .decision, ticker: exit.ticker, day: exit.day, price: exit.level ?? exit.observed)
        let bought = try fills(of: exit.holding).filter { $0.fill.side == .buy }
        node.figures = Why.touch(exit)
        node.figures += Why.level(exit, entry, bought.map(\.fill))
        node.sentences += Why.sentences(exit, entry, bought.map(\.fill))
        if exit.signal != .none { try add("the signal to sell", exit.signal, to: &node) }
        try add("the order that opened it", exit.holding, to: &node)
        for (fill, _) in bought { try name("what was bought", fill, to: &node) }
        try add(session: edges, of: exit.ticker, to: &node)
        if let setting = edges.cause(.configuration) { try add("the settings", setting, to: &node) }
        return node
    }

    /// The price that touched a level, and by how much.
    private static func touch(_ exit: ExitTriggered) -> [WhyFigure] {
        guard let observed = exit.observed else { return [] }
        guard let level = exit.level else {
            return [WhyFigure("price seen", observed, WhyNumbers.dollars(observed, 4))]
        }
        let isTarget = exit.reason == .takeProfit
        var figure = WhyFigure(
            isTarget ? "highest price of the session" : "lowest price of the session", observed,
            WhyNumbers.dollars(observed, 4),
            rule: "the level is \(WhyNumbers.dollars(level, 4)), fixed after the session of "
                + "\(exit.decidedOn)")
        figure.bound = level
        figure.isMet = true
        let distance = WhyNumbers.dollars((observed - level).magnitude, 4)
        figure.margin = "touched, \(distance) \(isTarget ? "over" : "under") it"
        return [figure]
    }

    /// Where a level comes from.
    private static func level(
        _ exit: ExitTriggered, _ entry: OrderSubmitted, _ bought: [OrderFilled]
    ) -> [WhyFigure] {
        guard let level = exit.level else { return [] }
        switch exit.reason {
        case .stop:
            guard let distance = entry.stopDistance else { return [] }
            return [
                WhyFigure(
                    "price paid", level + distance, WhyNumbers.dollars(level + distance, 4),
                    rule: "the stop is \(WhyNumbers.dollars(distance, 4)) below it",
                    origin: .recomputed)
            ]
        case .trailingStop:
            guard let fraction = entry.trailingFraction, fraction < 1 else { return [] }
            let highest = level / (1 - fraction)
            return [
                WhyFigure(
                    "highest close, or the price paid", highest, WhyNumbers.dollars(highest, 4),
                    rule: "the trailing stop is \(WhyNumbers.percent(fraction)) below it",
                    origin: .recomputed)
            ]
        default: return []
        }
    }

    private static func sentences(
        _ exit: ExitTriggered, _ entry: OrderSubmitted, _ bought: [OrderFilled]
    ) -> [String] {
        guard exit.reason == .timeout, let first = bought.first else { return [] }
        let days = exit.day - first.filledOn
        return [
            "It had been held for \(days) calendar days since \(first.filledOn); at most "
                + "\(entry.timeoutDays) are allowed (timeout_days)."
        ]
    }

    /// What a trade came to.
    func outcome(_ event: Reference) throws -> WhyNode {
        let outcome = try read(OutcomeRecorded.self, event)
        let edges = try causes(of: event, OutcomeRecorded.templateID)
        let configuration = try configuration(of: edges)
        var node = WhyNode(
            event, type: OutcomeRecorded.messageName, knownAt: outcome.envelope.knownAt,
            "The trade in \(outcome.ticker) came to \(WhyNumbers.dollars(outcome.returnDollars)) "
                + "(\(WhyNumbers.percent(outcome.netReturn))): "
                + WhyWords.outcome(outcome.outcome))
        if let day = outcome.exitDay {
            node.mark = WhyMark(
                kind: .sold, ticker: outcome.ticker, day: day, price: outcome.exitPrice)
        }
        if let from = outcome.entryDay, let to = outcome.exitDay {
            let days = WhyNumbers.count(outcome.holdingDays, "calendar day")
            node.sentences.append("Held from \(from) to \(to), \(days).")
        }
        if let reason = outcome.reason {
            node.sentences.append("It was closed because \(WhyWords.exit(reason)).")
        }
        node.figures = Why.figures(outcome, configuration)
        if outcome.exitFill != .none {
            try add("the last sale", outcome.exitFill, to: &node)
        }
        if outcome.entryOrder != .none {
            try add("the order that opened it", outcome.entryOrder, to: &node)
        }
        if let setting = edges.cause(.configuration) { try add("the settings", setting, to: &node) }
        return node
    }

    private static func figures(
        _ outcome: OutcomeRecorded, _ configuration: LoopConfiguration?
    ) -> [WhyFigure] {
        let breakeven = configuration?.text("breakeven") ?? ""
        var figures = [
            WhyFigure(
                "shares", outcome.quantity.shares, WhyNumbers.short(outcome.quantity.shares, 8)),
            WhyFigure(
                "mean price paid", outcome.entryPrice, WhyNumbers.dollars(outcome.entryPrice, 4)),
            WhyFigure(
                "mean price got", outcome.exitPrice, WhyNumbers.dollars(outcome.exitPrice, 4)),
            WhyFigure(
                "return after costs", outcome.netReturn, WhyNumbers.percent(outcome.netReturn),
                rule: breakeven.isEmpty
                    ? nil
                    : "a win above \(breakeven), a loss below -\(breakeven) (breakeven): "
                        + WhyWords.outcome(outcome.outcome)),
        ]
        if let index = outcome.indexReturn {
            figures.append(
                WhyFigure(
                    "return of the market index over the same days", index,
                    WhyNumbers.percent(index)))
        }
        if let excess = outcome.excessReturn {
            figures.append(
                WhyFigure("return beyond the index", excess, WhyNumbers.percent(excess)))
        }
        return figures
    }
}
