import EventLog
import Events

/// The value of a portfolio beside that of the index, over its sessions.
struct Curve {
    let values: [(day: String, values: [Double?])]
    let drawdowns: [(day: String, values: [Double?])]
    let indexName: String

    /// Of the rows of `reference_portfolio_snapshots`, in order.
    init(_ rows: [Row], _ index: RunScan.Known) {
        indexName = "index"
        var (values, drawdowns) = ([(day: String, values: [Double?])](), [(String, [Double?])]())
        var (scale, highest) = (Double?.none, 0.0)
        for row in rows {
            guard let day = row.text("snapshot_date"), let value = row.real("portfolio_value")
            else { continue }
            let level = index.level(day)
            // Both begin together: the index at what the portfolio was worth.
            if scale == nil, let level, level > 0 { scale = value / level }
            let beside = scaled(level, scale)
            highest = max(highest, beside ?? 0)
            values.append((day, [value, beside]))
            drawdowns.append(
                (
                    day,
                    [
                        row.real("drawdown").map { $0 * 100 },
                        beside.map { ($0 / highest - 1) * 100 },
                    ]
                ))
        }
        (self.values, self.drawdowns) = (values, drawdowns)
    }

    /// Whether a day lies on it.
    func covers(_ day: String) -> Bool {
        guard let first = values.first?.day, let last = values.last?.day else { return false }
        return day >= first && day <= last
    }

    var label: String {
        guard let first = values.first, let last = values.last else { return "No values." }
        let index = last.values[1].map { ", the index as much would be \(Format.money($0))" } ?? ""
        return "From \(Format.money(first.values[0])) on \(first.day) to "
            + "\(Format.money(last.values[0])) on \(last.day)\(index)."
    }

    var drawdownLabel: String {
        let worst = drawdowns.compactMap { $0.values[0] }.min() ?? 0
        let beside = drawdowns.compactMap { $0.values[1] }.min() ?? 0
        return "At worst \(Format.number(worst)) %, the index \(Format.number(beside)) %."
    }
}

private func scaled(_ level: Double?, _ scale: Double?) -> Double? {
    guard let level, let scale else { return nil }
    return level * scale
}
