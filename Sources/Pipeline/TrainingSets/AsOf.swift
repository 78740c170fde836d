public import Events

/// The moment of a run whose training set is asked for.
public enum AsOf: Hashable, Sendable {
    /// After an event of the run's own log.
    case position(UInt64)
    /// After everything that was recorded up to an instant.
    case instant(Instant)
    /// After everything that was recorded up to the end of a day.
    case day(Day)

    /// What `r1234`, `2019-03-01` or `2019-03-03T02:00:00Z` says; nil for anything else.
    public init?(_ text: String) {
        if text.hasPrefix("r"), let position = UInt64(text.dropFirst()), position > 0 {
            self = .position(position)
        } else if let day = Day(text) {
            self = .day(day)
        } else if let instant = Instant(text) {
            self = .instant(instant)
        } else {
            return nil
        }
    }

    /// Whether an event of the run lies after it.
    func excludes(_ position: UInt64, recordedAt: Instant) -> Bool {
        switch self {
        case .position(let last): position > last
        case .instant(let last): recordedAt > last
        case .day(let day): recordedAt >= Instant(day + 1)
        }
    }
}
