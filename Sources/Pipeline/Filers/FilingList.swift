public import EventLog
public import Events
public import FeedbackLoop

/// The filed rows that a filter follows, in order of knowledge, each once.
public struct FilingList: Sendable {
    /// One row.
    public struct Row: Hashable, Sendable {
        /// Its event in the timeline.
        public let event: Reference
        /// When it became known.
        public let knownAt: Instant
        /// The filing date.
        public let filedOn: Day
        /// The transaction date.
        public let tradedOn: Day
        /// What was traded.
        public let ticker: Ticker
        /// Which way.
        public let side: TradeSide
        /// Whose account.
        public let owner: Owner
        /// The lower end of the band, nil without a band.
        public let amountLow: Money?
        /// The upper end, nil when open-ended.
        public let amountHigh: Money?
        /// The filer's name as filed.
        public let filer: String
        /// The chamber, as far as it was known then.
        public let chamber: Chamber?
        /// The party, likewise.
        public let party: Party?
    }

    /// The rows.
    public private(set) var rows: [Row] = []
    /// What was followed, and what was not.
    public var counts: FollowedCounts { filings.counts }

    private var filings: FilteredFilings
    private var places = Lookup<UInt64, Bool>()

    /// No rows.
    public init(_ filter: FilingFilter) { filings = FilteredFilings(filter) }

    /// The rows of a whole timeline.
    public init(_ filter: FilingFilter, of timeline: EventLog) throws {
        self.init(filter)
        try timeline.read { record in
            try take(record.message, at: record.position)
            return .proceed
        }
    }

    /// Whether the filter follows the row at a timeline position, also one that repeats another.
    public func holds(_ position: UInt64) -> Bool { places[position] != nil }

    /// Takes the timeline's event at a position.
    public mutating func take(_ message: RawSpan, at position: UInt64) throws(DecodingError) {
        let template = try MessageHeader(message).templateID
        guard let verdict = try filings.take(message, templateID: template), verdict.reason == nil
        else { return }
        places[position] = true
        guard !verdict.isRepeat else { return }
        switch template {
        case DisclosureFiled.templateID:
            let event = try DisclosureFiledView(message)
            rows.append(
                Row(
                    event: .timeline(position), knownAt: event.envelope.knownAt,
                    filedOn: event.filedOn, tradedOn: event.tradedOn, ticker: event.ticker,
                    side: event.side, owner: event.owner, amountLow: event.amountLow,
                    amountHigh: event.amountHigh, filer: event.filer, chamber: verdict.chamber,
                    party: verdict.party))
        case DisclosureAmended.templateID:
            let event = try DisclosureAmendedView(message)
            rows.append(
                Row(
                    event: .timeline(position), knownAt: event.envelope.knownAt,
                    filedOn: event.filedOn, tradedOn: event.tradedOn, ticker: event.ticker,
                    side: event.side, owner: event.owner, amountLow: event.amountLow,
                    amountHigh: event.amountHigh, filer: event.filer, chamber: verdict.chamber,
                    party: verdict.party))
        default: break
        }
    }
}

extension FilingList.Row {
    /// The owner as settings and read models write it: `self`, `spouse` …
    public var ownerWord: String { owner == .filer ? "self" : "\(owner)" }
}
