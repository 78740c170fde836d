public import EventLog
public import Events
public import FeedbackLoop
public import Learning

extension Run {
    /// Replays a timeline through a strategy and lends each event that it would record; no log is
    /// written, and the result's head is empty.
    public static func rehearse(
        _ strategy: some Strategy, timeline: EventLog, window: ReplayWindow = ReplayWindow(),
        check: RecordCheck = .checksum, trainer: (any Trainer)? = nil,
        progress: (Day) -> Void = { _ in },
        event: (RawSpan) throws -> Void
    ) throws -> Result {
        let timelineHead = try timeline.head()
        var replay = Replay(strategy, window: window, performer: TrainingPerformer(trainer))
        try drive(&replay, timeline, timelineHead, check, progress) { recorder in
            var start = 0
            for end in recorder.ends {
                try event(recorder.arena.bytes.extracting(start..<end))
                start = end
            }
            recorder.drain()
        }
        return result(replay, head: .empty, timeline: timelineHead)
    }
}
