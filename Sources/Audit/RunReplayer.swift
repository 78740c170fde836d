import EventLog
public import Events
public import FeedbackLoop
public import Learning
import Pipeline

/// Replays facts through a strategy and lends each recorded event, without writing a log.
public struct RunReplayer<S: Strategy>: ~Copyable {
    private var replay: Replay<S>
    private var emitted: UInt64 = 0

    /// A replay before its first fact; `world` flags every event, as in `Run.world`.
    public init(
        _ strategy: S, window: ReplayWindow, world: EventFlags = [],
        trainer: (any Trainer)? = nil
    ) {
        replay = Replay(strategy, window: window, performer: TrainingPerformer(trainer))
        replay.begin(digest: Run.digest(of: strategy), world: world)
    }

    /// A replay that goes on from where a fork left its parent.
    init(resuming replay: consuming Replay<S>) {
        self.replay = replay
    }

    /// Timeline events read.
    var read: UInt64 { replay.read }

    /// Reads one fact; `event` is lent what was decided before it and by it. False when the window
    /// is over.
    public mutating func step(
        _ message: RawSpan, at position: UInt64, event: (UInt64, RawSpan) throws -> Void
    ) throws -> Bool {
        var count = emitted
        defer { emitted = count }
        let goesOn = try replay.step(message, at: position) { recorder in
            try RunReplayer.lend(&recorder, &count, event)
        }
        // Sooner than its commit, so that a replay can end at an instant.
        try replay.lend { recorder in try RunReplayer.lend(&recorder, &count, event) }
        return goesOn
    }

    /// Runs every instant up to one, by which all facts were read: so far a rehearsal goes.
    mutating func run(through instant: Instant, event: (UInt64, RawSpan) throws -> Void) throws {
        var count = emitted
        defer { emitted = count }
        try replay.run(through: instant) { recorder in
            try RunReplayer.lend(&recorder, &count, event)
        }
        try replay.lend { recorder in try RunReplayer.lend(&recorder, &count, event) }
    }

    /// Runs what is still due.
    public mutating func finish(timeline: Digest?, event: (UInt64, RawSpan) throws -> Void) throws {
        var count = emitted
        defer { emitted = count }
        try replay.finish(timeline: timeline) { recorder in
            try RunReplayer.lend(&recorder, &count, event)
        }
    }

    private static func lend(
        _ recorder: inout Recorder, _ count: inout UInt64,
        _ event: (UInt64, RawSpan) throws -> Void
    ) throws {
        try recorder.each { message in
            count += 1
            try event(count, message)
        }
        recorder.drain()
    }
}
