import EventLog
import Events
import FeedbackLoop
import Pipeline
import TestKit
import TestWorlds

/// A run that trains weekly and monthly, and what it was made of.
struct LearningRun {
    let log: EventLog
    let timeline: EventLog
    let loop: LoopStrategy
    let trainer = StumpTrainer()

    init(_ folder: TemporaryFolder, settings: [String] = []) throws {
        timeline = try SmallWorld.log(
            SmallWorld(sessions: 420).facts, kind: .timeline, at: "\(folder.path)/timeline")
        let wanted =
            SmallWorld.settings + [
                "train=true", "training_lookback_sessions=120", "holdout_sessions=30",
                "early_stopping_sessions=10", "gate=always",
            ] + settings
        guard case .loop(let loop) = try StrategyFile.load("feedback", settings: wanted) else {
            throw CancellationError()
        }
        _ = try Run.make(
            loop, timeline: timeline, at: "\(folder.path)/run", trainer: trainer)
        log = try EventLog.open(at: "\(folder.path)/run")
        self.loop = loop
    }

    func set(_ asOf: AsOf, job: JobKind? = nil) throws -> TrainingReplay.Recomputed {
        try TrainingReplay.set(
            of: merged, configuration, asOf: asOf, job: job)
    }

    /// The loop's settings.
    var configuration: LoopConfiguration { loop.configuration }

    /// Run and timeline in their one order.
    var merged: MergedLog { MergedLog(log, over: timeline) }
}
