import Digests
public import EventLog
import Events
public import FeedbackLoop
import Learning

/// The loop's state at a position of a run: its timeline's facts, the schedule and its own events
/// folded, and nothing decided, trained or filled.
public enum RunFold {
    /// The driver as it stood when the event at `position` of the run had been recorded; with nil
    /// as it stood behind the run's last event.
    ///
    /// It can go on from there: `Driver.next()` records what that event's instant leaves due, and
    /// further facts come from `driver.read + 1` on.
    ///
    /// - Parameters:
    /// - facts: how many timeline events are read behind the last event; nil for none that no event
    /// was recorded behind. - fact: lent each timeline event that is read, in order.
    @_specialize(where S == LoopStrategy)
    @_specialize(where S == DisclosureFollow)
    public static func fold<S: Strategy>(
        _ strategy: S, window: ReplayWindow, timeline: EventLog, run: EventLog,
        through position: UInt64? = nil, facts: UInt64? = nil,
        artefacts: any ArtefactStore = NoArtefacts(),
        fact: (UInt64, RawSpan) throws -> Void = { _, _ in }
    ) throws -> Driver<S> {
        let last = try min(position ?? .max, run.head().position)
        var driver = Driver(
            strategy, window: window, artefacts: artefacts, digest: { SHA256.hash($0) })
        if let trained = try lastTrained(run, through: last) { driver.recall(trainedAt: trained) }
        var events = LogCursor(run, from: 1, through: last)
        var read = LogCursor(timeline, from: 1)
        var isFirst = true
        while let event = try events.next() {
            let envelope = try Envelope(message: event.message)
            if isFirst { driver.follow(world: envelope.flags) }
            isFirst = false
            while driver.read < envelope.through, let record = try read.next() {
                try take(record, &driver, fact)
            }
            try driver.follow(event.message)
        }
        while driver.read < facts ?? 0, let record = try read.next() {
            try take(record, &driver, fact)
        }
        if facts != nil { driver.pass(before: Instant(rawValue: .max)) }
        return driver
    }

    private static func take<S: Strategy>(
        _ record: borrowing Record, _ driver: inout Driver<S>,
        _ fact: (UInt64, RawSpan) throws -> Void
    ) throws {
        driver.pass(before: try Envelope(message: record.message).knownAt)
        guard try driver.fact(record.message, at: record.position) else { return }
        try fact(record.position, record.message)
    }

    /// The position of the latest training that gave a model.
    private static func lastTrained(_ run: EventLog, through last: UInt64) throws -> UInt64? {
        var latest: UInt64?
        guard last > 0 else { return nil }
        try run.read(through: last) { record in
            if try MessageHeader(record.message).templateID == ModelTrained.templateID {
                latest = record.position
            }
            return .proceed
        }
        return latest
    }
}
