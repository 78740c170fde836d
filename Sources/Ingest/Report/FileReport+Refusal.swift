import Events

extension FileReport {
    /// Why a file counts as misread: more than `limit` of its rows that could hold a trade or a bar
    /// of a listed share were left out, or it has no rows. Nil for a file that was read.
    ///
    /// What was taken is taken all the same.
    public func refusal(limit: Double) -> String? {
        guard rows > 0 else {
            return "has no rows; download it again, or leave it out"
        }
        let judged = rows - beside
        let bad = rejected - beside
        guard judged > 0, Double(bad) > limit * Double(judged), let reason = worst else {
            return nil
        }
        let place = format == "senate" || format == "columns" ? "row or line" : "line"
        var text = "\(bad) of \(judged) rows were left out, most as \(reason.reason): \(place) "
        text += "\(reason.firstLine)"
        if !reason.field.isEmpty { text += ", \(reason.field) \"\(reason.value.prefix(80))\"" }
        if reason.field == "period" { return text + "; bars of days are read" }
        return text + "; " + FileReport.remedy(reason.reason)
    }

    /// The commonest reason that makes a file look misread; of equals the first.
    private var worst: Reason? {
        reasons.filter { !FileReport.isBeside($0.reason) }
            .reduce(nil) { best, next in (best?.count ?? 0) >= next.count ? best : next }
    }

    /// What a person can do about rows that are left out for a reason.
    static func remedy(_ reason: RejectionReason) -> String {
        switch reason {
        case .malformedRow:
            "it has not the fields of the header, or is no JSON; mend or fetch it again"
        case .missingFilingDate: "say with --map which column is the filing date"
        case .unreliableFilingDate:
            "take another source, or say --accept-unverified-dates, which flags the rows"
        case .badDate: "write YYYY-MM-DD, or say --dates month-first or --dates day-first"
        case .receivedBeforeTrade:
            "say with --map which column is the filing date and which the trade's"
        case .ambiguousTicker, .badTicker: "write American symbols (AAPL, BRK-B), one a row"
        case .badSide: "say with buy: and sell: of a file for --map what the words mean"
        case .badAmount:
            "write a band of the forms ($1,001 - $15,000), or amount_min and amount_max"
        case .missingField: "say with --map which column has it"
        case .badNumber: "write plain numbers, or say decimal: comma in a file for --map"
        case .badPrice: "low must be below open, close and high, and all from 1e-6 to 1e8 dollars"
        case .conflictingRow: "two rows say different things of one day; keep one"
        case .badConfidence: "write a number from 0 to 1"
        case .badFlag: "write true, 1, yes, false, 0, no or nothing"
        case .badCommittee: "write its id (HSAG), or its name after House, Senate or Joint"
        case .badSector: "write sectors of GICS between semicolons (Energy; Utilities)"
        case .noTicker, .notAnEquity, .noTransactions, .exchange, .excluded, .outsideRange,
            .unrecognised:
            "see --rejects FILE"
        }
    }
}
