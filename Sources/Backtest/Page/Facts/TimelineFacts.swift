import Events
import Market

/// What a page needs of a timeline: bars, the index, filings, filers and sectors.
struct TimelineFacts: Sendable {
    /// All bars.
    private(set) var prices = PriceTable()
    /// The market index.
    private(set) var index = IndexBook()
    /// What the index was made from, nil without one.
    private(set) var indexSymbol: String?
    /// Rows of filings, in order of knowledge; one that says the same as an earlier one is left
    /// out.
    private(set) var filings: [FilingFact] = []
    /// Filers, by the number that a filing has.
    private(set) var people = People()

    private var filingNumbers = Lookup<UInt64, Int>()
    private var digests = Lookup<Digest, Bool>()
    private var sectors = Lookup<Ticker, String>()

    /// Takes the timeline event at a position.
    mutating func take(_ message: RawSpan, at position: UInt64) throws {
        switch try MessageHeader(message).templateID {
        case SessionClosed.templateID: prices.close(try SessionClosedView(message))
        case CorporateActionAnnounced.templateID:
            prices.announce(AnnouncedAction(try CorporateActionAnnouncedView(message)))
        case IndexClosed.templateID:
            let event = try IndexClosedView(message)
            guard event.series == .market else { return }
            index.close(event)
            indexSymbol = event.symbol
        case DisclosureFiled.templateID:
            let event = try DisclosureFiledView(message)
            add(
                event.rowDigest, FilerIdentities.Spelling(event), event.party,
                FilingFact(
                    position: position, knownAt: event.envelope.knownAt, filedOn: event.filedOn,
                    tradedOn: event.tradedOn, ticker: event.ticker, side: event.side,
                    source: FilingSource(event)))
        case DisclosureAmended.templateID:
            let event = try DisclosureAmendedView(message)
            add(
                event.rowDigest, FilerIdentities.Spelling(event), event.party,
                FilingFact(
                    position: position, knownAt: event.envelope.knownAt, filedOn: event.filedOn,
                    tradedOn: event.tradedOn, ticker: event.ticker, side: event.side,
                    source: FilingSource(event)))
        case PoliticianDescribed.templateID: people.describe(try PoliticianDescribedView(message))
        case CommitteeAssigned.templateID:
            people.assign(try CommitteeAssignedView(message))
        case InstrumentClassified.templateID:
            let event = try InstrumentClassifiedView(message)
            sectors[event.ticker] = event.sector
        default: break
        }
    }

    /// The filing row at a timeline position, nil when it is none or repeats an earlier one.
    func filing(at position: UInt64) -> FilingFact? {
        guard let number = filingNumbers[position] else { return nil }
        var filing = filings[number]
        filing.person = people.current(filing.person)
        return filing
    }

    /// The sector of a ticker as last described, nil when it is not known.
    func sector(of ticker: Ticker) -> String? { sectors[ticker] }

    private mutating func add(
        _ digest: Digest, _ filer: FilerIdentities.Spelling, _ party: Party?,
        _ filing: FilingFact
    ) {
        guard digests[digest] == nil else { return }
        digests[digest] = true
        var filing = filing
        filing.person = people.number(filer, party: party)
        filingNumbers[filing.position] = filings.count
        filings.append(filing)
    }
}

/// One row of a filing.
struct FilingFact: Hashable, Sendable {
    /// Its position in the timeline.
    var position: UInt64
    /// When it became known.
    var knownAt: Instant
    /// The filing date.
    var filedOn: Day
    /// The transaction date.
    var tradedOn: Day
    /// What was traded.
    var ticker: Ticker
    /// Which way.
    var side: TradeSide
    /// Where it comes from.
    var source = FilingSource()
    /// The number of its filer.
    var person = 0

    /// Days from the transaction to the filing.
    var lagDays: Int { filedOn - tradedOn }

    /// The session whose cycle (05:30 of the day after) is the first to read the filing; an order
    /// that it causes fills at the open of the session after that.
    ///
    /// Known on D+1 at 05:00, it is read after session D; known later on D+1, after session D+1.
    var firstReadDay: Day {
        let day = knownAt.day
        return knownAt <= Instant(day, hour: 5, minute: 30) ? day - 1 : day
    }
}
