public import EventLog
import Events
public import FeedbackLoop
public import Learning

/// Decides a live run again: from the rehearsal that it left, over its own timeline, under the
/// settings of the service that it recorded.
public enum LiveReplay {
    /// Decides again, as far as the timeline goes; `event` is lent each event with its position in
    /// the run's own log, and says when it has had enough.
    ///
    /// - Throws: `LiveRunError.notLive` for a backtest.
    public static func decide(
        _ strategy: some Strategy, _ run: OpenedRun, trainer: (any Trainer)?,
        event: (UInt64, RawSpan) throws -> ReadControl
    ) throws {
        let manifest = try LiveManifest(run)
        let beginning = try LiveBeginning(run, manifest, DayRules())
        let performer = try TrainingPerformer(trainer, of: run)
        let rehearsed = try RunFold.fold(
            strategy, window: ReplayWindow(from: run.manifest?.firstDay), run: run.merged,
            through: manifest.parent.position, artefacts: performer)
        var live = try LiveDriver(rehearsed, behind: manifest.live.instant, performer: performer)
        live.begin(beginning)

        var position: UInt64 = 0
        var isOver = false
        func lend(_ recorder: inout Recorder) throws {
            try recorder.each { message in
                position += 1
                if !isOver, try event(position, message) == .stop { isOver = true }
            }
            recorder.drain()
        }
        try live.goOn(commit: lend)
        let offset = manifest.parent.position.timeline
        try run.timeline.read { record in
            if isOver { return .stop }
            try live.read(record.message, at: record.position + offset, commit: lend)
            return .proceed
        }
    }
}
