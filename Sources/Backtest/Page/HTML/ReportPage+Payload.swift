import Events

extension ReportPage {
    /// What the page's script reads, as JSON that is safe inside a script element. No number has
    /// more digits than are shown.
    var payload: String {
        "{\"curves\":\(curvesJSON),\n\"trades\":\(tradesJSON)}"
    }

    private var curvesJSON: String {
        let days = curves.days.map { "\($0.rawValue)" }
        let names = curves.lines.map { Markup.json($0.name) }
        let values = curves.lines.map { line in
            Markup.array(line.values.map { Markup.json($0, 0) })
        }
        let drawdowns = curves.lines.map { line in
            Markup.array(line.drawdowns.map { Markup.json($0.map { $0 * 100 }, 2) })
        }
        let exposure = curves.exposure.map { Markup.json($0 * 100, 1) }
        return "{\"days\":\(Markup.array(days)),\"names\":\(Markup.array(names)),\n"
            + "\"values\":\(Markup.array(values)),\n\"drawdowns\":\(Markup.array(drawdowns)),\n"
            + "\"exposure\":\(Markup.array(exposure))}"
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
        Column(title: "Ticker", kind: "text"), Column(title: "Entry", kind: "text"),
        Column(title: "Exit", kind: "text", definition: "Empty while the position is open."),
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
        let rows = entries.indices.map { Markup.array(row($0)) }
        return "{\"columns\":\(Markup.array(ReportPage.columns.map(\.json))),\n\"rows\":["
            + rows.joined(separator: ",\n") + "]}"
    }

    private func row(_ number: Int) -> [String] {
        let entry = entries[number]
        let head = [
            Markup.json("\(entry.order.ticker)"), Markup.json("\(entry.day)"),
            entry.outcome?.exitDay.map { Markup.json("\($0)") } ?? "null",
            Markup.json(entry.price, 2),
        ]
        return head + result(entry) + [
            Markup.json(entry.signal?.confidence, 2), Markup.json(filers(number)),
        ]
    }

    private func result(_ entry: RunEntry) -> [String] {
        let shares = Markup.json(entry.quantity.shares, 2)
        if let outcome = entry.outcome {
            return [
                Markup.json(outcome.exitPrice, 2), shares,
                Markup.json(outcome.netReturn * 100, 2),
                Markup.json(outcome.returnDollars.dollars, 2),
                Markup.json(outcome.excessReturn.map { $0 * 100 }, 2),
                "\(outcome.holdingSessions)",
                Markup.json(outcome.reason.map { Labels.exitReason("\($0)") } ?? "unknown"),
            ]
        }
        let open = report.open.first { $0.ticker == entry.order.ticker && $0.entryDay == entry.day }
        return [
            Markup.json(open?.lastPrice, 2), shares,
            Markup.json(open.map { $0.markedReturn * 100 }, 2),
            Markup.json(open?.markedProfit.dollars, 2), "null", "null", Markup.json("open"),
        ]
    }

    private func filers(_ number: Int) -> String {
        let names = entryFilers[number]
        return names.count > 3
            ? names.prefix(3).joined(separator: ", ") + " +\(names.count - 3)"
            : names.joined(separator: ", ")
    }
}
