/// How far a merged sequence was read: events of the run, or of a log alone, and of the timeline
/// under it.
///
/// The numbers are those of references: `own` 45 means through r45, `timeline` 123 through t123.
public struct MergedPosition: Hashable, Sendable {
    /// Events of the run or log.
    public var own: UInt64
    /// Events of the timeline.
    public var timeline: UInt64

    /// Nothing read.
    public static let start = MergedPosition(own: 0, timeline: 0)

    /// A position from its parts.
    public init(own: UInt64, timeline: UInt64) {
        self.own = own
        self.timeline = timeline
    }

    /// The merged ordinal: events read so far.
    public var position: UInt64 { own + timeline }
}
