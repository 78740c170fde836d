import ArgumentParser
import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline

/// Which loop answers: a strategy, or that of a run.
struct StrategyOption: ParsableArguments {
    @OptionGroup var data: DataOption
    @Option(name: .long, help: ArgumentHelp("feedback, baseline or a file.", valueName: "name"))
    var strategy = "feedback"
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The strategy, settings and window of a run, in place of --strategy.",
            valueName: "run"))
    var like: String?
    @Option(name: .long, help: ArgumentHelp("Change a setting.", valueName: "key=value"))
    var set: [String] = []

    mutating func validate() { like = like.map(data.run(named:)) }

    /// The loop and its window.
    func loop() throws -> (loop: LoopStrategy, window: ReplayWindow) {
        var window = ReplayWindow()
        let built: BuiltStrategy
        if let like {
            let run = try EventLog.open(at: try data.folder.existingRun(like))
            let origin = try RunOrigin.read(run, settings: try StrategyFile.pairs(set))
            (built, window.from) = (origin.strategy, origin.window.from)
        } else {
            built = try StrategyFile.load(strategy, settings: set)
        }
        let named = built.strategy.filter.isEverybody ? built : try built.named(over: timeline())
        guard case .loop(let loop) = named else {
            throw ValidationError(
                "\(built.strategy.name) has neither models nor signals; name feedback, or a file "
                    + "that extends it")
        }
        return (loop, window)
    }

    /// The run of `--like` where it is the very replay that `loop()` would make: finished, without
    /// other settings and an end of its window, over the data log as it stands.
    func finishedRun(_ timeline: EventLog) throws -> OpenedRun? {
        guard let like, set.isEmpty else { return nil }
        let run = try data.folder.openRun(like)
        guard let end = try RunEnd.read(run.log), end.timeline == (try timeline.head().seal),
            try RunOrigin.read(run.log).window.to == nil
        else {
            if run.manifest?.parent != nil {
                note(
                    "\(like) is a fork, and not over the facts as they are now: they are replayed "
                        + "under its settings from the beginning, without the past that it shares")
            }
            return nil
        }
        return run
    }

    /// The timeline of the data log as it stands.
    func timeline() throws -> EventLog {
        let log = try EventLog.open(at: data.folder.log)
        return try EventLog.open(at: try data.timeline(of: log).path)
    }
}
