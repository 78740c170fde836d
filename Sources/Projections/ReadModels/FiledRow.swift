import Events

/// A filed row, original or amendment, as a row of `disclosures` shows it.
struct FiledRow {
    let digest: Digest
    let filingID: String?
    let matched: MatchedRow
    private let envelope: Envelope
    private let ticker: Ticker
    private let side: String
    private let transaction: String
    private let filer: String
    private let bioguide: String?
    private let chamber: String?
    private let party: String?
    private let office: String?
    private let owner: String
    private let amountLow: Money?
    private let amountHigh: Money?
    private let tradedOn: Day
    private let filedOn: Day
    private let format: String
    private let confidence: Double?
    private let amends: String?

    init(_ event: DisclosureFiled) throws {
        envelope = event.envelope
        (digest, filingID, amends) = (event.rowDigest, event.filingID, nil)
        matched = MatchedRow(
            event.ticker, event.tradedOn, filer: event.filer,
            RowMatch.Detail(
                owner: event.owner, isBuy: event.side == .buy, filedOn: event.filedOn,
                isAmendment: false))
        (ticker, tradedOn, filedOn) = (event.ticker, event.tradedOn, event.filedOn)
        side = try Word.side(event.side)
        transaction = try Word.transaction(event.transaction)
        (filer, bioguide, office) = (event.filer, event.bioguide, event.office)
        chamber = try Word.chamber.optional(event.chamber)
        party = try Word.party.optional(event.party)
        owner = try Word.owner(event.owner)
        (amountLow, amountHigh) = (event.amountLow, event.amountHigh)
        format = try Word.format(event.format)
        confidence = event.confidence
    }

    init(_ event: DisclosureAmended) throws {
        envelope = event.envelope
        (digest, amends) = (event.rowDigest, event.amends)
        filingID = event.filingID.isEmpty ? nil : event.filingID
        matched = MatchedRow(
            event.ticker, event.tradedOn, filer: event.filer,
            RowMatch.Detail(
                owner: event.owner, isBuy: event.side == .buy, filedOn: event.filedOn,
                isAmendment: event.amends.isEmpty))
        (ticker, tradedOn, filedOn) = (event.ticker, event.tradedOn, event.filedOn)
        side = try Word.side(event.side)
        transaction = try Word.transaction(event.transaction)
        (filer, bioguide, office) = (event.filer, event.bioguide, event.office)
        chamber = try Word.chamber.optional(event.chamber)
        party = try Word.party.optional(event.party)
        owner = try Word.owner(event.owner)
        (amountLow, amountHigh) = (event.amountLow, event.amountHigh)
        format = try Word.format(event.format)
        confidence = event.confidence
    }

    /// Writes the row; one that comes after its filing has ended never held.
    func encode(
        _ position: UInt64, _ reference: Reference, isRepeat: Bool, hasEnded: Bool,
        into row: inout RowEncoder
    ) {
        row.integer(position)
        row.reference(reference)
        row.ticker(ticker)
        row.text(side)
        row.text(transaction)
        row.text(filer)
        row.text(bioguide)
        row.text(chamber)
        row.text(party)
        row.text(office)
        row.text(owner)
        row.real(amountLow?.dollars)
        row.real(amountHigh?.dollars)
        row.day(tradedOn)
        row.day(filedOn)
        row.instant(envelope.knownAt)
        row.integer(filedOn - tradedOn)
        row.text(format)
        row.real(confidence)
        row.text(filingID)
        row.text(amends)
        row.digest(digest)
        row.boolean(isRepeat)
        row.boolean(envelope.flags.contains(.hindsight))
        row.boolean(envelope.flags.contains(.simulated))
        row.text(hasEnded ? "withdrawn" : "active")
        row.integer(position)
        row.integer(hasEnded ? position : nil)
    }
}
