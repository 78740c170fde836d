import Digests
public import EventLog
public import Events
public import FeedbackLoop
import Learning

/// The loop's state at a position of a run: its timeline's facts, the schedule and its own events
/// folded, and nothing decided, trained or filled.
public enum RunFold {
    /// The driver as it stood when the event at a position of the run had been recorded; with nil
    /// as it stood behind the run's last event.
    ///
    /// It can go on from there: `Replay` takes it up, records what that event's instant leaves due,
    /// and reads further facts from `driver.read + 1` on.
    ///
    /// - Parameters:
    ///   - run: the run over its timeline.
    ///   - end: a position of `run`.
    ///   - artefacts: lends the trees of models, once the driver is asked to go on.
    ///   - event: lent each event once it is folded in, in the one order of run and timeline.
    /// - Throws: `LogError`, `MergeError`, `DecodingError`; `LoopError.portfolio` for an event that
    ///   no portfolio takes.
    @_specialize(where S == LoopStrategy)
    @_specialize(where S == DisclosureFollow)
    public static func fold<S: Strategy>(
        _ strategy: S, window: ReplayWindow, run: MergedLog, through end: MergedPosition? = nil,
        artefacts: any ArtefactStore = NoArtefacts(),
        event: (Reference, RawSpan) throws -> Void = { _, _ in }
    ) throws -> Driver<S> {
        let end = try end ?? run.end()
        let settings = try RecordedSettings(run, through: end, as: strategy)
        var driver = Driver(
            strategy, window: window, beginning: settings.beginning, artefacts: artefacts,
            digest: { SHA256.hash($0) })
        if let trained = try lastTrained(run, through: end) {
            if let before: S = settings.strategy(of: trained) {
                driver.recall(
                    try fold(
                        before, window: window, run: run,
                        through: run.position(after: .own(trained))
                    ).strategy)
            } else {
                driver.recall(trainedAt: trained)
            }
        }
        try run.read(through: end.position) { record in
            if record.reference.isTimeline {
                driver.pass(before: try Envelope(message: record.message).knownAt)
                _ = try driver.fact(record.message, at: record.reference.position)
            } else {
                if record.reference == .own(1) {
                    driver.follow(world: try Envelope(message: record.message).flags)
                }
                try driver.follow(record.message)
                if let rules = settings.rules(from: record.reference) {
                    driver.govern(by: rules)
                }
            }
            try event(record.reference, record.message)
            return .proceed
        }
        return driver
    }

    /// The position of the latest training that gave a model.
    private static func lastTrained(_ run: MergedLog, through end: MergedPosition) throws
        -> UInt64?
    {
        var latest: UInt64?
        try run.readOwn { reference, message in
            guard reference.position <= end.own else { return .stop }
            if try MessageHeader(message).templateID == ModelTrained.templateID {
                latest = reference.position
            }
            return .proceed
        }
        return latest
    }
}
