/// A run over its timeline as one sequence: timeline event t, then the run's events with `through`
/// = t by own position. A log alone is the simplest case, a fork the longest.
///
/// The merged ordinal of an event is the number of events read with it, t + r. `knownAt` never
/// orders a merge. A fork's sequence is its parent's up to the fork position, then its own; its
/// events go on with the numbers of references where the parent's stopped, so that every reference
/// names one event.
public struct MergedLog: Sendable {
    /// A stretch of the sequence: a run over its timeline, or a log alone.
    struct Segment: Sendable {
        /// Whose events are the own ones.
        let log: EventLog
        /// The timeline under it; nil for a log alone.
        let timeline: EventLog?
        /// How far the sequence had gone before: its events come after this.
        let start: MergedPosition
        /// References to timeline events before the first event of `timeline`.
        let timelineOffset: UInt64

        /// References to own events before the first event of `log`.
        var ownOffset: UInt64 { start.own }
    }

    /// In order; each ends where the next one starts.
    let segments: [Segment]

    /// A log alone.
    public init(_ log: EventLog) {
        segments = [Segment(log: log, timeline: nil, start: .start, timelineOffset: 0)]
    }

    /// A run over its timeline; a log alone where that is nil.
    public init(_ run: EventLog, over timeline: EventLog?) {
        segments = [Segment(log: run, timeline: timeline, start: .start, timelineOffset: 0)]
    }

    /// What a fork's timeline holds.
    public enum ForkTimeline: String, Sendable {
        /// All facts, those that the parent had read among them.
        case whole
        /// Only facts that come after those that the parent had read.
        case continued
    }

    /// The sequence of a fork of this one, that left it at a position.
    public func forked(
        at position: MergedPosition, _ run: EventLog, over timeline: EventLog,
        _ kind: ForkTimeline = .whole
    ) -> MergedLog {
        MergedLog(
            segments: segments.prefix {
                $0.start.position < position.position || $0.start == .start
            }
                + [
                    Segment(
                        log: run, timeline: timeline, start: position,
                        timelineOffset: kind == .whole ? 0 : position.timeline)
                ])
    }

    private init(segments: [Segment]) {
        self.segments = segments
    }

    /// Where a segment ends; nil for the last, which may grow.
    func end(of segment: Int) -> MergedPosition? {
        segment + 1 < segments.count ? segments[segment + 1].start : nil
    }

    /// Where forks left what they were made from, in order: the event behind each says under which
    /// settings the run lives on. Empty for a run that is no fork, and for a log alone.
    public var forks: [MergedPosition] { segments.dropFirst().map(\.start) }

    /// Whether its facts stand in several timelines: those of a live run and its rehearsal do.
    public var isOverSeveral: Bool { segments.contains { $0.timelineOffset > 0 } }

    /// Own events that a fork shares with what it left; 0 for what is no fork.
    public var sharedOwn: UInt64 { segments[segments.count - 1].start.own }

    /// The log that grows: a run's own, or the log alone.
    public var log: EventLog { segments[segments.count - 1].log }

    /// The timeline under it; nil for a log alone.
    public var timeline: EventLog? { segments[segments.count - 1].timeline }

    /// A cursor that goes on after a position.
    ///
    /// - Precondition: the sequence stood there once: `position(after:)` or a cursor gave it.
    public func cursor(
        after position: MergedPosition = .start, through last: UInt64 = .max,
        check: RecordCheck = .checksum
    ) -> MergedCursor {
        MergedCursor(self, after: position, through: last, check: check)
    }

    /// Lends the events after a position in order, until `last` (a merged ordinal), the end, or
    /// until `body` says stop.
    public func read(
        after position: MergedPosition = .start, through last: UInt64 = .max,
        check: RecordCheck = .checksum,
        _ body: (borrowing MergedRecord) throws -> ReadControl
    ) throws {
        var cursor = cursor(after: position, through: last, check: check)
        while let record = try cursor.next() {
            guard try body(record) == .proceed else { return }
        }
    }
}
