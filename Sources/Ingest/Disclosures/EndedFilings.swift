import EventLog
import Events

/// What the rows of a file amend or withdraw, a filing by its id or a row by the text of
/// `RowMatch`, in some bytes each: a file may be amendments from end to end.
struct EndedFilings {
    private struct End {
        var key: UInt64
        var day: Day
        var line: UInt32
        var isWithdrawal: Bool
    }

    private var ends: [End] = []
    /// Whether a row is ended that is named by no filing.
    private var hasRows = false
    /// The first day from which what the file has can be ended, where the log is not told: in a
    /// rehearsal.
    private var own: [UInt64: Day] = [:]
    /// What `RowMatch` makes of the names of filers, of which a file has few.
    private var people: [String: String] = [:]

    /// A filing ends on a day.
    mutating func end(filing: String, on day: Day, line: Int, isWithdrawal: Bool) {
        ends.append(
            End(
                key: EndedFilings.key(filing), day: day, line: UInt32(clamping: line),
                isWithdrawal: isWithdrawal))
    }

    /// A row ends that no filing names.
    mutating func end(row: DisclosureRow, line: Int, isWithdrawal: Bool) {
        hasRows = true
        end(
            filing: text(row.ticker, row.tradedOn, row.filer), on: row.filedOn, line: line,
            isWithdrawal: isWithdrawal)
    }

    /// The file has a row that could be ended, and the log will not have it.
    mutating func know(_ row: DisclosureRow, filingID: String?, isAmendment: Bool) {
        if let filingID { EndedFilings.note(filingID, row.filedOn, &own) }
        // An amendment is ended by those of later days alone.
        EndedFilings.note(
            text(row.ticker, row.tradedOn, row.filer),
            row.filedOn + (isAmendment ? 1 : 0), &own)
    }

    /// The rows of the file that end what neither it nor the log has, or what was filed only later,
    /// in order.
    mutating func unmet(in log: any Log) throws -> [(line: Int, isWithdrawal: Bool)] {
        guard !ends.isEmpty else { return [] }
        let wanted = Set(ends.map(\.key))
        var known = own
        try log.read(from: 1, through: .max, check: .checksum) { record in
            let (id, day, ticker, tradedOn, filer, isAmendment):
                (
                    String?, Day, Ticker, Day, String, Bool
                )
            switch try MessageHeader(record.message).templateID {
            case DisclosureFiled.templateID:
                let view = try DisclosureFiledView(record.message)
                (id, day, isAmendment) = (view.filingID, view.filedOn, false)
                (ticker, tradedOn, filer) = (view.ticker, view.tradedOn, hasRows ? view.filer : "")
            case DisclosureAmended.templateID:
                let view = try DisclosureAmendedView(record.message)
                (id, day, isAmendment) = (view.filingID, view.filedOn, true)
                (ticker, tradedOn, filer) = (view.ticker, view.tradedOn, hasRows ? view.filer : "")
            default: return .proceed
            }
            if let id, wanted.contains(EndedFilings.key(id)) {
                EndedFilings.note(id, day, &known)
            }
            guard hasRows else { return .proceed }
            let text = text(ticker, tradedOn, filer)
            if wanted.contains(EndedFilings.key(text)) {
                EndedFilings.note(text, day + (isAmendment ? 1 : 0), &known)
            }
            return .proceed
        }
        return ends.filter { end in known[end.key].map { $0 > end.day } ?? true }
            .map { (Int($0.line), $0.isWithdrawal) }
    }

    private mutating func text(_ ticker: Ticker, _ tradedOn: Day, _ filer: String) -> String {
        let person = people[filer] ?? RowMatch.person(filer)
        if people.count < 10_000 { people[filer] = person }
        return RowMatch.text(ticker, tradedOn, person: person)
    }

    private static func note(_ text: String, _ day: Day, _ days: inout [UInt64: Day]) {
        let key = key(text)
        days[key] = min(days[key] ?? day, day)
    }

    /// FNV-1a of the text, 64 bits.
    private static func key(_ text: String) -> UInt64 {
        text.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }
}
