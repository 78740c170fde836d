public import Events
public import FeedbackLoop
public import Learning
import Market
public import Pipeline

/// A run as a comparison reads it: replayed in memory, tallied from the events as they are made.
public struct ComparedRun: Sendable {
    /// The report that a recorded run would have.
    public var report: BacktestReport
    var entries: RunEntries
    var fills: RunFills
    /// The costs that its orders were filled at.
    var costs: Costs
    /// Its evaluations and outcomes; nil unless they were asked for.
    var rows: ReplayedRows?

    var learning: LearningTally { report.learning }

    /// Replays a feed through a strategy; `keepsRows` where its promotions are to be judged.
    public static func rehearse(
        _ strategy: BuiltStrategy, name: String, feed: TimelineFeed, window: ReplayWindow,
        trainer: (any Trainer)?, keepsRows: Bool = false,
        progress: (Day) -> Void = { _ in }
    ) throws -> ComparedRun {
        switch strategy {
        case .loop(let loop):
            try rehearse(
                loop, name: name, feed: feed, window: window, trainer: trainer,
                keepsRows: keepsRows, progress: progress)
        case .follow(let follow):
            try rehearse(
                follow, name: name, feed: feed, window: window, trainer: trainer,
                progress: progress)
        }
    }

    /// The report on its decisions with other slippage, basis points a side.
    public func priced(slippage: Double) -> BacktestReport {
        CostCurve.report(report, fills, costs, slippage: slippage)
    }

    /// What its decisions come to at other costs.
    public var costCurve: CostCurve { CostCurve(report, fills, costs) }

    /// The same of a strategy that is no built-in one.
    static func rehearse(
        _ strategy: some Strategy, name: String, feed: TimelineFeed, window: ReplayWindow,
        trainer: (any Trainer)?, keepsRows: Bool = false,
        progress: (Day) -> Void = { _ in }
    ) throws -> ComparedRun {
        var tally = RunTally()
        var entries = RunEntries()
        var fills = RunFills()
        var rows = ReplayedRows()
        var position: UInt64 = 0
        let result = try Run.rehearse(
            strategy, feed: feed, window: window, trainer: trainer, progress: progress
        ) { message in
            position += 1
            try tally.take(message)
            try entries.take(message, at: position)
            try fills.take(message, at: position)
            if keepsRows { try rows.take(message) }
        }
        return ComparedRun(
            report: BacktestReport(
                result, tally, feed.prices, name: name, strategy: strategy.name,
                startCash: strategy.startCash),
            entries: entries, fills: fills, costs: strategy.rules.costs,
            rows: keepsRows ? rows : nil)
    }
}

extension BacktestReport {
    /// The information ratio at equal exposure, a year: a side of the primary metric; 0 of a run
    /// that held nothing. It stands among those of permuted worlds, whatever the number of trades;
    /// what is shown alone is `IndexMetrics.equalExposureInformationRatio`.
    public var excessRatio: Double {
        IndexMetrics.ratio(ExcessPairs.excess(self).compactMap(\.self)) ?? 0
    }
}
