import Audit
import Events
import FeedbackLoop
import Pipeline
import TestWorlds

extension SmallWorld {
    /// Every event that the loop decides on `facts`.
    static func replay(_ facts: [[UInt8]]) throws -> RecordedRun {
        var run = RecordedRun()
        var replayer = RunReplayer(try strategy(), window: ReplayWindow())
        for (index, fact) in facts.enumerated() {
            _ = try replayer.step(fact.span.bytes, at: UInt64(index + 1)) { run.append($1) }
        }
        try replayer.finish(timeline: nil) { run.append($1) }
        return run
    }

    /// The facts with all that is known after `cut` scrambled.
    static func scrambled(_ facts: [[UInt8]], after cut: Instant) throws -> [[UInt8]] {
        let scrambler = Scrambler(seed: 3)
        return try facts.enumerated().map { index, fact in
            guard try Envelope(message: fact.span.bytes).knownAt > cut else { return fact }
            return try scrambler.scrambled(fact.span.bytes, at: UInt64(index + 1))
        }
    }
}
