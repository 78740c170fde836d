public import EventLog
public import Events

/// Who filed the rows of a timeline, as a run over all of it counts persons (`FilerIdentities`),
/// and who may be one person.
public struct FilerBook: Sendable {
    /// A name as rows or reference facts write it.
    public struct Spelling: Hashable, Sendable {
        /// The name.
        public let name: String
        /// Rows filed under it; 0 of a reference file's.
        public var rows: Int
    }

    /// One person.
    public struct Entry: Hashable, Sendable {
        /// The names, in order of first appearance.
        public fileprivate(set) var spellings: [Spelling] = []
        /// The chambers, likewise.
        public fileprivate(set) var chambers: [Chamber] = []
        /// The offices, likewise.
        public fileprivate(set) var offices: [String] = []
        /// The party last said.
        public fileprivate(set) var party: Party?
        /// The id in the Biographical Directory.
        public fileprivate(set) var bioguide: String?

        /// Rows filed.
        public var rows: Int { spellings.reduce(0) { $0 + $1.rows } }
        /// The name under which most rows are filed, the first of several.
        public var name: String {
            guard let first = spellings.first else { return bioguide ?? "" }
            return spellings.reduce(first) { $1.rows > $0.rows ? $1 : $0 }.name
        }
    }

    /// Two persons who may be one.
    public struct Suspects: Hashable, Sendable {
        /// The one who was known first.
        public let first: Entry
        /// The other.
        public let second: Entry
        /// Why they were not joined.
        public let reason: SuspectReason
    }

    /// Who filed, by name.
    public private(set) var filers: [Entry] = []
    /// Pairs of which one at least filed, in order of appearance.
    public private(set) var suspects: [Suspects] = []
    /// Different spellings of rows: name, id, chamber and office.
    public private(set) var spellings = 0

    private var entries: [Entry] = []
    private var identities = FilerIdentities()
    private var digests = DigestSet()
    private var seen: Set<FilerIdentities.Spelling> = []

    /// Reads a timeline to its end.
    public init(_ timeline: EventLog) throws {
        try timeline.read { record in
            try take(record.message)
            return .proceed
        }
        for join in identities.joins {
            let other = identities.current(join.number)
            for spelling in entries[join.number].spellings { keep(spelling, of: other) }
            for chamber in entries[join.number].chambers { keep(chamber, nil, of: other) }
            for office in entries[join.number].offices { keep(nil, office, of: other) }
            entries[other].party = entries[other].party ?? entries[join.number].party
            entries[join.number].spellings = []
        }
        for number in identities.filers.indices {
            entries[number].bioguide = identities.filers[number].bioguide
        }
        filers = entries.filter { $0.rows > 0 }.sorted {
            ($0.name, $0.bioguide ?? "") < ($1.name, $1.bioguide ?? "")
        }
        suspects = identities.suspects { entries[$0].rows > 0 }.map {
            Suspects(first: entries[$0.first], second: entries[$0.second], reason: $0.reason)
        }
        spellings = seen.count
    }

    private mutating func take(_ message: RawSpan) throws {
        switch try MessageHeader(message).templateID {
        case PoliticianDescribed.templateID:
            let event = try PoliticianDescribedView(message)
            let spelling = FilerIdentities.Spelling(event)
            let number = identities.describe(spelling, isDated: event.validFrom != nil)
            keep(spelling, rows: 0, event.party, of: number)
        case CommitteeAssigned.templateID:
            let spelling = FilerIdentities.Spelling(try CommitteeAssignedView(message))
            keep(spelling, rows: 0, nil, of: identities.number(spelling))
        case DisclosureFiled.templateID:
            let event = try DisclosureFiledView(message)
            guard digests.insert(event.rowDigest) else { return }
            let spelling = FilerIdentities.Spelling(event)
            seen.insert(spelling)
            keep(spelling, rows: 1, event.party, of: identities.number(spelling))
        case DisclosureAmended.templateID:
            let event = try DisclosureAmendedView(message)
            guard digests.insert(event.rowDigest) else { return }
            let spelling = FilerIdentities.Spelling(event)
            seen.insert(spelling)
            keep(spelling, rows: 1, event.party, of: identities.number(spelling))
        case DisclosureWithdrawn.templateID:
            // A withdrawn row counts for nobody, and its filer is numbered as the loop does it.
            let event = try DisclosureWithdrawnView(message)
            guard event.filingID.isEmpty, event.ticker != nil, event.tradedOn != nil,
                let name = event.filer
            else { return }
            let spelling = FilerIdentities.Spelling(
                bioguide: event.bioguide, name: name, chamber: event.chamber,
                office: event.office)
            keep(spelling, rows: 0, nil, of: identities.number(spelling))
        default: break
        }
    }

    private mutating func keep(
        _ spelling: FilerIdentities.Spelling, rows: Int, _ party: Party?, of number: Int
    ) {
        while entries.count <= number { entries.append(Entry()) }
        if !spelling.name.isEmpty {
            keep(Spelling(name: spelling.name, rows: rows), of: number)
        }
        keep(spelling.chamber, spelling.office, of: number)
        if let party { entries[number].party = party }
    }

    private mutating func keep(_ spelling: Spelling, of number: Int) {
        if let index = entries[number].spellings.firstIndex(where: { $0.name == spelling.name }) {
            entries[number].spellings[index].rows += spelling.rows
        } else {
            entries[number].spellings.append(spelling)
        }
    }

    private mutating func keep(_ chamber: Chamber?, _ office: String?, of number: Int) {
        if let chamber, !entries[number].chambers.contains(chamber) {
            entries[number].chambers.append(chamber)
        }
        if let office, !entries[number].offices.contains(office) {
            entries[number].offices.append(office)
        }
    }
}
