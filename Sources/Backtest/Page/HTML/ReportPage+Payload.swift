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
        let rows = entries.indices.map { Markup.json(row($0, &words)) }
        let members = [
            ("columns", Markup.array(ReportPage.columns.map(\.json))),
            ("run", Markup.json(report.facts.run)),
            ("tickers", Markup.array(words.tickers.all.map(Markup.json))),
            ("reasons", Markup.array(words.reasons.all.map(Markup.json))),
            ("filers", Markup.array(words.filers.all.map(Markup.json))),
            ("owners", Markup.array(words.owners.all.map(Markup.json))),
            ("bands", Markup.array(words.bands.all)),
            ("kinds", Markup.array(words.kinds.all)),
            ("documents", Markup.array(words.documents.all.map(Markup.json))),
            ("rows", "[" + rows.joined(separator: ",\n") + "]"),
        ]
        return "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",\n") + "}"
    }

    /// A row's numbers as one text (`DeltaText.apart`), no finer than they are shown: ticker, day
    /// of entry, days held, cents paid, cents got, hundredths of shares, of a per cent, cents of
    /// profit, hundredths of a per cent over the index, sessions, reason, hundredths of confidence,
    /// the filers behind their count, the order, the events since its signal, and the filed rows.
    private func row(_ number: Int, _ words: inout TradeWords) -> String {
        let entry = entries[number]
        let exit = entry.outcome?.exitDay
        let filers = entryFilers[number].map { words.filers.number($0) }
        let signal = entry.order.signal
        var numbers: [Int?] = [
            words.tickers.number("\(entry.order.ticker)"), Int(entry.day.rawValue),
            exit.map { $0 - entry.day }, hundredths(entry.price),
        ]
        numbers += result(entry, &words)
        numbers += [hundredths(entry.signal?.confidence), filers.count] + filers
        numbers += [
            Int(entry.orderPosition),
            signal == .none ? nil : Int(entry.orderPosition) - Int(signal.position),
        ]
        numbers += words.numbers(entryRows[number], entry.day)
        return DeltaText.apart(numbers)
    }

    private func hundredths(_ value: Double?) -> Int? {
        value.flatMap { Moments.finite($0 * 100) }.map {
            Int(capped: $0.rounded(.toNearestOrAwayFromZero))
        }
    }

    private func result(_ entry: RunEntry, _ words: inout TradeWords) -> [Int?] {
        let shares = hundredths(entry.quantity.shares)
        if let outcome = entry.outcome {
            let reason = outcome.reason.map { Labels.exitReason("\($0)") } ?? "unknown"
            return [
                hundredths(outcome.exitPrice), shares, hundredths(outcome.netReturn * 100),
                hundredths(outcome.returnDollars.dollars),
                hundredths(outcome.excessReturn.map { $0 * 100 }),
                Int(outcome.holdingSessions), words.reasons.number(reason),
            ]
        }
        let open = report.open.first { $0.ticker == entry.order.ticker && $0.entryDay == entry.day }
        return [
            hundredths(open?.lastPrice), shares, hundredths(open.map { $0.markedReturn * 100 }),
            hundredths(open?.markedProfit.dollars), nil, nil, words.reasons.number("open"),
        ]
    }
}
