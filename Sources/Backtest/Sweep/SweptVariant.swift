import EventLog
public import Events
public import FeedbackLoop
public import Learning
public import Pipeline

/// One variant of a strategy as a sweep reads it: replayed in memory, and only its figures kept.
public struct SweptVariant: Sendable {
    /// What was varied, `KEY=VALUE` each, in the order of the options.
    public var settings: [String]
    /// SHA-256 of the canonical strategy.
    public var strategy: Digest
    /// What a log of trials says of it; its seal is that of the run that a backtest would record.
    public var result: TrialResult
    /// Return over the window, a fraction.
    public var totalReturn: Double
    /// Deepest fall from a peak, a fraction below 0.
    public var maximumDrawdown: Double?
    /// Excess over the index at equal exposure of each session whose index return is known.
    public var excess: [Double]

    /// Replays a feed through a variant.
    public static func rehearse(
        _ strategy: BuiltStrategy, settings: [String], feed: TimelineFeed, window: ReplayWindow,
        trainer: (any Trainer)?
    ) throws -> SweptVariant {
        switch strategy {
        case .loop(let loop): try rehearse(loop, settings, feed, window, trainer)
        case .follow(let follow): try rehearse(follow, settings, feed, window, trainer)
        }
    }

    private static func rehearse(
        _ strategy: some Strategy, _ settings: [String], _ feed: TimelineFeed,
        _ window: ReplayWindow, _ trainer: (any Trainer)?
    ) throws -> SweptVariant {
        var tally = RunTally()
        let result = try Run.rehearse(
            strategy, feed: feed, window: window, trainer: trainer, isSealed: true
        ) { try tally.take($0) }
        let report = BacktestReport(
            result, tally, name: settings.joined(separator: ","), strategy: strategy.name,
            startCash: strategy.startCash)
        let last = report.daily.last?.value ?? strategy.startCash
        return SweptVariant(
            settings: settings, strategy: Run.digest(of: strategy),
            result: TrialResult(report, seal: result.head.seal),
            totalReturn: last.dollars / strategy.startCash.dollars - 1,
            maximumDrawdown: report.whole.returns.maximumDrawdown,
            excess: ExcessPairs.excess(report).compactMap { $0 })
    }
}
