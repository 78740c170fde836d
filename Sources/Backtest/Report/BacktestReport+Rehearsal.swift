public import EventLog
public import Events
public import FeedbackLoop
public import Learning
public import Pipeline

extension BacktestReport {
    /// Replays a timeline through a strategy, writes no log, and reports on what came of it.
    public static func rehearse(
        _ strategy: some Strategy, timeline: EventLog, window: ReplayWindow,
        check: RecordCheck = .checksum, trainer: (any Trainer)? = nil, name: String,
        progress: (Day) -> Void = { _ in }
    ) throws -> BacktestReport {
        var tally = RunTally()
        let result = try Run.rehearse(
            strategy, timeline: timeline, window: window, check: check, trainer: trainer,
            progress: progress
        ) { try tally.take($0) }
        return BacktestReport(
            result, tally, try PriceQuality.read(of: timeline), name: name, strategy: strategy.name,
            startCash: strategy.startCash)
    }

    /// Decides a fork again under a strategy, writes no log, and reports on what came of it and of
    /// the past that it shares.
    public static func rehearse(
        _ strategy: some Strategy, fork: ForkStart, window: ReplayWindow,
        check: RecordCheck = .checksum, trainer: (any Trainer)? = nil, name: String,
        progress: (Day) -> Void = { _ in }
    ) throws -> BacktestReport {
        var tally = RunTally()
        let result = try fork.rehearse(
            strategy, window, check: check, trainer: trainer, progress: progress
        ) {
            try tally.take($0)
        }
        return BacktestReport(
            result, tally, name: name, strategy: strategy.name, startCash: strategy.startCash)
    }
}
