import Events

extension Effects {
    /// What an event led to, as plain text.
    public var text: String {
        var lines = ["What this led to: \(title)  [\(event)]"]
        func line(_ text: String) { lines.append("  \(text)") }
        if evaluations > 0 {
            let reasons = Effects.listed(suppressed)
            line(
                "it had a part in \(WhyNumbers.count(evaluations, "evaluation")) of a ticker: "
                    + "\(WhyNumbers.count(signals, "signal"))"
                    + (reasons.isEmpty ? "" : ", and none in the others: \(reasons)"))
        }
        if shadow > 0 {
            line("it was asked in \(WhyNumbers.count(shadow, "evaluation")) more, and had no say")
        }
        if !skipped.isEmpty { line("signals not traded on: \(Effects.listed(skipped))") }
        if entries + exits + fills + unfilled > 0 {
            line(
                "\(WhyNumbers.count(entries, "entry order")), \(WhyNumbers.count(exits, "exit")), "
                    + "\(WhyNumbers.count(fills, "fill")), "
                    + "\(WhyNumbers.count(unfilled, "order")) unfilled")
        }
        if requests + models + promotions > 0 {
            line(
                "\(WhyNumbers.count(requests, "training")) asked for, "
                    + "\(WhyNumbers.count(models, "model")) trained, "
                    + "\(WhyNumbers.count(promotions, "promotion"))")
        }
        line(
            "closed trades: \(closed.count), \(count(.win)) won, \(count(.loss)) lost, "
                + "\(count(.breakeven)) neither; together \(WhyNumbers.dollars(result)) after costs"
        )
        let running = trades.count - closed.count
        if running > 0 {
            line("without an outcome: \(running), for which \(WhyNumbers.dollars(open)) was paid")
        }
        for trade in trades { line("  \(Effects.line(trade))") }
        line("(this counts what it had a part in, not what would have been without it)")
        return lines.joined(separator: "\n")
    }

    private static func listed(_ counts: [(reason: String, count: Int)]) -> String {
        counts.map { "\(WhyNumbers.count($0.count)) \($0.reason)" }.joined(separator: ", ")
    }

    private static func line(_ trade: Trade) -> String {
        var line =
            "\(trade.ticker)  \(trade.boughtOn) to \(trade.soldOn.map { "\($0)" } ?? "now")  "
            + "\(WhyNumbers.shares(trade.quantity)) for \(WhyNumbers.dollars(trade.cost))"
        if let result = trade.result { line += ": \(WhyNumbers.dollars(result))" }
        return line + "  [\(trade.outcome == .none ? trade.entry : trade.outcome)]"
    }

    /// The same as one JSON object.
    public var json: String {
        var object = JSONObject()
        object.reference("event", event)
        object.text("title", title)
        for (name, value) in [
            ("events", events), ("evaluations", evaluations), ("shadow", shadow),
            ("signals", signals), ("entries", entries), ("exits", exits), ("fills", fills),
            ("unfilled", unfilled), ("requests", requests), ("models", models),
            ("promotions", promotions), ("closed", closed.count), ("wins", count(.win)),
            ("losses", count(.loss)), ("breakevens", count(.breakeven)),
        ] {
            object.integer(name, value)
        }
        object.json("suppressed", Effects.object(suppressed))
        object.json("skipped", Effects.object(skipped))
        object.real("result", result.dollars)
        object.real("open", open.dollars)
        object.json("trades", JSONObject.list(trades.map(Effects.object)))
        return object.text
    }

    private static func object(_ counts: [(reason: String, count: Int)]) -> String {
        var object = JSONObject()
        for (reason, count) in counts { object.integer(reason, count) }
        return object.text
    }

    private static func object(_ trade: Trade) -> String {
        var object = JSONObject()
        object.reference("entry", trade.entry)
        object.text("ticker", "\(trade.ticker)")
        object.real("shares", trade.quantity.shares)
        object.real("cost", trade.cost.dollars)
        object.day("bought_on", trade.boughtOn)
        object.day("sold_on", trade.soldOn)
        object.reference("outcome", trade.outcome)
        object.real("result", trade.result?.dollars)
        object.text("class", trade.outcomeClass.map { "\($0)" })
        return object.text
    }
}
