import Events

/// What a format's row says, taken apart and not yet judged.
struct FilingStatement {
    /// How the dollar band is written.
    enum Amount {
        case none
        case text(String)
        case bounds(low: String, high: String)
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
    var traded: String
    var symbols: [String]
    var assetType = ""
    var asset = ""
    var transaction: String
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
        if trimmed(filed).isEmpty { throw Rejection(.missingFilingDate, field: names.filed) }
        guard isFilingDateReliable || options.acceptsUnverifiedDates else {
            throw Rejection(.unreliableFilingDate, field: names.filed)
        }
        guard let day = DateText.day(filed) else { throw Rejection(.badDate, field: names.filed) }
        return day
    }

    /// The normalised row, or the first reason against it in the order of `RejectionReason`.
    func judged(_ options: DisclosureOptions) throws(Rejection) -> DisclosureRow {
        let filedOn = try filedOn(options)
        guard let tradedOn = DateText.day(traded) else {
            throw Rejection(.badDate, field: "transaction_date")
        }
        guard filedOn >= tradedOn else {
            throw Rejection(.receivedBeforeTrade, field: names.filed)
        }
        let ticker = try ticker()
        guard let kind = TransactionKind(text: transaction) else {
            throw Rejection(.badSide, field: names.side)
        }
        let band = try band()
        let filer = asciiText(filer, limit: 48)
        if filer.isEmpty { throw Rejection(.missingField, field: names.filer) }
        if kind == .exchange { throw Rejection(.exchange, field: names.side) }
        let confidence = try parsedConfidence()
        if let from = options.tradedFrom, tradedOn < from {
            throw Rejection(.outsideRange, field: "transaction_date")
        }
        if let before = options.tradedBefore, tradedOn >= before {
            throw Rejection(.outsideRange, field: "transaction_date")
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
        if symbols.allSatisfy({ ["", "--", "-", "N/A"].contains($0) }) {
            throw Rejection(.noTicker, field: names.ticker)
        }
        guard isEquity else { throw Rejection(.notAnEquity, field: names.assetType) }
        let tickers = symbols.map(TickerText.ticker)
        guard Set(symbols).count == 1 || (Set(tickers).count == 1 && tickers[0] != nil) else {
            throw Rejection(.ambiguousTicker, field: names.ticker)
        }
        guard let ticker = tickers[0] else { throw Rejection(.badTicker, field: names.ticker) }
        return ticker
    }

    /// Stocks, funds that are listed as ETFs, and rows of old forms that have no asset type.
    private var isEquity: Bool {
        let description = HTMLText.plain(asset)
        switch assetType.lowercased() {
        case "stock", "common stock", "equity", "etf", "exchange traded fund", "st", "ef":
            return true
        case "":
            return !description.contains("Rate/Coupon:") && !description.contains("Option Type:")
        case "other securities":
            return description.split { !$0.isLetter }.contains { $0 == "ETF" || $0 == "ETFs" }
        default:
            return false
        }
    }

    private func band() throws(Rejection) -> AmountBand? {
        let band: AmountBand?
        switch amount {
        case .none: return nil
        case .text(let text): band = AmountText.band(text)
        case .bounds(let low, let high):
            if trimmed(low).isEmpty && trimmed(high).isEmpty { return nil }
            band = AmountText.band(low: low, high: high)
        }
        guard let band else { throw Rejection(.badAmount, field: names.amount) }
        return band
    }

    private func parsedConfidence() throws(Rejection) -> Double? {
        guard let confidence else { return nil }
        guard let value = DecimalText.double(confidence), value >= 0, value <= 1 else {
            throw Rejection(.badConfidence, field: "confidence")
        }
        return value
    }
}

extension TransactionKind {
    /// What the sources' words mean.
    init?(text: String) {
        switch trimmed(text).lowercased() {
        case "purchase", "p", "buy": self = .purchase
        case "sale", "s", "sell": self = .sale
        case "sale (full)", "s (full)": self = .saleFull
        case "sale (partial)", "s (partial)": self = .salePartial
        case "exchange", "e": self = .exchange
        default: return nil
        }
    }
}

extension Owner {
    /// What the sources' words mean; unknown for anything else.
    init(text: String) {
        switch trimmed(text).lowercased() {
        case "self", "filer": self = .filer
        case "spouse", "sp": self = .spouse
        case "joint", "jt": self = .joint
        case "child", "dependent child", "dc": self = .child
        default: self = .unknown
        }
    }
}

extension Chamber {
    /// `H`, `House`, `rep`, `S`, `Senate`, `sen`.
    init?(text: String) {
        switch trimmed(text).lowercased() {
        case "h", "house", "rep": self = .house
        case "s", "senate", "sen": self = .senate
        default: return nil
        }
    }
}

extension Party {
    /// The party of a name; `other` for one that is not listed, nil for none.
    init?(text: String) {
        switch trimmed(text).lowercased() {
        case "": return nil
        case "democrat", "democratic", "d": self = .democrat
        case "republican", "r": self = .republican
        case "independent", "i": self = .independent
        default: self = .other
        }
    }
}
