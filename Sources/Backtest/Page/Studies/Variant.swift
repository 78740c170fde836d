public import EventLog
import Events
import FeedbackLoop
public import Pipeline

/// The run again with one setting changed: what it then comes to.
struct Variant: Sendable {
    /// The value of the setting.
    var value: Double
    /// Whether this is the run's own value.
    var isOwn: Bool
    /// Total return.
    var totalReturn: Double?
    /// Sharpe ratio.
    var sharpe: Double?
    /// Excess over the index at equal exposure, a year.
    var equalExposure: Double?
    /// Closed trades.
    var trades: Int
    /// Mean net return a closed trade.
    var meanReturn: Double?
    /// Mean excess over the index a closed trade.
    var meanExcess: Double?

    /// The figures of a report.
    init(_ value: Double, isOwn: Bool, _ report: BacktestReport) {
        let whole = report.whole
        self.value = value
        self.isOwn = isOwn
        totalReturn = whole.returns.totalReturn
        sharpe = whole.returns.sharpe
        equalExposure = whole.index.equalExposureAnnual
        trades = whole.trades.count
        meanReturn = whole.trades.expectancy
        meanExcess = whole.trades.averageExcess
    }
}

/// Runs beside a run that differ in one setting each.
public struct VariantCurves: Sendable {
    /// By `slippage_bp`, ascending; empty when the strategy has no such setting.
    var costs: [Variant] = []
    /// By `publication_delay_days`, ascending; likewise.
    var delays: [Variant] = []

    /// No variants.
    public init() {}

    /// Replays the run's timeline again for each value, without writing a log.
    ///
    /// `progress` is told what is being replayed.
    public static func measure(
        _ page: ReportPage, run: EventLog, timeline: EventLog, folder: DataFolder,
        progress: (String) -> Void
    ) throws -> VariantCurves {
        func curve(_ key: String, _ values: [Double]) throws -> [Variant] {
            guard let own = setting(key, page.configuration) else { return [] }
            let wanted = values.contains(own) ? values : (values + [own]).sorted()
            return try wanted.map { value in
                if value == own { return Variant(value, isOwn: true, page.report) }
                let text = value == value.rounded() ? "\(Int(value))" : "\(value)"
                progress("replaying with \(key) \(text)")
                // Models predict in shadow only: without their training a variant trades alike.
                let quiet = page.configuration.contains("\ntrain: ") ? [("train", "false")] : []
                let origin = try RunOrigin.read(
                    run, in: folder, settings: [(key, text)] + quiet)
                let report = try rehearse(origin, timeline, named: page.report.facts.run)
                return Variant(value, isOwn: false, report)
            }
        }
        var curves = VariantCurves()
        curves.costs = try curve("slippage_bp", [0, 5, 10, 20])
        curves.delays = try curve("publication_delay_days", [0, 1, 3])
        return curves
    }

    private static func rehearse(_ origin: RunOrigin, _ timeline: EventLog, named name: String)
        throws -> BacktestReport
    {
        let strategy = origin.strategy.strategy
        // The records were checked when the page read them.
        return try BacktestReport.rehearse(
            strategy, timeline: timeline, window: origin.window, check: .trust, name: name)
    }

    /// The value of a setting in canonical YAML, nil when it is not there or is no number.
    static func setting(_ key: String, _ configuration: String) -> Double? {
        for line in configuration.split(separator: "\n") where line.hasPrefix("\(key): ") {
            return Double(line.dropFirst(key.utf8.count + 2))
        }
        return nil
    }
}
