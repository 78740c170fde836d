import Events

extension RowStatement {
    /// The event that says this.
    func event(
        digest: Digest, occurrence: UInt32, format: SourceFormat, options: DisclosureOptions,
        source: [UInt8]
    ) -> any EventMessage {
        let envelope = Envelope(
            knownAt: options.knownAt(filedOn: filedOn), recordedAt: .epoch, actor: .importer,
            flags: flags)
        let minute = options.knownAt.map { UInt16($0.hour * 60 + $0.minute) }
        switch self {
        case .filed(let row):
            return DisclosureFiled(
                envelope: envelope, rowDigest: digest, amountLow: row.band?.low,
                amountHigh: row.band?.high, confidence: row.confidence, occurrence: occurrence,
                filedOn: row.filedOn, knownMinute: minute, tradedOn: row.tradedOn,
                ticker: row.ticker, side: row.side, transaction: row.transaction,
                owner: row.owner, chamber: row.chamber, party: row.party, format: format,
                bioguide: row.bioguide, filer: row.filer, office: row.office,
                filingID: row.filingID, row: source)
        case .amended(let row, let filingID, let amends):
            return DisclosureAmended(
                envelope: envelope, rowDigest: digest, amountLow: row.band?.low,
                amountHigh: row.band?.high, confidence: row.confidence, occurrence: occurrence,
                filedOn: row.filedOn, knownMinute: minute, tradedOn: row.tradedOn,
                ticker: row.ticker, side: row.side, transaction: row.transaction,
                owner: row.owner, chamber: row.chamber, party: row.party, format: format,
                bioguide: row.bioguide, filer: row.filer, office: row.office,
                filingID: filingID ?? "", amends: amends, row: source)
        case .withdrawn(let filingID, let filedOn):
            return DisclosureWithdrawn(
                envelope: envelope, rowDigest: digest, occurrence: occurrence, filedOn: filedOn,
                knownMinute: minute, format: format, filingID: filingID, row: source)
        case .rowWithdrawn(let row):
            return DisclosureWithdrawn(
                envelope: envelope, rowDigest: digest, occurrence: occurrence,
                filedOn: row.filedOn, knownMinute: minute, format: format, filingID: "",
                tradedOn: row.tradedOn, ticker: row.ticker, side: row.side, owner: row.owner,
                filer: row.filer, bioguide: row.bioguide, chamber: row.chamber,
                office: row.office, row: source)
        }
    }
}
