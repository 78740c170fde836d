import Events

extension ReportPage {
    /// What the page's scripts read, as JSON that is safe inside a script element. No number has
    /// more digits than are shown.
    var payload: String {
        "{\"curves\":\(curveData.json),\n\"trades\":\(tradesJSON)}"
    }

    /// The three charts of sessions. The index with the strategy's exposure is shown first beside
    /// it: a strategy that is mostly in cash is a flat line below what is always invested.
    var curveData: CurveData {
        let start = max(report.facts.startingValue.dollars, 1)
        let matched = curves.lines.firstIndex { $0.name.hasSuffix("at equal exposure") }
        let lines = curves.lines.enumerated().map { number, line in
            CurveData.Line(
                name: line.name, color: number, values: line.values,
                isShown: matched == nil || number == 0 || number == matched)
        }
        return CurveData(
            days: curves.days,
            charts: [
                CurveData.Chart(
                    id: "value-chart", format: "dollars", unit: start / 100_000, lines: lines,
                    drawdown: "drawdown-chart", start: start),
                CurveData.Chart(
                    id: "exposure-chart", format: "percent", unit: 0.1,
                    lines: [
                        CurveData.Line(
                            name: "Exposure", color: 0, values: curves.exposure.map { $0 * 100 })
                    ], isFilled: true),
            ])
    }

    private struct Column {
        var title: String
        var kind: String
        var isToned = false
        var definition = ""

        var json: String {
            "{\"title\":\(Markup.json(title)),\"kind\":\"\(kind)\",\"tone\":\(isToned),"
                + "\"definition\":\(Markup.json(definition))}"
        }
    }

    private static let columns = [
        Column(title: "Ticker", kind: "text"), Column(title: "Entry", kind: "day"),
        Column(title: "Exit", kind: "day", definition: "Empty while the position is open."),
        Column(title: "Paid", kind: "price", definition: "Dollars a share, slippage included."),
        Column(
            title: "Got", kind: "price",
            definition: "Dollars a share, slippage included; the last close while it is open."),
        Column(title: "Shares", kind: "count"),
        Column(
            title: "Return", kind: "percent", isToned: true,
            definition: "Net of costs, on the dollars paid."),
        Column(title: "Profit", kind: "dollars", isToned: true, definition: "Net of costs."),
        Column(
            title: "Excess", kind: "percent", isToned: true,
            definition: "Return less the index from exactly entry to exit."),
        Column(title: "Sessions", kind: "count", definition: "Sessions held."),
        Column(title: "Reason", kind: "text"),
        Column(title: "Confidence", kind: "hundredths", definition: "Of the signal."),
        Column(
            title: "Filers", kind: "text",
            definition: "Who filed the purchases that counted, the one with most rows first."),
    ]

    private var tradesJSON: String {
        var words = TradeWords()
        let rows = entries.indices.map { Markup.array(row($0, &words)) }
        let members = [
            ("columns", Markup.array(ReportPage.columns.map(\.json))),
            ("run", Markup.json(report.facts.run)),
            ("reasons", Markup.array(words.reasons.all.map(Markup.json))),
            ("filers", Markup.array(words.filers.all.map(Markup.json))),
            ("owners", Markup.array(words.owners.all.map(Markup.json))),
            ("bands", Markup.array(words.bands.all)),
            ("links", Markup.array(words.links.all.map(Markup.json))),
            ("documents", Markup.array(words.documents.all)),
            ("rows", "[" + rows.joined(separator: ",\n") + "]"),
        ]
        return "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",\n") + "}"
    }

    private func row(_ number: Int, _ words: inout TradeWords) -> [String] {
        let entry = entries[number]
        let head = [
            Markup.json("\(entry.order.ticker)"), "\(entry.day.rawValue)",
            entry.outcome?.exitDay.map { "\($0.rawValue)" } ?? "null",
            Markup.json(entry.price, 2),
        ]
        let filers = entryFilers[number].map { "\(words.filers.number($0))" }
        let signal = entry.order.signal
        return head + result(entry, &words) + [
            Markup.json(entry.signal?.confidence, 2), Markup.array(filers),
            Markup.json("r\(entry.orderPosition)"),
            signal == .none ? "null" : Markup.json("\(signal)"),
            Markup.json(DeltaText.apart(words.numbers(entryRows[number], entry.day))),
        ]
    }

    private func result(_ entry: RunEntry, _ words: inout TradeWords) -> [String] {
        let shares = Markup.json(entry.quantity.shares, 2)
        func reason(_ name: String) -> String { "\(words.reasons.number(name))" }
        if let outcome = entry.outcome {
            return [
                Markup.json(outcome.exitPrice, 2), shares,
                Markup.json(outcome.netReturn * 100, 2),
                Markup.json(outcome.returnDollars.dollars, 2),
                Markup.json(outcome.excessReturn.map { $0 * 100 }, 2),
                "\(outcome.holdingSessions)",
                reason(outcome.reason.map { Labels.exitReason("\($0)") } ?? "unknown"),
            ]
        }
        let open = report.open.first { $0.ticker == entry.order.ticker && $0.entryDay == entry.day }
        return [
            Markup.json(open?.lastPrice, 2), shares,
            Markup.json(open.map { $0.markedReturn * 100 }, 2),
            Markup.json(open?.markedProfit.dollars, 2), "null", "null", reason("open"),
        ]
    }
}
