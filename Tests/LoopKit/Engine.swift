import Events
import FeedbackLoop
import Learning
import Pipeline

/// The one place of this kit that knows how a strategy is opened and driven.
enum Engine {
    /// Replays a timeline through a strategy and gives everything that is recorded, in order, by
    /// the commits that would have written it.
    static func run(
        _ strategy: BuiltStrategy, timeline: [[UInt8]], window: ReplayWindow,
        trainer: (any Trainer)?
    ) throws -> [[Recorded]] {
        switch strategy {
        case .loop(let loop): return try replay(loop, timeline, window, trainer)
        case .follow(let follow): return try replay(follow, timeline, window, trainer)
        }
    }

    private static func replay(
        _ strategy: some Strategy, _ timeline: [[UInt8]], _ window: ReplayWindow,
        _ trainer: (any Trainer)?
    ) throws -> [[Recorded]] {
        var commits: [[Recorded]] = []
        var replay = Replay(strategy, window: window, performer: TrainingPerformer(trainer))
        func drain(_ recorder: inout Recorder) throws {
            let position = commits.reduce(0) { $0 + $1.count }
            commits.append(try Engine.taken(recorder, behind: position))
            recorder.drain()
        }
        replay.begin(digest: Run.digest(of: strategy))
        for (number, message) in timeline.enumerated() {
            let goesOn = try replay.step(
                message.span.bytes, at: UInt64(number) + 1, commit: drain)
            if !goesOn { break }
        }
        try replay.finish(timeline: nil, commit: drain)
        return commits
    }
}
