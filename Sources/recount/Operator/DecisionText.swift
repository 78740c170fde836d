import Application
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

    var json: String { outlook.ordersJSON(strategy: strategy) }
}
