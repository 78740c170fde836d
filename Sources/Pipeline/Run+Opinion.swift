public import EventLog
public import Events
public import FeedbackLoop
public import Learning

extension Run {
    /// What the loop that made a run says of a ticker as of the run's end, by the run's own events:
    /// nothing that it decided is decided again. Nil for a run without a session.
    ///
    /// - Throws: what `RunFold.fold` and `LoopStrategy.opinion` throw.
    public static func opinion(
        of ticker: Ticker, _ strategy: LoopStrategy, run: MergedLog, window: ReplayWindow,
        trainer: (any Trainer)? = nil
    ) throws -> Opinion? {
        let performer = TrainingPerformer(trainer)
        let driver = try RunFold.fold(strategy, window: window, run: run, artefacts: performer)
        return try driver.strategy.opinion(of: ticker, driver.world, artefacts: performer)
    }

    /// Replays a timeline through the loop to its end and asks what it says of a ticker then; no
    /// log is written. Nil for a timeline without a session.
    public static func opinion(
        of ticker: Ticker, _ strategy: LoopStrategy, timeline: EventLog,
        window: ReplayWindow = ReplayWindow(), trainer: (any Trainer)? = nil,
        progress: (Day) -> Void = { _ in }
    ) throws -> Opinion? {
        let head = try timeline.head()
        var replay = Replay(strategy, window: window, performer: TrainingPerformer(trainer))
        try drive(&replay, timeline, head, .checksum, progress) { recorder in recorder.drain() }
        return try replay.strategy.opinion(
            of: ticker, replay.world, artefacts: TrainingPerformer(trainer))
    }
}
