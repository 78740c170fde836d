public import Events

/// How many filed rows were followed, and why the others were not; each row once, however often it
/// was filed.
public struct FollowedCounts: Hashable, Sendable {
    /// Distinct rows that became known.
    public private(set) var rows = 0
    /// Those of them that are followed.
    public private(set) var followed = 0
    private var counts = Array(repeating: 0, count: FilingFilter.Reason.allCases.count)

    /// No rows.
    public init() {}

    /// Rows that were left out for a reason.
    public subscript(_ reason: FilingFilter.Reason) -> Int {
        counts[FilingFilter.Reason.allCases.firstIndex(of: reason) ?? 0]
    }

    /// The reasons for which rows were left out, in the order in which they are asked.
    public var reasons: [(reason: FilingFilter.Reason, rows: Int)] {
        FilingFilter.Reason.allCases.compactMap { self[$0] > 0 ? ($0, self[$0]) : nil }
    }

    /// Counts a row.
    mutating func count(_ reason: FilingFilter.Reason?) {
        rows += 1
        guard let reason else {
            followed += 1
            return
        }
        counts[FilingFilter.Reason.allCases.firstIndex(of: reason) ?? 0] += 1
    }
}

/// Facts read through a filter: which filed rows it follows, by what is known when each becomes
/// known, in the same way as the loop reads them.
public struct FilteredFilings: Sendable {
    /// The filter.
    public let filter: FilingFilter
    /// What was followed so far.
    public private(set) var counts = FollowedCounts()
    /// Whether a fact said on which committee somebody sits.
    public var hasCommittees: Bool { filers.hasCommittees }

    private var filers = Filers()
    private var digests = DigestSet()

    /// Nothing read.
    public init(_ filter: FilingFilter) { self.filter = filter }

    /// What a filter says of a filed row.
    public struct Verdict: Hashable, Sendable {
        /// Why it is left out; nil where it is followed.
        public let reason: FilingFilter.Reason?
        /// Whether an earlier row says the same.
        public let isRepeat: Bool
        /// The chamber that is known of it.
        public let chamber: Chamber?
        /// The party that is known of its filer.
        public let party: Party?
    }

    /// Takes a fact that became known, and gives its verdict on a filed row; nil of any other fact.
    @discardableResult
    public mutating func take(_ message: RawSpan, templateID: UInt16) throws(DecodingError)
        -> Verdict?
    {
        switch templateID {
        case DisclosureFiled.templateID:
            let event = try DisclosureFiledView(message)
            let row = FilingFilter.Row(event, filer: filers.number(event))
            return follow(row, event.rowDigest)
        case DisclosureAmended.templateID:
            let event = try DisclosureAmendedView(message)
            let row = FilingFilter.Row(event, filer: filers.number(event))
            return follow(row, event.rowDigest)
        case DisclosureWithdrawn.templateID:
            let event = try DisclosureWithdrawnView(message)
            // The loop numbers the filer where a withdrawal names a row and no filing.
            if event.filingID.isEmpty, event.ticker != nil, event.tradedOn != nil,
                let name = event.filer
            {
                _ = filers.number(event, name: name)
            }
        case PoliticianDescribed.templateID:
            filers.describe(try PoliticianDescribedView(message))
        case CommitteeAssigned.templateID:
            filers.assign(try CommitteeAssignedView(message))
        default: break
        }
        return nil
    }

    private mutating func follow(_ row: FilingFilter.Row, _ digest: Digest) -> Verdict {
        let reason = filter.reason(row, filers)
        let isFirst = digests.insert(digest)
        if isFirst { counts.count(reason) }
        return Verdict(
            reason: reason, isRepeat: !isFirst, chamber: row.chamber ?? filers.chamber(row.filer),
            party: row.party ?? filers.party(row.filer))
    }
}
