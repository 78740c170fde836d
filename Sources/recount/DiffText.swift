import Audit
import EventLog
import Events
import Foundation
import Pipeline

/// How two runs differ, for people.
enum DiffText {
    /// All of it; of two replays in memory there is no past to speak of.
    static func text(_ difference: RunDifference, limit: Int, isOfRuns: Bool = true) -> String {
        let sections = [
            isOfRuns ? [origin(difference)] : [], settings(difference), parting(difference),
            trades(difference, limit), [value(difference)],
        ]
        return sections.joined().joined(separator: "\n")
    }

    private static func origin(_ difference: RunDifference) -> String {
        let (left, right) = (difference.left.name, difference.right.name)
        guard difference.shared.position > 0 else { return "\(left) and \(right) share no past" }
        let forks = [difference.left, difference.right].compactMap { side in
            side.fork.map { "\(side.name) is a \($0.place)" }
        }
        return "\(forks.joined(separator: "; "))\n\(left) and \(right) share "
            + "\(difference.shared.position) events, through r\(difference.shared.own)"
    }

    private static func settings(_ difference: RunDifference) -> [String] {
        var lines = difference.settings.map {
            "setting \($0.key): \($0.before ?? "unset") | \($0.after ?? "unset")"
        }
        if let facts = difference.facts {
            lines.append(
                "facts: \(facts.without.count) that only \(difference.left.name) read, "
                    + "\(facts.with.count) that only \(difference.right.name) did, the first known "
                    + "at \(facts.firstKnownAt.map { "\($0)" } ?? "no time")")
        }
        return lines
    }

    private static func parting(_ difference: RunDifference) -> [String] {
        let search = difference.search
        let behind = difference.shared.position > 0 ? " behind what they share" : ""
        guard let parting = search.parting else {
            return ["They never part: \(search.equal) decisions\(behind) are the same"]
        }
        var lines = ["They part first \(place(parting, difference))"] + details(parting)
        lines.append("\(search.equal) decisions\(behind) before that are the same")
        guard let order = search.order else { return lines + ["All orders and fills are the same"] }
        if order.left?.reference != parting.left?.reference
            || order.right?.reference != parting.right?.reference
        {
            lines.append("The first order differs \(place(order, difference))")
            lines += details(order)
        }
        return lines
    }

    /// `at …, in OrderSubmitted ACME (r12 | r13)`.
    private static func place(_ parting: Parting, _ difference: RunDifference) -> String {
        let at = "at \(parting.instant)"
        switch (parting.left, parting.right) {
        case (let left?, let right?):
            return name(left) == name(right)
                ? "\(at), in \(name(left)) (\(left.reference) | \(right.reference)):"
                : "\(at): \(name(left)) (\(left.reference)) | \(name(right)) (\(right.reference))"
        case (let left?, nil):
            return "\(at): only \(difference.left.name) has \(name(left)) (\(left.reference)):"
        case (nil, let right?):
            return "\(at): only \(difference.right.name) has \(name(right)) (\(right.reference)):"
        case (nil, nil): return at
        }
    }

    private static func details(_ parting: Parting) -> [String] {
        guard parting.fields.isEmpty, let only = parting.left ?? parting.right else {
            return table(parting.fields)
        }
        return fields(only)
    }

    private static func name(_ decision: Decision) -> String {
        decision.ticker.map { "\(decision.type) \($0)" } ?? decision.type
    }

    private static func table(_ fields: [Parting.FieldDifference]) -> [String] {
        fields.map {
            "  \($0.path): \(cut($0.left ?? "none")) | \(cut($0.right ?? "none"))"
        }
    }

    /// What a decision that has no counterpart says, without its envelope.
    private static func fields(_ decision: Decision) -> [String] {
        let shown = ((try? decision.fields()) ?? []).filter {
            !$0.path.hasPrefix("envelope.") && !$0.path.contains("[") && $0.text != "null"
        }
        return shown.map { "  \($0.path): \(cut($0.text))" }
    }

    private static func cut(_ text: String) -> String {
        text.count > 100 ? text.prefix(97) + "..." : text
    }

    private static func trades(_ difference: RunDifference, _ limit: Int) -> [String] {
        let all = difference.trades
        let (left, right) = (difference.left.name, difference.right.name)
        let onlyLeft = all.filter { $0.right == nil }.count
        let onlyRight = all.filter { $0.left == nil }.count
        let head =
            "Trades: \(difference.sameTrades) the same, \(onlyLeft) only in \(left), \(onlyRight) "
            + "only in \(right), \(all.count - onlyLeft - onlyRight) that came to something else"
        guard !all.isEmpty, limit > 0 else { return [head] }
        let rows = all.prefix(limit).map { trade in
            [
                trade.right == nil ? "only \(left)" : trade.left == nil ? "only \(right)" : "both",
                "\(trade.ticker)", "\(trade.entryDay)",
                pair(trade) { $0.exitDay.map { "\($0)" } ?? "held" },
                pair(trade) { $0.reason },
                pair(trade) { String(format: "%.0f", $0.quantity.shares) },
                pair(trade) { String(format: "%.2f", $0.profit.dollars) },
                String(format: "%+.2f", trade.gain.dollars),
            ]
        }
        let table = ModelsText.table(
            ["made by", "ticker", "entered", "left", "reason", "shares", "profit", "gain"],
            rows, numbers: [5, 6, 7])
        let rest = all.count - rows.count
        return [head] + table + (rest > 0 ? ["… and \(rest) more; --limit shows them"] : [])
    }

    /// One value where both trades have it, else both.
    private static func pair(_ trade: TradeDifference, _ value: (TradeFacts) -> String) -> String {
        switch (trade.left.map(value), trade.right.map(value)) {
        case (let left?, let right?): left == right ? left : "\(left) | \(right)"
        case (let one?, nil), (nil, let one?): one
        case (nil, nil): ""
        }
    }

    private static func value(_ difference: RunDifference) -> String {
        let (left, right) = (difference.left, difference.right)
        func dollars(_ money: Money) -> String { String(format: "%.2f", money.dollars) }
        func percent(_ part: Double) -> String { String(format: "%.2f %%", part * 100) }
        return "Final value: \(dollars(left.end)) | \(dollars(right.end)) "
            + "(\(String(format: "%+.2f", (right.end - left.end).dollars)))\n"
            + "Total return: \(percent(left.totalReturn)) | \(percent(right.totalReturn))"
    }
}
