import Events

/// What the three filing files have in common: a row as text, and a row made defective.
struct FilingText {
    var person: Person
    var symbol: String
    var company: String
    var traded: Day?
    var filed: Day?
    var row: SimulatedFiling
    var word: String?
    var low: String
    var high: String
    var isBond = false
    var second: String?
    var hasName = true

    init(_ row: SimulatedFiling, _ world: borrowing SimulatedWorld) {
        self.row = row
        person = world.people[row.person]
        symbol = world.companies[row.company].ticker.description
        company = world.companies[row.company].name
        traded = row.traded
        filed = row.filed
        low = "\(SimulatedFiling.bands[row.band].0)"
        high = "\(SimulatedFiling.bands[row.band].1)"
    }

    /// The same row with a defect; one that has none of the defects that a text can have is itself.
    func broken(_ defect: Defect) -> FilingText {
        var text = self
        switch defect {
        case .missingFilingDate: text.filed = nil
        case .badDate: text.traded = nil
        case .receivedBeforeTrade: text.filed = row.traded - 3
        case .noTicker: text.symbol = "--"
        case .notAnEquity: text.isBond = true
        case .ambiguousTicker: text.second = "SIM0000"
        case .badTicker: text.symbol = "6701"
        case .badSide: text.word = "Gift"
        case .badAmount: text.low = "unknown"
        case .missingField: text.hasName = false
        case .exchange: text.word = "Exchange"
        case .malformedRow, .noTransactions: break
        }
        return text
    }

    /// The word for the transaction.
    var transaction: String {
        if let word { return word }
        switch row.transaction {
        case .purchase: return "Purchase"
        case .saleFull: return "Sale (Full)"
        case .salePartial: return "Sale (Partial)"
        default: return "Sale"
        }
    }

    /// `$1,001 - $15,000`.
    var amount: String {
        guard let floor = Int(low), let ceiling = Int(high) else { return low }
        return "$\(FilingText.grouped(floor)) - $\(FilingText.grouped(ceiling))"
    }

    private static func grouped(_ value: Int) -> String {
        var digits = Array("\(value)")
        var index = digits.count - 3
        while index > 0 {
            digits.insert(",", at: index)
            index -= 3
        }
        return String(digits)
    }

    /// `03/09/2021`, as the Senate writes dates; a day that no month has where there is none.
    static func american(_ day: Day?) -> String {
        guard let day else { return "02/30/2014" }
        let text = day.description
        return "\(text.dropFirst(5).prefix(2))/\(text.suffix(2))/\(text.prefix(4))"
    }

    /// `2021-03-09`.
    static func iso(_ day: Day?) -> String { day?.description ?? "2014-02-30" }
}
