public import Events

/// A moment of a log or run, as people name it: everything up to it, and nothing after.
///
/// An event stands for itself and all before it. A time stands for every event up to it, its own
/// instant included. A date stands for the time at which the cycle after its session decides, 05:30
/// UTC of the next day, whether it is a session or not.
public struct AsOf: Hashable, Sendable {
    /// Which of an event's two times is meant.
    public enum Clock: Hashable, Sendable {
        /// When the market could know it, or when it was decided: `knownAt`.
        case knowledge
        /// When the log took it: `recordedAt`.
        case recorded
    }

    /// What names the moment.
    public enum Moment: Hashable, Sendable {
        /// After the last event.
        case end
        /// After as many events of timeline and run together; 0 is before the first.
        case position(UInt64)
        /// After an event.
        case event(Reference)
        /// After the cycle of a day.
        case day(Day)
        /// After everything up to an instant.
        case instant(Instant)
    }

    /// What names the moment.
    public var moment: Moment
    /// The clock by which days and instants are meant; events and positions need none.
    public var clock: Clock

    /// A moment.
    public init(_ moment: Moment, by clock: Clock = .knowledge) {
        (self.moment, self.clock) = (moment, clock)
    }

    /// The end.
    public static let end = AsOf(.end)

    /// When the cycle of a day's session decides.
    public static func cycle(of day: Day) -> Instant { Instant(day + 1, hour: 5, minute: 30) }

    /// The instant that a day or an instant stands for; nil for what is no time.
    public var instant: Instant? {
        switch moment {
        case .end, .position, .event: nil
        case .day(let day): AsOf.cycle(of: day)
        case .instant(let instant): instant
        }
    }
}

extension AsOf: CustomStringConvertible {
    /// The moment as people write it.
    public var description: String {
        switch moment {
        case .end: "end"
        case .position(let position): "\(position)"
        case .event(let reference): "\(reference)"
        case .day(let day): "\(day)"
        case .instant(let instant): "\(instant)"
        }
    }

    /// Reads `1234` (a position), `t123` or `r45` (an event), `2018-06-30`, `2018-07-01T03:00:00Z`
    /// or `end`.
    public init(_ text: String, by clock: Clock = .knowledge) throws(AsOfError) {
        guard let moment = Moment(text) else { throw .unreadable(text) }
        self.init(moment, by: clock)
    }
}

extension AsOf.Moment {
    init?(_ text: String) {
        func number(_ digits: Substring) -> UInt64? {
            guard digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
            return UInt64(digits).flatMap { $0 < 1 << 63 ? $0 : nil }
        }
        if text == "end" {
            self = .end
        } else if let day = Day(text) {
            self = .day(day)
        } else if let instant = Instant(text) {
            self = .instant(instant)
        } else if let position = number(text[...]) {
            self = .position(position)
        } else if let first = text.first, first == "t" || first == "r",
            let position = number(text.dropFirst()), position > 0
        {
            self = .event(first == "t" ? .timeline(position) : .own(position))
        } else {
            return nil
        }
    }
}

/// Why a moment is refused.
public enum AsOfError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is none.
    case unreadable(String)
    /// The log does not reach it.
    case beyond(AsOf, end: MergedPosition)
    /// A log alone has no timeline.
    case noTimeline(AsOf)

    /// What happened and what to write instead.
    public var description: String {
        switch self {
        case .unreadable(let text):
            "\(text) is no moment; write a date (2018-06-30, after its cycle), an instant "
                + "(2018-07-01T03:00:00Z), an event (r45, or t123 of the timeline), a position "
                + "(1234, events of both) or end"
        case .beyond(let asOf, let end):
            end.timeline == 0
                ? "there is no \(asOf): the log ends with r\(end.own)"
                : "there is no \(asOf): the run ends with r\(end.own), having read "
                    + "t\(end.timeline), which is position \(end.position)"
        case .noTimeline(let asOf):
            "there is no \(asOf): this log has no timeline; name one of its own events, as r45"
        }
    }
}
