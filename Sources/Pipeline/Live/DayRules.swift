public import Events
public import Market

/// When a live run takes a day's bars for whole, and when it halts its entries: settings of the
/// service.
public struct DayRules: Hashable, Sendable {
    /// The minute of the date after the session (UTC) from which most of the bars are enough.
    public var barsReadyBy: Int
    /// How much of what is expected is most of it, percent.
    public var enoughPercent: Int

    /// By what entries are halted; nil to halt by no rule.
    public var halts: HaltRules?

    /// Rules; by default those of the domain for bars: all, or from 02:00 on four fifths; and no
    /// halts by rule.
    public init(barsReadyBy: Int = 120, enoughPercent: Int = 80, halts: HaltRules? = nil) {
        (self.barsReadyBy, self.enoughPercent) = (barsReadyBy, enoughPercent)
        self.halts = halts
    }

    /// A ticker is expected when it had a bar in one of as many of the latest sessions.
    public static let recentSessions = 5

    /// `HH:MM` of the date after the session.
    public var barsReadyText: String {
        let (hour, minute) = (barsReadyBy / 60, barsReadyBy % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }

    /// When most of a session's bars are enough.
    public func ready(_ session: Day) -> Instant {
        Instant(session + 1, hour: 0).adding(seconds: Int64(barsReadyBy) * 60)
    }

    /// As canonical YAML, in the run's first event.
    public var text: String {
        """
        service: live
        bars_ready_by: \(barsReadyText)
        bars_enough_percent: \(enoughPercent)

        """ + (halts?.text ?? "")
    }
}

/// How much of a session is in the data log.
public struct DayStanding: Hashable, Sendable {
    /// The session.
    public var day: Day
    /// Tickers with a bar.
    public var tickers: Int
    /// Tickers without one that are held, have an order, or had a bar lately; ascending.
    public var missing: [Ticker]
    /// How many are expected.
    public var expected: Int
    /// Whether the index has closed, or the log has none at all.
    public var hasIndex: Bool
    /// Files whose bars are adjusted, and count for nothing with a broker.
    public var adjusted = 0

    /// Whether it is taken for whole at an instant.
    public func isComplete(at now: Instant, _ rules: DayRules) -> Bool {
        guard hasIndex, tickers > 0 else { return false }
        if missing.isEmpty { return true }
        return now >= rules.ready(day)
            && 100 * (expected - missing.count) >= rules.enoughPercent * expected
    }
}

/// What a live run does next.
public enum LiveTurn: Hashable, Sendable {
    /// An instant is due, or was run: when, what it is for, and of a session's close which.
    case due(Instant, InstantKind, Day?)
    /// A session is over and its bars are not all there.
    case waiting(DayStanding)
    /// Nothing is due; the next session.
    case idle(Day)
}
