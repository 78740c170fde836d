public import EventLog
public import Events
public import FeedbackLoop

/// The sessions of a timeline that lie in a window: what a trial names before it runs.
public struct TimelineSessions: Hashable, Sendable {
    /// Seal of the timeline.
    public var seal: Digest
    /// The first session.
    public var first: Day
    /// The last session.
    public var last: Day
    /// Sessions.
    public var count: Int
    /// Whether the facts are a simulated world's.
    public var isSimulated: Bool

    /// Reads the days of a timeline; nil when no session lies in the window.
    public init?(_ timeline: EventLog, window: ReplayWindow) throws {
        let head = try timeline.head()
        var days: (first: Day, last: Day, count: Int)?
        try timeline.read(through: head.position, check: .trust) { record in
            guard try MessageHeader(record.message).templateID == SessionClosed.templateID else {
                return .proceed
            }
            let day = try SessionClosedView(record.message).day
            guard window.contains(day) else { return .proceed }
            days = (days?.first ?? day, day, (days?.count ?? 0) + 1)
            return .proceed
        }
        guard let days else { return nil }
        seal = head.seal
        (first, last, count) = days
        isSimulated = try Run.world(of: timeline).contains(.simulated)
    }
}
