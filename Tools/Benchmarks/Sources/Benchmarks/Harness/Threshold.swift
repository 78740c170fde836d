import Foundation

/// A bound that a row's median must keep; they are kept in `thresholds.json`.
struct Threshold: Codable {
    /// The row.
    var row: String
    /// A figure or a ratio of it.
    var figure: String
    var atLeast: Double?
    var atMost: Double?

    /// Reads the committed file.
    static func load() throws -> [Threshold] {
        let file = "\(Setting.package)/thresholds.json"
        guard let data = FileManager.default.contents(atPath: file) else {
            throw BenchmarkFailure("\(file) cannot be read")
        }
        do {
            return try JSONDecoder().decode([Threshold].self, from: data)
        } catch {
            throw BenchmarkFailure("\(file) is no list of thresholds: \(error)")
        }
    }

    /// The bound as text, of a figure with a unit.
    func bound(unit: String) -> String {
        if let atLeast { return "≥ \(Table.value(atLeast, unit))" }
        if let atMost { return "≤ \(Table.value(atMost, unit))" }
        return ""
    }

    /// Whether a value keeps it.
    func holds(_ value: Double) -> Bool {
        value >= (atLeast ?? -.infinity) && value <= (atMost ?? .infinity)
    }
}

/// What a row came to.
struct RowResult: Codable {
    /// A threshold and what was measured.
    struct Check: Codable {
        var figure: String
        var bound: String
        var value: Double
        var isKept: Bool
    }

    var name: String
    var title: String
    /// Why it was not measured; nil when it was.
    var skipped: String?
    var figures: [Spread] = []
    var ratios: [Spread] = []
    var checks: [Check] = []
    var remarks: [String] = []

    /// A row that could not be measured.
    init(_ row: Row, skipped: String) {
        (name, title, self.skipped) = (row.name, row.title, skipped)
    }

    /// A row and the thresholds that name it.
    init(
        _ row: Row, _ measured: RowMeasurement, remarks: [String], thresholds: [Threshold]
    ) {
        (name, title, self.remarks) = (row.name, row.title, remarks)
        figures = measured.figures
        ratios = measured.ratios
        for threshold in thresholds where threshold.row == row.name {
            guard let spread = (figures + ratios).first(where: { $0.name == threshold.figure })
            else { continue }
            checks.append(
                Check(
                    figure: threshold.figure, bound: threshold.bound(unit: spread.unit),
                    value: spread.median,
                    isKept: threshold.holds(spread.median)))
        }
    }
}
