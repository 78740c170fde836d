import Events
import FeedbackLoop
import Foundation
import Market
import Pipeline

extension LoopOutlook.Decision {
    /// What is done at the next open, first word first.
    func headline(_ opinion: Opinion) -> String {
        switch self {
        case .buy(let order):
            return "BUY \(order.quantity.short) shares at the next open"
        case .sell(let order, let reason):
            return "SELL \(order.quantity.short) shares at the next open"
                + (reason.map { " (\($0))" } ?? "")
        case .hold(let holding):
            return "HOLD \(holding.quantity.short) shares, bought on \(holding.entryDay)"
        case .skipped(let reason): return "NO TRADE: its signal was skipped (\(reason))"
        case .nothing:
            if let reason = opinion.suppressed { return "NO TRADE: no signal (\(reason))" }
            return "NO TRADE: nothing new was filed since it was evaluated; now it would be "
                + "\(opinion.filings.kind)"
        }
    }

    /// The same as an object.
    func json(_ opinion: Opinion) -> String {
        var object = JSONObject()
        switch self {
        case .buy(let order):
            object.text("action", "buy")
            object.json("order", order.line)
        case .sell(let order, let reason):
            object.text("action", "sell")
            object.text("reason", reason.map { "\($0)" })
            object.json("order", order.line)
        case .hold(let holding):
            object.text("action", "hold")
            object.real("quantity", holding.quantity.shares)
            object.day("entry_date", holding.entryDay)
        case .skipped(let reason):
            object.text("action", "none")
            object.text("reason", "\(reason)")
        case .nothing:
            object.text("action", "none")
            object.text("reason", opinion.suppressed.map { "\($0)" } ?? "noNewFiling")
        }
        return object.text
    }
}

extension Quantity {
    /// Shares without the noughts behind them.
    fileprivate var short: String {
        guard "\(self)".contains(".") else { return "\(self)" }
        var text = "\(self)"
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }
}

extension OrderSubmitted {
    /// What an order asks for, as an object.
    var line: String {
        var object = JSONObject()
        object.text("ticker", "\(ticker)")
        object.text("side", "\(side)")
        object.real("quantity", quantity.shares)
        object.real("reference_price", referencePrice)
        object.real("confidence", confidence)
        object.text("signal", signal == .none ? nil : "\(signal)")
        object.day("decided_on", day)
        return object.text
    }
}

/// Every order for the next open, for people and programs.
struct OrdersText {
    let outlook: LoopOutlook
    let day: Day
    let strategy: String

    var text: String {
        let orders = outlook.orders
        guard !orders.isEmpty else {
            return "as of \(day) \(strategy) has no order for the next open; recount signal TICKER "
                + "says why of one"
        }
        let rows = orders.map { order in
            [
                "\(order.side)", "\(order.ticker)", order.quantity.short,
                String(format: "%.2f", order.referencePrice),
                String(format: "%.0f", order.quantity.shares * order.referencePrice),
                order.confidence.map { String(format: "%.4f", $0) } ?? "",
                order.signal == .none ? "" : "\(order.signal)",
            ]
        }
        return
            (["as of \(day), at the next open \(strategy) would"]
            + ModelsText.table(
                ["side", "ticker", "shares", "close", "dollars", "confidence", "signal"], rows,
                numbers: [2, 3, 4, 5])).joined(separator: "\n")
    }

    var json: String {
        var object = JSONObject()
        object.day("as_of", day)
        object.text("strategy", strategy)
        object.json("orders", JSONObject.list(outlook.orders.map(\.line)))
        return object.text
    }
}
