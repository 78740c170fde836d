import Events

/// What a format's row says, taken apart and not yet judged.
struct FilingStatement {
    /// How the dollar band is written.
    enum Amount {
        case none
        case text(String)
        case bounds(low: String, high: String)

        /// As it stands in the row.
        var shown: String {
            switch self {
            case .none: ""
            case .text(let text): text
            case .bounds(let low, let high): "\(low) to \(high)"
            }
        }
    }

    /// The source's names of the fields, for rejections.
    struct FieldNames {
        var filed = "disclosure_date"
        var ticker = "ticker"
        var assetType = "asset_type"
        var side = "type"
        var amount = "amount"
        var filer = "name"
    }

    var names: FieldNames
    var filed: String
    var isFilingDateReliable = true
    /// How its dates are written.
    var dates = DateReading.american
    var traded: String
    var symbols: [String]
    var assetType = ""
    var asset = ""
    var transaction: String
    /// What that word means, where the caller says it.
    var kind: TransactionKind?
    var amount: Amount = .none
    var filer: String
    var owner = ""
    var chamber: Chamber?
    var party: Party?
    var bioguide: String?
    var office: String?
    var filingID: String?
    var confidence: String?

    /// The filing date, or why there is none to rely on.
    func filedOn(_ options: DisclosureOptions) throws(Rejection) -> Day {
        if TickerText.isMissing(filed) {
            throw Rejection(.missingFilingDate, field: names.filed, value: filed)
        }
        guard isFilingDateReliable || options.acceptsUnverifiedDates else {
            throw Rejection(.unreliableFilingDate, field: names.filed, value: filed)
        }
        guard let day = dates.day(filed) else {
            throw Rejection(.badDate, field: names.filed, value: filed)
        }
        if let today = options.today, day > today {
            throw Rejection(.badDate, field: names.filed, value: "\(filed) (lies in the future)")
        }
        return day
    }

    /// The normalised row, or the first reason against it in the order of `RejectionReason`.
    func judged(_ options: DisclosureOptions) throws(Rejection) -> DisclosureRow {
        let filedOn = try filedOn(options)
        if assetType == "PDF Disclosed Filing" {
            throw Rejection(.noTransactions, field: names.assetType, value: assetType)
        }
        guard let tradedOn = dates.day(traded) else {
            throw Rejection(.badDate, field: "transaction_date", value: traded)
        }
        guard filedOn >= tradedOn else {
            throw Rejection(
                .receivedBeforeTrade, field: names.filed, value: "\(filed), traded \(traded)")
        }
        let ticker = try ticker()
        guard let kind = kind ?? TransactionKind(text: transaction) else {
            throw Rejection(.badSide, field: names.side, value: transaction)
        }
        let band = try band()
        let plain = asciiText(FilerName.plain(filer), limit: 48)
        let filer = bioguide == nil ? FilerName.cased(plain) : plain
        if filer.isEmpty { throw Rejection(.missingField, field: names.filer) }
        if kind == .exchange {
            throw Rejection(.exchange, field: names.side, value: transaction)
        }
        let confidence = try parsedConfidence()
        if let from = options.tradedFrom, tradedOn < from {
            throw Rejection(.outsideRange, field: "transaction_date", value: traded)
        }
        if let before = options.tradedBefore, tradedOn >= before {
            throw Rejection(.outsideRange, field: "transaction_date", value: traded)
        }
        var flags: EventFlags = isFilingDateReliable ? [] : .unverifiedDate
        if party != nil { flags.insert(.hindsight) }
        return DisclosureRow(
            filedOn: filedOn, tradedOn: tradedOn, ticker: ticker,
            side: kind == .purchase ? .buy : .sell, transaction: kind,
            owner: Owner(text: owner), band: band, confidence: confidence, chamber: chamber,
            party: party, bioguide: bioguide, filer: filer, office: office, filingID: filingID,
            flags: flags)
    }

    private func ticker() throws(Rejection) -> Ticker {
        if symbols.allSatisfy({ TickerText.isMissing($0) }) {
            throw Rejection(.noTicker, field: names.ticker, value: shownSymbols)
        }
        guard SecurityText.isEquity(type: assetType, asset: asset) else {
            throw Rejection(
                .notAnEquity, field: names.assetType, value: assetType.isEmpty ? asset : assetType)
        }
        let tickers = symbols.map(TickerText.ticker)
        let isOne = symbols.allSatisfy { $0 == symbols[0] }
        guard isOne || (tickers[0] != nil && tickers.allSatisfy { $0 == tickers[0] }) else {
            throw Rejection(
                .ambiguousTicker, field: names.ticker, value: shownSymbols)
        }
        guard let ticker = tickers[0] else {
            throw Rejection(
                .badTicker, field: names.ticker, value: shownSymbols)
        }
        return ticker
    }

    private var shownSymbols: String { symbols.joined(separator: " | ") }

    private func band() throws(Rejection) -> AmountBand? {
        let band: AmountBand?
        switch amount {
        case .none: return nil
        case .text(let text): band = AmountText.band(text)
        case .bounds(let low, let high):
            if trimmed(low).isEmpty && trimmed(high).isEmpty { return nil }
            band = AmountText.band(low: low, high: high)
        }
        guard let band else {
            throw Rejection(.badAmount, field: names.amount, value: amount.shown)
        }
        return band
    }

    private func parsedConfidence() throws(Rejection) -> Double? {
        guard let confidence else { return nil }
        guard let value = DecimalText.double(confidence), value >= 0, value <= 1 else {
            throw Rejection(.badConfidence, field: "confidence", value: confidence)
        }
        return value
    }
}
