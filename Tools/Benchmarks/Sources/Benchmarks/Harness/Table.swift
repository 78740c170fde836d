import Foundation

/// Results as Markdown.
enum Table {
    /// All rows: a table of targets, then what each row measured.
    static func markdown(_ results: [RowResult]) -> String {
        var text = "| row | measured | median | min to max | rounds | target | |\n"
        text += "|---|---|---|---|---|---|---|\n"
        for result in results { text += rows(result) }
        let remarks = results.filter { !$0.remarks.isEmpty }
        if !remarks.isEmpty { text += "\n" }
        for result in remarks {
            text += "- \(result.name): \(result.remarks.joined(separator: "; "))\n"
        }
        return text
    }

    private static func rows(_ result: RowResult) -> String {
        if let skipped = result.skipped {
            return "| **\(result.name)** | \(result.title) | not measured: \(skipped) | | | | |\n"
        }
        var text = "| **\(result.name)** | \(result.title) | | | | | |\n"
        for spread in result.figures + result.ratios {
            let check = result.checks.first { $0.figure == spread.name }
            let verdict = check.map { $0.isKept ? "kept" : "**MISSED**" } ?? ""
            let unit = spread.unit == "ratio" ? "×" : ""
            text += "| | \(spread.name) | \(value(spread.median, spread.unit))\(unit) "
            text += "| \(value(spread.minimum, spread.unit)) to "
            text += "\(value(spread.maximum, spread.unit)) | \(spread.rounds) "
            text += "| \(check?.bound ?? "") | \(verdict) |\n"
        }
        return text
    }

    /// A figure with its unit.
    static func value(_ value: Double, _ unit: String) -> String {
        switch Unit(rawValue: unit) {
        case .seconds: time(value)
        case .bytes: "\(short(value / 1e6)) MB"
        case .bytesPerSecond: "\(short(value / 1e9)) GB/s"
        case .eventsPerSecond: "\(scaled(value))/s"
        case .count, nil: short(value)
        }
    }

    private static func time(_ seconds: Double) -> String {
        if seconds < 1e-3 { return "\(short(seconds * 1e6)) µs" }
        return seconds < 1 ? "\(short(seconds * 1e3)) ms" : "\(short(seconds)) s"
    }

    private static func scaled(_ value: Double) -> String {
        if value >= 1e6 { return "\(short(value / 1e6)) M" }
        return value >= 1e4 ? "\(short(value / 1e3)) k" : short(value)
    }

    /// A number with about three digits.
    static func short(_ value: Double) -> String {
        let size = abs(value)
        if size >= 100 || value == value.rounded() { return String(format: "%.0f", value) }
        if size >= 10 { return String(format: "%.1f", value) }
        return size >= 0.1 ? String(format: "%.2f", value) : String(format: "%.3g", value)
    }
}
