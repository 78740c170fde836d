import Events

/// The filed rows that may still count, by ticker, as far as the strategy may use them.
///
/// A row waits until its publication delay is over. A row that says the same as an earlier one
/// never enters; rows of a filing that was amended or withdrawn leave when that became known, and
/// rows that no evaluation can count any more are forgotten.
struct DisclosureBook: Sendable {
    /// One row of a filing.
    struct Row: Sendable {
        let filing: Reference
        let tradedOn: Day
        let filedOn: Day
        /// The number of the person who filed it.
        var filer: Int
        let party: Party?
        let isBuy: Bool
        let owner: Owner
        /// Whether it replaced another row, and named no filing.
        let isAmendment: Bool
        let dollars: Double
        /// The filing that it is a row of, by its number among those that are held.
        var filingNumber: Int?

        fileprivate var detail: RowMatch.Detail {
            RowMatch.Detail(
                owner: owner, isBuy: isBuy, filedOn: filedOn, isAmendment: isAmendment)
        }
    }

    /// All rows of one ticker, and what was evaluated.
    struct Entry: Sendable {
        let ticker: Ticker
        var rows: [Row] = []
        /// Rows at which those that count no more are looked for.
        fileprivate var fullAt = Entry.leastFull
        /// The newest filing that is usable.
        var newest = Reference.none
        /// The newest filing that an evaluation has read.
        var evaluated = Reference.none
        /// The session of the latest evaluation.
        var evaluatedOn: Day?

        fileprivate static let leastFull = 64

        init(ticker: Ticker) { self.ticker = ticker }
    }

    private enum Arrival: Sendable {
        case row(Ticker, Row, filingID: String?)
        case superseded(String)
        case rowsSuperseded(Ticker, filer: Int, tradedOn: Day, RowMatch.Detail)
    }

    private(set) var entries: [Entry] = []
    private(set) var filers = Filers()
    /// Rows that were followed, and why others were not; nothing is counted without a filter.
    private(set) var followed = FollowedCounts()
    private var numbers = Lookup<Ticker, Int>()
    private var filings = HeldFilings()
    private var digests = DigestSet()
    private var superseded = Lookup<String, Bool>()
    private var arrivals: [(usableAt: Instant, arrival: Arrival)] = []

    /// Takes a fact that became known; a filing is usable `delayDays` days later, where the filter
    /// follows it.
    mutating func learn(
        _ message: RawSpan, templateID: UInt16, at fact: Reference, delayDays: Int,
        filter: FilingFilter? = nil
    ) throws(DecodingError) {
        let delay = Int64(delayDays) * 86_400
        let joins = filers.joins
        defer { if filers.joins > joins { renumber() } }
        switch templateID {
        case DisclosureFiled.templateID:
            let event = try DisclosureFiledView(message)
            guard digests.insert(event.rowDigest) else { return }
            let row = Row(
                filing: fact, tradedOn: event.tradedOn, filedOn: event.filedOn,
                filer: filers.number(event),
                party: event.party, isBuy: event.side == .buy, owner: event.owner,
                isAmendment: false, dollars: bandDollars(event.amountLow, event.amountHigh))
            if let filter, !follows(FilingFilter.Row(event, filer: row.filer), filter) { return }
            let usableAt = event.envelope.knownAt.adding(seconds: delay)
            arrivals.append((usableAt, .row(event.ticker, row, filingID: event.filingID)))
        case DisclosureAmended.templateID:
            let event = try DisclosureAmendedView(message)
            let usableAt = event.envelope.knownAt.adding(seconds: delay)
            let amends = event.amends
            let row = Row(
                filing: fact, tradedOn: event.tradedOn, filedOn: event.filedOn,
                filer: filers.number(event),
                party: event.party, isBuy: event.side == .buy, owner: event.owner,
                isAmendment: amends.isEmpty,
                dollars: bandDollars(event.amountLow, event.amountHigh))
            arrivals.append(
                (
                    usableAt,
                    amends.isEmpty
                        ? .rowsSuperseded(
                            event.ticker, filer: row.filer, tradedOn: row.tradedOn, row.detail)
                        : .superseded(amends)
                ))
            guard digests.insert(event.rowDigest) else { return }
            if let filter, !follows(FilingFilter.Row(event, filer: row.filer), filter) { return }
            let filing = event.filingID
            arrivals.append(
                (usableAt, .row(event.ticker, row, filingID: filing.isEmpty ? nil : filing)))
        case DisclosureWithdrawn.templateID:
            let event = try DisclosureWithdrawnView(message)
            let usableAt = event.envelope.knownAt.adding(seconds: delay)
            arrivals.append((usableAt, try withdrawn(event)))
        case PoliticianDescribed.templateID:
            filers.describe(try PoliticianDescribedView(message))
        case CommitteeAssigned.templateID:
            filers.assign(try CommitteeAssignedView(message))
        default:
            return
        }
    }

    private mutating func follows(_ row: FilingFilter.Row, _ filter: FilingFilter) -> Bool {
        let reason = filter.reason(row, filers)
        followed.count(reason)
        return reason == nil
    }

    /// What a withdrawal ends: a filing, or a row where it names none.
    private mutating func withdrawn(
        _ event: borrowing DisclosureWithdrawnView
    ) throws(DecodingError) -> Arrival {
        let filingID = event.filingID
        guard filingID.isEmpty, let ticker = event.ticker, let tradedOn = event.tradedOn,
            let filer = event.filer
        else { return .superseded(filingID) }
        let end = RowMatch.Detail(
            owner: event.owner ?? .unknown, isBuy: event.side == .buy, filedOn: event.filedOn,
            isAmendment: true)
        let number = filers.number(event, name: filer)
        return .rowsSuperseded(ticker, filer: number, tradedOn: tradedOn, end)
    }

    /// Gives rows the number that their filer has now: a fact said that two filers are one, which
    /// evaluations count as one from now on. What was counted of either stays where it is.
    private mutating func renumber() {
        for entry in entries.indices {
            for row in entries[entry].rows.indices {
                entries[entry].rows[row].filer = filers.current(entries[entry].rows[row].filer)
            }
        }
        for index in arrivals.indices {
            if case .row(let ticker, var row, let filingID) = arrivals[index].arrival {
                row.filer = filers.current(row.filer)
                arrivals[index].arrival = .row(ticker, row, filingID: filingID)
            }
            if case .rowsSuperseded(let ticker, let filer, let tradedOn, let end) =
                arrivals[index].arrival
            {
                arrivals[index].arrival = .rowsSuperseded(
                    ticker, filer: filers.current(filer), tradedOn: tradedOn, end)
            }
        }
    }

    /// Makes usable what is due at `now`; rows that were traded on `last` or before count no more.
    mutating func release(at now: Instant, forgetting last: Day) {
        var taken = 0
        while taken < arrivals.count, arrivals[taken].usableAt <= now {
            switch arrivals[taken].arrival {
            case .row(let ticker, let row, let filingID):
                add(row, of: filingID, to: ticker, forgetting: last)
            case .superseded(let filingID): remove(filingID)
            case .rowsSuperseded(let ticker, let filer, let tradedOn, let end):
                removeRows(of: ticker, filer, tradedOn, endedBy: end)
            }
            taken += 1
        }
        arrivals.removeFirst(taken)
    }

    /// The entries with a usable filing that no evaluation has read, in order of ticker.
    func withNewFiling() -> [Int] {
        ordered { $0.newest > $0.evaluated }
    }

    /// The entries with a row traded after `day`, in order of ticker.
    func traded(after day: Day) -> [Int] {
        ordered { $0.rows.contains { $0.tradedOn > day } }
    }

    /// Filings of which a row is held.
    var heldFilings: Int { filings.count }

    /// What is filed on a ticker; nil when nothing usable ever was.
    func entry(of ticker: Ticker) -> Entry? { numbers[ticker].map { entries[$0] } }

    /// A ticker was evaluated in the session of `day`; rows that were traded on `last` or before
    /// count no more. Gives the rows that count and that no evaluation had read.
    mutating func apply(evaluated ticker: Ticker, on day: Day, forgetting last: Day) -> [Row] {
        guard let entry = numbers[ticker] else { return [] }
        forget(entry, through: last)
        let read = entries[entry].evaluated
        entries[entry].evaluated = entries[entry].newest
        entries[entry].evaluatedOn = day
        return entries[entry].rows.filter { $0.filing > read }
    }

    /// Takes every usable filing as read, without an evaluation.
    mutating func passOver() {
        for index in entries.indices { entries[index].evaluated = entries[index].newest }
    }

    private func ordered(_ isDue: (Entry) -> Bool) -> [Int] {
        entries.indices.filter { isDue(entries[$0]) }.sorted {
            entries[$0].ticker < entries[$1].ticker
        }
    }

    private mutating func add(
        _ row: Row, of filingID: String?, to ticker: Ticker, forgetting last: Day
    ) {
        if let filingID, superseded[filingID] != nil { return }
        let number: Int
        if let known = numbers[ticker] {
            number = known
        } else {
            number = entries.count
            numbers[ticker] = number
            entries.append(Entry(ticker: ticker))
        }
        var row = row
        row.filingNumber = filingID.map { filings.hold($0, in: number) }
        entries[number].rows.append(row)
        entries[number].newest = row.filing
        guard entries[number].rows.count >= entries[number].fullAt else { return }
        forget(number, through: last)
        entries[number].fullAt = max(Entry.leastFull, 2 * entries[number].rows.count)
    }

    /// Forgets an entry's rows that were traded on `last` or before: no evaluation to come counts
    /// them.
    private mutating func forget(_ entry: Int, through last: Day) {
        guard entries[entry].rows.contains(where: { $0.tradedOn <= last }) else { return }
        for row in entries[entry].rows where row.tradedOn <= last {
            if let filing = row.filingNumber { filings.release(filing) }
        }
        entries[entry].rows.removeAll { $0.tradedOn <= last }
    }

    private mutating func remove(_ filingID: String) {
        guard superseded[filingID] == nil else { return }
        superseded[filingID] = true
        guard let (filing, holding) = filings.remove(filingID) else { return }
        for number in holding {
            entries[number].rows.removeAll { $0.filingNumber == filing }
        }
    }

    /// Removes the rows that an amendment or a withdrawal ends that names no filing.
    private mutating func removeRows(
        of ticker: Ticker, _ filer: Int, _ tradedOn: Day, endedBy end: RowMatch.Detail
    ) {
        guard let entry = numbers[ticker] else { return }
        let rows = entries[entry].rows
        let candidates = rows.indices.filter {
            rows[$0].filer == filer && rows[$0].tradedOn == tradedOn
        }
        let ended = RowMatch.ended(candidates.map { rows[$0].detail }, by: end)
        for place in ended.reversed() {
            let row = entries[entry].rows.remove(at: candidates[place])
            if let filing = row.filingNumber { filings.release(filing) }
        }
    }

    /// The dollars that a filed band counts for: its midpoint, its floor when open-ended.
    private func bandDollars(_ low: Money?, _ high: Money?) -> Double {
        guard let low else { return 0 }
        guard let high else { return low.dollars }
        return (low.dollars + high.dollars) / 2
    }
}
