import Backtest
import Events
import Foundation

/// What an audit of trades found, for people and programs.
struct AuditTradesText {
    let file: String
    let read: TradeFile
    let audit: TradeAudit
    let lookback: Int

    func text(limit: Int) -> String {
        var lines = [
            "\(file): \(audit.rows) trades\(read.isOfFills ? ", paired from fills" : ""), "
                + "\(audit.positions) positions, \(audit.open) still held; net profit "
                + String(format: "%.2f", audit.profit)
        ]
        if !read.rejected.isEmpty {
            lines.append("REJECTED: \(read.rejected.count) rows are no trades")
            lines += read.rejected.prefix(limit).map { "  line \($0.line): \($0.reason)" }
        }
        for kind in TradeAudit.Kind.allCases {
            let found = audit.findings.filter { $0.kind == kind }
            guard !found.isEmpty else { continue }
            lines.append("FOUND: \(found.count) \(AuditTradesText.name(kind))")
            lines += found.prefix(limit).map { "  line \($0.line), \($0.symbol): \($0.text)" }
            if found.count > limit { lines.append("  … \(found.count - limit) more") }
        }
        if audit.isSound { lines.append("Nothing found wrong with a single trade") }
        return (lines + measures).joined(separator: "\n")
    }

    private var measures: [String] {
        var lines: [String] = []
        if let knowledge = audit.knowledge {
            lines.append(
                "Filings: \(knowledge.caused) entries with one known in the \(lookback) days before, "
                    + "\(knowledge.early) before it was known, \(knowledge.without) without any "
                    + "around them")
        }
        let gap = audit.gap
        var line = "Look-ahead gap: \(gap.atClose) entries at the close of their own session"
        if let mean = gap.mean {
            line +=
                "; at the next open, the first that a decision on that close could have had, they "
                + "would have cost \(String(format: "%+.1f", mean * 10_000)) bp more on average, "
                + "\(String(format: "%+.2f", gap.dollars)) dollars in all"
        }
        lines.append(line)
        lines.append(
            "Best price: \(gap.atBest) of \(gap.fills) fills at the low for who buys or the high for "
                + "who sells")
        guard let profit = audit.profitInterval, let wins = audit.winInterval else {
            return lines + ["No position could be set beside random tickers"]
        }
        lines.append(
            "Beside random tickers, same sessions, dollars, costs and places in the bar (\(audit.drawnFor) "
                + "positions, 1,000 draws, 95 % of them):")
        lines.append("  profit        " + AuditTradesText.interval(profit, 1, 2, ""))
        lines.append("  net win rate  " + AuditTradesText.interval(wins, 100, 1, " %"))
        if let excess = audit.excessInterval {
            lines.append(
                "  excess        " + AuditTradesText.interval(excess, 100, 2, " % a position"))
        }
        return lines
    }

    private static func interval(
        _ interval: TradeAudit.Interval, _ scale: Double, _ digits: Int, _ unit: String
    ) -> String {
        func number(_ value: Double) -> String {
            String(format: "%.\(digits)f", value * scale)
        }
        return "\(number(interval.observed))\(unit); \(number(interval.low)) to "
            + "\(number(interval.high)); p \(String(format: "%.3f", interval.pValue))"
    }

    private static func name(_ kind: TradeAudit.Kind) -> String {
        switch kind {
        case .duplicate: "duplicates"
        case .unknownTicker: "of unknown tickers"
        case .unknownSession: "on days without a bar"
        case .exitBeforeEntry: "left before they were entered"
        case .beforeDecision: "filled before they were decided"
        case .outsideBar: "fills outside the bar"
        case .noVolume: "fills without volume"
        case .beforeKnowledge: "decisions before knowledge"
        case .profitDiffers: "profits that do not add up"
        }
    }

    var json: String {
        var object = JSONObject()
        object.text("file", file)
        object.boolean("sound", audit.isSound && read.rejected.isEmpty)
        object.integer("trades", audit.rows)
        object.integer("positions", audit.positions)
        object.integer("held", audit.open)
        object.real("profit", audit.profit)
        object.json(
            "rejected",
            JSONObject.list(
                read.rejected.map {
                    var row = JSONObject()
                    row.integer("line", $0.line)
                    row.text("reason", $0.reason)
                    return row.text
                }))
        object.json(
            "findings",
            JSONObject.list(
                audit.findings.map {
                    var finding = JSONObject()
                    finding.integer("line", $0.line)
                    finding.text("kind", $0.kind.rawValue)
                    finding.text("ticker", $0.symbol)
                    finding.text("text", $0.text)
                    return finding.text
                }))
        object.json("filings", knowledge)
        object.json("look_ahead_gap", gap)
        object.integer("drawn_for", audit.drawnFor)
        object.json("profit_interval", AuditTradesText.json(audit.profitInterval))
        object.json("win_rate_interval", AuditTradesText.json(audit.winInterval))
        object.json("excess_interval", AuditTradesText.json(audit.excessInterval))
        return object.text
    }

    private var knowledge: String {
        guard let knowledge = audit.knowledge else { return "null" }
        var object = JSONObject()
        object.integer("caused", knowledge.caused)
        object.integer("early", knowledge.early)
        object.integer("without", knowledge.without)
        return object.text
    }

    private var gap: String {
        var object = JSONObject()
        object.integer("at_close", audit.gap.atClose)
        object.real("mean", audit.gap.mean)
        object.real("dollars", audit.gap.dollars)
        object.integer("at_best", audit.gap.atBest)
        object.integer("fills", audit.gap.fills)
        return object.text
    }

    private static func json(_ interval: TradeAudit.Interval?) -> String {
        guard let interval else { return "null" }
        var object = JSONObject()
        object.real("observed", interval.observed)
        object.real("low", interval.low)
        object.real("high", interval.high)
        object.real("p", interval.pValue)
        return object.text
    }
}
