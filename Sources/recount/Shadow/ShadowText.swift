import Audit
import Events
import Foundation
import Pipeline

/// A live run beside a backtest, for people.
enum ShadowText {
    static func text(
        _ found: ShadowComparison, kinds: [ShadowDifference.Kind], limit: Int
    ) -> String {
        let shown = found.differences.filter { kinds.isEmpty || kinds.contains($0.kind) }
        var lines = head(found)
        if !shown.isEmpty, limit > 0 { lines += [""] + list(shown, limit) }
        if !found.differences.isEmpty { lines += [""] + sums(found) }
        return (lines + [""] + identity(found)).joined(separator: "\n")
    }

    private static func head(_ found: ShadowComparison) -> [String] {
        let standing = found.standing
        let facts =
            found.order == .live
            ? "its own facts, as it was told of them"
            : "the data log's facts in order of knowledge"
        var lines = [
            "\(found.run) beside a backtest over \(facts)",
            "from \(standing.start) to the close of \(standing.day), \(standing.sessions) sessions",
        ]
        if let left = standing.leftAccountAt {
            lines.append(
                "at \(left) it went on at another account: compared up to the close before")
        }
        if !found.leftOut.isEmpty {
            let kinds = found.leftOut.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
            lines += wrapped("left out: \(kinds)", indent: "  ")
        }
        if found.order == .derived {
            let behind = Set(found.differences.compactMap(\.fact)).count
            lines.append(
                "facts that came late for a cycle: \(found.late.count), \(behind) of them behind "
                    + "what differs")
        }
        lines.append("positions equal in all: \(found.sameTrades)")
        if found.otherConfidences > 0 {
            lines.append("evaluations with another confidence alone: \(found.otherConfidences)")
        }
        if found.differences.isEmpty { lines.append("Nothing differs.") }
        return lines
    }

    private static func list(_ differences: [ShadowDifference], _ limit: Int) -> [String] {
        // Of more than are listed the dearest, in their order.
        let dearest = differences.indices.sorted {
            (differences[$1].cost.magnitude, $0) < (differences[$0].cost.magnitude, $1)
        }.prefix(limit).sorted()
        let rows = dearest.map { row(differences[$0]) }
        var table = ModelsText.table(
            ["what", "ticker", "decided", "live", "backtest", "cost $", "bp"], rows,
            numbers: [5, 6])
        for (line, index) in dearest.enumerated().reversed() {
            guard let why = differences[index].why else { continue }
            table.insert(contentsOf: wrapped("    \(why)", indent: "    "), at: line + 2)
        }
        let rest = differences.count - dearest.count
        return table + (rest > 0 ? ["… and \(rest) more, none dearer; --limit shows them"] : [])
    }

    private static func row(_ difference: ShadowDifference) -> [String] {
        let isPrice = difference.kind == .slippage
        return [
            name(difference.kind), difference.ticker.map { "\($0)" } ?? "",
            difference.decidedOn.map { "\($0)" } ?? "",
            cell(difference.live, isPrice: isPrice), cell(difference.shadow, isPrice: isPrice),
            difference.kind.hasCost ? dollars(difference.cost, sign: true) : "",
            difference.basisPoints.map(points) ?? "",
        ]
    }

    private static func cell(_ figure: ShadowDifference.Figure?, isPrice: Bool) -> String {
        guard let figure else { return "-" }
        let shares = figure.quantity.map {
            $0.shares == $0.shares.rounded()
                ? String(format: "%.0f at", $0.shares) : String(format: "%.4f at", $0.shares)
        }
        return [
            figure.session.map { "\($0)" }, shares, figure.label,
            figure.price.map { String(format: isPrice || $0 < 1 ? "%.4f" : "%.2f", $0) },
        ].compactMap { $0 }.joined(separator: " ")
    }

    private static func sums(_ found: ShadowComparison) -> [String] {
        let rows =
            found.sums.map { sum in
                [
                    name(sum.kind), "\(sum.count)",
                    sum.kind.hasCost ? dollars(sum.cost, sign: true) : "",
                    sum.kind.hasCost ? points(found.basisPoints(sum.cost)) : "",
                ]
            } + [
                total("all that is listed", found.listed, found),
                total("the rest", found.rest, found),
                total("backtest less live", found.shortfall, found),
            ]
        return ModelsText.table(
            ["what it cost the live run", "", "dollars", "bp of the capital"], rows,
            numbers: [1, 2, 3])
    }

    private static func total(_ name: String, _ cost: Money, _ found: ShadowComparison) -> [String]
    {
        [name, "", dollars(cost, sign: true), points(found.basisPoints(cost))]
    }

    private static func identity(_ found: ShadowComparison) -> [String] {
        [
            "capital \(dollars(found.capital)); at the close of \(found.standing.day) the live run "
                + "is worth \(dollars(found.liveValue)),",
            "the backtest \(dollars(found.shadowValue)): \(dollars(found.shortfall, sign: true)) = "
                + "\(dollars(found.listed, sign: true)) listed and "
                + "\(dollars(found.rest, sign: true)) rest",
        ]
    }

    private static func name(_ kind: ShadowDifference.Kind) -> String {
        switch kind {
        case .slippage: "slippage"
        case .size: "size"
        case .entryMissed: "missed"
        case .entryExtra: "extra"
        case .exitLagged: "lagged"
        case .exitReason: "reason"
        case .lateFact: "late fact"
        case .cash: "cash"
        case .decision: "signal"
        case .outcome: "outcome"
        }
    }

    private static func points(_ value: Double) -> String {
        value.magnitude < 0.05 ? "0.0" : String(format: "%+.1f", value)
    }

    private static func dollars(_ money: Money, sign: Bool = false) -> String {
        // No cost is neither.
        let value = money.magnitude < Money(dollars: 0.005) ? 0 : money.dollars
        return String(format: sign && value != 0 ? "%+.2f" : "%.2f", value)
    }

    /// Lines of at most 100 columns, those behind the first indented.
    private static func wrapped(_ text: String, indent: String) -> [String] {
        var lines = [String(text.prefix { $0 == " " })]
        for part in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            let isFirst = line.allSatisfy { $0 == " " }
            if isFirst || line.count + 1 + part.count <= 100 {
                lines[lines.count - 1] += (isFirst ? "" : " ") + part
            } else {
                lines.append(indent + part)
            }
        }
        return lines
    }
}

extension ShadowDifference.Kind {
    /// Whether money is lost by it: of signals and outcomes it stands in entries and fills.
    var hasCost: Bool { self != .decision && self != .outcome }
}
