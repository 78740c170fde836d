public import EventLog
import Events
import FeedbackLoop
public import Learning
import Pipeline

/// What a run comes to with one thing changed.
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

    /// Whether anything was replayed.
    var isMeasured: Bool { !costs.isEmpty || !delays.isEmpty }

    /// No variants.
    public init() {}

    /// One replay: the setting and its value.
    private struct Wanted: Sendable {
        var key: String
        var value: Double

        var text: String { value == value.rounded() ? "\(Int(capped: value))" : "\(value)" }
    }

    /// Replays the run's timeline again for each value, on several threads, without writing a log.
    ///
    /// A variant of a fork shares its past, and differs from there on.
    ///
    /// A variant of a loop whose models decide trains models of its own with `trainer`. `progress`
    /// hears of each session that one replayed: of which of them, how many there are, and of what
    /// part of its window.
    public static func measure(
        _ page: ReportPage, of run: OpenedRun, trainer: (any Trainer)?,
        progress: @escaping @Sendable (_ variant: Int, _ of: Int, _ part: Double) -> Void = {
            _, _, _ in
        }
    ) throws -> VariantCurves {
        let settings = [
            ("slippage_bp", [0.0, 10, 20]), ("publication_delay_days", [0.0, 1, 3]),
        ]
        let wanted = settings.flatMap { key, values -> [Wanted] in
            guard let own = setting(key, page.configuration) else { return [] }
            let all = values.contains(own) ? values : (values + [own]).sorted()
            return all.map { Wanted(key: key, value: $0) }
        }
        // Where models predict in shadow only, a variant trades alike without their training.
        let decides = page.configuration.contains("\nblend: true")
        let isQuiet = page.configuration.contains("\ntrain: ") && !decides
        let count = wanted.count
        let made = try Lanes.map(wanted) { place, wanted in
            defer { progress(place, count, 1) }
            if wanted.value == setting(wanted.key, page.configuration) {
                return Variant(wanted.value, isOwn: true, page.report)
            }
            let origin = try RunOrigin.read(
                run.log,
                settings: [(wanted.key, wanted.text)] + (isQuiet ? [("train", "false")] : []))
            let days = page.report.daily
            let report = try rehearse(origin, run, trainer, named: page.report.facts.run) { day in
                guard let first = days.first?.day, let last = days.last?.day else { return }
                let whole = Double(last.rawValue - first.rawValue + 1)
                progress(place, count, Double(day.rawValue - first.rawValue + 1) / whole)
            }
            return Variant(wanted.value, isOwn: false, report)
        }
        var curves = VariantCurves()
        for (wanted, variant) in zip(wanted, made) {
            if wanted.key == "slippage_bp" {
                curves.costs.append(variant)
            } else {
                curves.delays.append(variant)
            }
        }
        return curves
    }

    private static func rehearse(
        _ origin: RunOrigin, _ run: OpenedRun, _ trainer: (any Trainer)?, named name: String,
        progress: (Day) -> Void
    ) throws -> BacktestReport {
        let strategy = origin.strategy.strategy
        // The records were checked when the page read them.
        if let fork = try ForkStart.read(run) {
            return try BacktestReport.rehearse(
                strategy, fork: fork, window: origin.window, check: .trust, trainer: trainer,
                name: name, progress: progress)
        }
        return try BacktestReport.rehearse(
            strategy, timeline: run.timeline, window: origin.window, check: .trust,
            trainer: trainer, name: name, progress: progress)
    }

    /// The value of a setting in canonical YAML, nil when it is not there or is no number.
    static func setting(_ key: String, _ configuration: String) -> Double? {
        for line in configuration.split(separator: "\n") where line.hasPrefix("\(key): ") {
            return Double(line.dropFirst(key.utf8.count + 2))
        }
        return nil
    }
}
