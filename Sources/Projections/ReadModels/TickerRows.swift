import Events

/// What of a filed row an amendment or a withdrawal is held against that names no filing.
struct MatchedRow: Sendable {
    let ticker: Ticker
    let tradedOn: Day
    let filer: String
    let detail: RowMatch.Detail

    init(
        _ ticker: Ticker, _ tradedOn: Day, filer: String, _ detail: RowMatch.Detail
    ) {
        (self.ticker, self.tradedOn, self.filer, self.detail) = (ticker, tradedOn, filer, detail)
    }

    /// The row that a withdrawal names; nil where it names a filing.
    init?(_ event: DisclosureWithdrawn) {
        guard event.filingID.isEmpty, let ticker = event.ticker, let tradedOn = event.tradedOn,
            let filer = event.filer
        else { return nil }
        self.init(
            ticker, tradedOn, filer: filer,
            RowMatch.Detail(
                owner: event.owner ?? .unknown, isBuy: event.side == .buy, filedOn: event.filedOn,
                isAmendment: true))
    }

    /// The row that columns of `disclosures` hold: ticker, filer, traded_on, filed_on, owner, side,
    /// amends.
    init?(columns: [RowValue]) {
        guard columns.count == 7, case .text(let symbol) = columns[0],
            let ticker = Ticker(symbol), case .text(let filer) = columns[1],
            case .text(let traded) = columns[2], let tradedOn = Day(traded),
            case .text(let filed) = columns[3], let filedOn = Day(filed),
            case .text(let owner) = columns[4], let whose = Word.owner.value(owner)
        else { return nil }
        self.init(
            ticker, tradedOn, filer: filer,
            RowMatch.Detail(
                owner: whose, isBuy: columns[5] == .text("buy"), filedOn: filedOn,
                isAmendment: columns[6] == .text("")))
    }
}

/// The rows of each ticker in some twenty bytes a row, so that one that names no filing finds what
/// it ends.
struct TickerRows: Sendable {
    private struct Link: Sendable {
        /// The upper half of the position, and above it owner and side and whether it amends.
        var upper: UInt32
        var lower: UInt32
        var earlier: UInt32
        var key: UInt32
        var filedOn: Int32
    }

    private static let none = UInt32.max
    private static let isAmendment: UInt32 = 1 << 31
    private static let isBuy: UInt32 = 1 << 30
    private static let ownerShift: UInt32 = 22
    private static let positionMask: UInt32 = 1 << 22 - 1

    private var latest = Lookup<Ticker, UInt32>()
    private var links: [Link] = []
    /// The numbers of persons by spelling: a name is taken apart once.
    private var spellings = Lookup<String, UInt32>()
    private var persons = Lookup<String, UInt32>()

    /// Takes a row.
    mutating func add(_ position: UInt64, _ row: MatchedRow) {
        let detail = row.detail
        let key = key(row)
        var upper = UInt32(truncatingIfNeeded: position >> 32) & TickerRows.positionMask
        upper |= UInt32(detail.owner.rawValue) << TickerRows.ownerShift
        if detail.isBuy { upper |= TickerRows.isBuy }
        if detail.isAmendment { upper |= TickerRows.isAmendment }
        links.append(
            Link(
                upper: upper, lower: UInt32(truncatingIfNeeded: position),
                earlier: latest[row.ticker] ?? TickerRows.none, key: key,
                filedOn: detail.filedOn.rawValue))
        latest[row.ticker] = UInt32(links.count - 1)
    }

    /// The positions of the rows that `end` ends, in order; some may have ended before.
    mutating func matches(_ end: MatchedRow, isHeld: (UInt64) -> Bool) -> [UInt64] {
        var found: [(position: UInt64, detail: RowMatch.Detail)] = []
        let key = key(end)
        var next = latest[end.ticker] ?? TickerRows.none
        while next != TickerRows.none {
            let link = links[Int(next)]
            next = link.earlier
            guard link.key == key else { continue }
            let position =
                UInt64(link.upper & TickerRows.positionMask) << 32 | UInt64(link.lower)
            guard isHeld(position) else { continue }
            found.append((position, TickerRows.detail(link)))
        }
        found.reverse()
        return RowMatch.ended(found.map(\.detail), by: end.detail).map { found[$0].position }
    }

    /// Person and trade date, in 32 bits.
    private mutating func key(_ row: MatchedRow) -> UInt32 {
        let number: UInt32
        if let known = spellings[row.filer] {
            number = known
        } else {
            let person = RowMatch.person(row.filer)
            number = persons[person] ?? UInt32(persons.count)
            persons[person] = number
            spellings[row.filer] = number
        }
        // Some tens of thousands of days, times persons: both stay apart while there are 65,536.
        return UInt32(truncatingIfNeeded: row.tradedOn.rawValue) &* 65_536 &+ number
    }

    private static func detail(_ link: Link) -> RowMatch.Detail {
        let owner = UInt8(truncatingIfNeeded: link.upper >> ownerShift)
        return RowMatch.Detail(
            owner: Owner(rawValue: owner) ?? .unrecognised, isBuy: link.upper & isBuy != 0,
            filedOn: Day(rawValue: link.filedOn), isAmendment: link.upper & isAmendment != 0)
    }
}
