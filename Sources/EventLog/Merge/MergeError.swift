public import Events

/// Why a run and the timeline under it cannot be merged.
public enum MergeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A timeline ends before a position that an event of the run had read.
    case timelineEnds(path: String, after: UInt64, event: Reference, through: UInt64)
    /// An event had read less of the timeline than the one before it.
    case readsBack(path: String, event: Reference, through: UInt64, before: UInt64)
    /// A fork begins at a position that its parent never stood at.
    case noForkPosition(path: String, own: UInt64, timeline: UInt64)

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .timelineEnds(let path, let after, let event, let through):
            "\(path): the timeline ends with t\(after), but \(event) of the run had read "
                + "t\(through); derive the timeline again, or make the run again"
        case .readsBack(let path, let event, let through, let before):
            "\(path): \(event) had read t\(through) of the timeline, less than the t\(before) "
                + "before it; make the run again"
        case .noForkPosition(let path, let own, let timeline):
            "\(path): a fork begins after r\(own) and t\(timeline), where this run never stood; "
                + "make the fork again"
        }
    }

    /// The event at which the order breaks; none for a fork's beginning.
    public var event: Reference {
        switch self {
        case .timelineEnds(_, _, let event, _), .readsBack(_, let event, _, _): event
        case .noForkPosition: .none
        }
    }
}
