public import EventLog
public import Events

/// Facts of a data log that were recorded when the cycle that could have read them first was over.
///
/// A fact known at an instant is read by the first cycle (05:30 UTC) at or after it; recorded by
/// then, it came in time. What the log took before `since` is its history: nobody decided anything
/// when it was known. A fact of no date (known since 1970) is neither.
public struct LateFacts: Sendable {
    /// A fact that came late.
    public struct Fact: Hashable, Sendable {
        /// Its position in the data log.
        public let position: UInt64
        /// Its kind, as `recount events` names it.
        public let kind: String
        /// Its ticker, where it has one.
        public let ticker: String?
        /// When it was known.
        public let knownAt: Instant
        /// When the log took it.
        public let recordedAt: Instant

        /// Seconds between the cycle that could have read it first and its recording.
        public var delay: Int64 {
            (recordedAt.rawValue - LateFacts.deadline(knownAt).rawValue) / 1_000_000_000
        }
    }

    /// Facts of one kind.
    public struct Count: Hashable, Sendable {
        /// The kind.
        public let kind: String
        /// Of the log's history.
        public var history = 0
        /// Recorded in time.
        public var inTime = 0
        /// Recorded late.
        public var late = 0
        /// Of no date.
        public var undated = 0
    }

    /// Where the history ends.
    public let since: Instant
    /// By kind, in the order in which kinds are numbered.
    public private(set) var counts: [Count] = []
    /// The late ones, in the order in which they were recorded.
    public private(set) var late: [Fact] = []
    /// How far the log was read.
    public let end: UInt64

    /// Hours after a log's first fact in which it takes its history, where nobody says otherwise.
    public static let historyHours = 24

    /// The first cycle that can read what is known at an instant.
    public static func deadline(_ knownAt: Instant) -> Instant {
        let today = AsOf.cycle(of: knownAt.day - 1)
        return knownAt <= today ? today : AsOf.cycle(of: knownAt.day)
    }

    /// Reads a data log.
    public init(_ log: EventLog, since wanted: Instant? = nil) throws {
        end = try log.head().position
        var first = Instant.epoch
        try log.record(at: 1) { first = try Envelope(message: $0.message).recordedAt }
        since = wanted ?? first.adding(seconds: Int64(LateFacts.historyHours) * 3_600)
        let kinds = EventSchema.messages.map { $0.id }
        var counted = kinds.map { id in
            Count(kind: EventSchema.message(id: id)?.name ?? "\(id)")
        }
        try log.read(through: end) { record in
            let template = try MessageHeader(record.message).templateID
            guard let index = kinds.firstIndex(of: template),
                template == SessionClosed.templateID || FactIndex.rank(template) != nil,
                try FactIndex.isFact(record.message, template)
            else { return .proceed }
            let envelope = try Envelope(message: record.message)
            if envelope.knownAt.day.rawValue <= 0 {
                counted[index].undated += 1
            } else if envelope.recordedAt < since {
                counted[index].history += 1
            } else if envelope.recordedAt <= LateFacts.deadline(envelope.knownAt) {
                counted[index].inTime += 1
            } else {
                counted[index].late += 1
                let ticker = try EventJSON.fields(message: record.message).first {
                    $0.path == "ticker"
                }
                late.append(
                    Fact(
                        position: record.position, kind: counted[index].kind,
                        ticker: ticker.map { $0.text.filter { $0 != "\"" } },
                        knownAt: envelope.knownAt, recordedAt: envelope.recordedAt))
            }
            return .proceed
        }
        counts = counted.filter { $0.history + $0.inTime + $0.late + $0.undated > 0 }
    }

    /// What a derivation leaves out to be without the late facts.
    public var edit: FactEdit {
        var edit = FactEdit()
        edit.positions = Set(late.map(\.position))
        return edit
    }
}
