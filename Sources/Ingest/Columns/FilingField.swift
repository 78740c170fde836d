/// What a column of a file of filings says, in the canonical order of `rowDigest`.
enum FilingField: String, CaseIterable, Comparable, CustomStringConvertible, Sendable {
    case filed = "disclosure_date"
    case traded = "transaction_date"
    case ticker, asset
    case assetType = "asset_type"
    case side = "type"
    case amount
    case amountLow = "amount_min"
    case amountHigh = "amount_max"
    case filer = "name"
    case firstName = "first_name"
    case lastName = "last_name"
    case chamber, office, state, district, party, owner
    case bioguide = "bioguide_id"
    case filingID = "filing_id"
    case link, comment, amends, amended, withdrawn, confidence, title

    var description: String { rawValue }

    /// The place in the canonical order.
    var place: Int { FilingField.places[self] ?? 0 }

    private static let places = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

    static func < (left: FilingField, right: FilingField) -> Bool { left.place < right.place }

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
