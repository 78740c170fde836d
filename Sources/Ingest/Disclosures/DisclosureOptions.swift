public import Events

/// An hour of the day in UTC at which a file's facts are known.
public struct ClockTime: Equatable, Sendable, CustomStringConvertible {
    /// 0–23.
    public var hour: Int
    /// 0–59.
    public var minute: Int

    /// The time `hour`:`minute` UTC.
    public init(hour: Int, minute: Int) {
        precondition(
            (0..<24).contains(hour) && (0..<60).contains(minute), "a clock time lies in a day")
        self.hour = hour
        self.minute = minute
    }

    /// Reads `HH:MM`, and nothing else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == 0x3A, let hour = Int(text.prefix(2)),
            let minute = Int(text.suffix(2)), (0..<24).contains(hour), (0..<60).contains(minute),
            bytes[0] != 0x2B, bytes[3] != 0x2B, bytes[0] != 0x2D, bytes[3] != 0x2D
        else { return nil }
        self.init(hour: hour, minute: minute)
    }

    /// `HH:MM`.
    public var description: String {
        "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }
}

/// What a caller may say about a file of disclosures.
public struct DisclosureOptions: Equatable, Sendable {
    /// The format, nil to detect it by header or first byte.
    public var format: SourceFormat?
    /// Rows traded before this day are left out.
    public var tradedFrom: Day?
    /// Rows traded on or after this day are left out.
    public var tradedBefore: Day?
    /// The hour of the filing date at which rows are known; nil: 05:00 of the day after.
    public var knownAt: ClockTime?
    /// The order of dates like 01/02/2020 of sources that are not recognised; nil: the whole file
    /// decides.
    public var dates: DateOrder?
    /// What the columns mean, where that cannot be told by their names.
    public var mapping: Mapping?
    /// The last day that a fact can be of; nil in a simulated world.
    var today: Day?
    /// Whether rows whose source does not vouch for the filing date are taken, and flagged.
    public var acceptsUnverifiedDates: Bool

    /// The defaults: detected, everything, known at 05:00 of the day after, vouched dates only.
    public init(
        format: SourceFormat? = nil, tradedFrom: Day? = nil, tradedBefore: Day? = nil,
        knownAt: ClockTime? = nil, dates: DateOrder? = nil, mapping: Mapping? = nil,
        acceptsUnverifiedDates: Bool = false
    ) {
        self.format = format
        self.tradedFrom = tradedFrom
        self.tradedBefore = tradedBefore
        self.knownAt = knownAt
        self.dates = dates
        self.mapping = mapping
        self.acceptsUnverifiedDates = acceptsUnverifiedDates
    }

    /// When a filing of `day` is known.
    func knownAt(filedOn day: Day) -> Instant {
        if let knownAt { return Instant(day, hour: knownAt.hour, minute: knownAt.minute) }
        return Instant(day + 1, hour: 5)
    }
}
