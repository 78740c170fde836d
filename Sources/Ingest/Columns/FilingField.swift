/// What a column of a file of filings says, in the canonical order of `rowDigest`.
enum FilingField: Int, CaseIterable, Comparable, LosslessStringConvertible, Sendable {
    case filed, traded, ticker, asset, assetType, side, amount, amountLow, amountHigh, filer
    case firstName, lastName, chamber, office, state, district, party, owner, bioguide, filingID
    case link, comment, amends, amended, withdrawn, confidence, title

    /// As mappings and rejections name it.
    var description: String { FilingField.descriptions[rawValue] }

    /// The field that a mapping names.
    init?(_ description: String) {
        guard let place = FilingField.descriptions.firstIndex(of: description) else { return nil }
        self.init(rawValue: place)
    }

    static func < (left: FilingField, right: FilingField) -> Bool {
        left.rawValue < right.rawValue
    }

    private static let descriptions = [
        "disclosure_date", "transaction_date", "ticker", "asset", "asset_type", "type", "amount",
        "amount_min", "amount_max", "name", "first_name", "last_name", "chamber", "office", "state",
        "district", "party", "owner", "bioguide_id", "filing_id", "link", "comment", "amends",
        "amended", "withdrawn", "confidence", "title",
    ]

    /// What trackers, interfaces and scrapers call them.
    static let names = ColumnNames<FilingField>(
        strong: columnTable([
            (
                .filed,
                "disclosuredate filingdate fileddate filedate datefiled filed filedon filedat "
                    + "reportdate reporteddate published publisheddate publishdate "
                    + "publicationdate datereceived "
                    + "daterecieved disclosed disclosedate"
            ),
            (
                .traded,
                "transactiondate tradedate traded tradedon txdate transacted dateoftransaction "
                    + "datetraded transactedat tradeddate transacteddate transactedon "
                    + "datetransacted"
            ),
            (.ticker, "ticker symbol tickersymbol stockticker assetticker"),
            (
                .asset,
                "asset assetdescription assetname issuer issuername company companyname security "
                    + "securityname"
            ),
            (.assetType, "assettype tickertype securitytype assetclass"),
            (.side, "type transactiontype transaction side txtype tradetype buysell ordertype"),
            (
                .amount,
                "amount amountrange range size traderange tradesize transactionamount "
                    + "amountband sizerange"
            ),
            (.amountLow, "amountmin amountfrom amountlow minamount lowamount"),
            (.amountHigh, "amountmax amountto amounthigh maxamount highamount"),
            (
                .filer,
                "name politician politicianname senator representative member membername filer "
                    + "filername fullname congressperson legislator"
            ),
            (.firstName, "firstname givenname"), (.lastName, "lastname surname familyname"),
            (.chamber, "chamber house position branch congressionalchamber"), (.office, "office"),
            (.state, "state statecode"), (.district, "district statedistrict"),
            (.party, "party politicalparty"), (.owner, "owner ownertype"),
            (.bioguide, "bioguide bioguideid"),
            (.filingID, "filingid docid documentid reportid disclosureid filingnumber"),
            (
                .link,
                "link ptrlink url sourceurl filinglink filingurl disclosureurl reporturl "
                    + "reportlink documenturl pdfurl"
            ),
            (.comment, "comment comments"), (.amends, "amends amendmentof"),
            (
                .amended,
                "amended isamended isamendment amendment filingstatus"
            ),
            (.withdrawn, "withdrawn iswithdrawn"), (.confidence, "confidence"),
        ]),
        weak: columnTable([
            (.filed, "reported date pubdate publishedat"), (.asset, "description"),
            (.side, "action"),
            (.amount, "value"), (.ticker, "stock issuerticker"),
            (.amended, "amendmentnumber transactionstatus"),
        ]))

    /// Columns that may say that a filing amends, among much else: as many as there are are read.
    static let titles: [String] = [
        "title", "report", "reporttitle", "reportname", "reporttype", "filingtitle", "filingtype",
        "documenttitle", "documenttype", "status",
    ]
}
