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
        } else if let instant = AsOf.instant(text) {
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

    /// `YYYY-MM-DDTHH:MM:SSZ`, the seconds optional.
    private static func instant(_ text: String) -> Instant? {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = Day(String(parts[0])), parts[1].hasSuffix("Z") else {
            return nil
        }
        let clock = parts[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
        let numbers = clock.compactMap { $0.utf8.count == 2 ? Int($0) : nil }
        guard numbers.count == clock.count, 2...3 ~= numbers.count, 0..<24 ~= numbers[0],
            numbers.dropFirst().allSatisfy({ 0..<60 ~= $0 })
        else { return nil }
        let seconds = numbers.count == 3 ? Int64(numbers[2]) : 0
        return Instant(day, hour: numbers[0], minute: numbers[1]).adding(seconds: seconds)
    }
}
