import Events

/// Draws who files what and when, without a look at prices.
struct FilingPlan {
    /// Rows a company and year, as in the real filings of 2012 to 2021.
    static let rowsPerTickerYear = 9

    private let parameters: SimulationParameters
    private let calendar: TradingCalendar
    private let people: [Person]
    private let companies: [Company]
    private var chance: ChanceStream
    private var favourites: [[Int]] = []
    private let filer: WeightedChoice
    private let market: WeightedChoice
    private let band = WeightedChoice([0.65, 0.20, 0.07, 0.05, 0.015, 0.01, 0.005])

    /// What tells one row of a file from another.
    private struct Saying: Hashable {
        var document: Int
        var person: Int
        var company: Int
        var traded: Day
        var filed: Day
        var transaction: TransactionKind
        var band: Int
        var owner: Int
    }

    /// What carries an edge, however many rows tell of it.
    private struct Trade: Hashable {
        var person: Int
        var company: Int
        var filed: Day
        var isPurchase: Bool
    }

    init(
        _ parameters: SimulationParameters, _ calendar: TradingCalendar, _ people: [Person],
        _ companies: [Company]
    ) {
        self.parameters = parameters
        self.calendar = calendar
        self.people = people
        self.companies = companies
        chance = ChanceStream(seed: parameters.seed, .documents)
        filer = WeightedChoice(people.map(\.weight))
        market = WeightedChoice(companies.map(\.popularity))
        for _ in people {
            favourites.append((0..<6).map { _ in market.draw(&chance) })
        }
    }

    /// Every row that is no dirt, in order of filing.
    mutating func rows() -> [SimulatedFiling] {
        let wanted = FilingPlan.rowsPerTickerYear * parameters.years * parameters.tickers
        var drafts: [[SimulatedFiling]] = []
        var count = 0
        while count < wanted {
            let draft = document()
            count += draft.count
            drafts.append(draft)
        }
        var ordered = numbered(drafts)
        correct(&ordered)
        var rows = ordered.flatMap { $0 }
        markRepeats(&rows)
        return rows
    }

    // MARK: Documents

    private mutating func document() -> [SimulatedFiling] {
        let person = filer.draw(&chance)
        let filed = filingDay()
        let source = source(people[person].chamber)
        let lag = FilingLag.draw(&chance)
        var rows: [SimulatedFiling] = []
        repeat {
            if let last = rows.last, chance.happens(0.18) {
                rows.append(again(last))
            } else if let row = row(person, filed, source, lag) {
                rows.append(row)
            }
        } while rows.count < 40 && chance.happens(0.68)
        return rows
    }

    /// Mostly a weekday; in one case of twelve a Saturday or Sunday.
    private mutating func filingDay() -> Day {
        let span = calendar.lastDay - calendar.firstDay
        let week = (calendar.firstDay + chance.below(span)).mondayOfWeek
        let day = week + (chance.happens(0.08) ? 5 + chance.below(2) : chance.below(5))
        return min(max(day, calendar.firstDay), calendar.lastDay)
    }

    private mutating func source(_ chamber: Chamber) -> SimulatedFiling.Source {
        if chance.happens(0.5) { return .normalized }
        return chamber == .senate ? .senate : .congress
    }

    /// One transaction; nil when the company drawn was no longer listed at the trade.
    private mutating func row(
        _ person: Int, _ filed: Day, _ source: SimulatedFiling.Source, _ lag: Int
    ) -> SimulatedFiling? {
        let company =
            chance.happens(0.5) ? favourites[person][chance.below(6)] : market.draw(&chance)
        var traded = filed - max(lag - chance.below(3), 1)
        if traded.isoWeekday == 6 { traded = traded - 1 }
        if traded.isoWeekday == 7 { traded = traded + 1 }
        guard traded <= calendar.sessions[companies[company].lastSession] else { return nil }
        let isPurchase = chance.happens(0.55)
        let sale: TransactionKind = chance.happens(0.5) ? .saleFull : .salePartial
        return SimulatedFiling(
            document: 0, person: person, company: company, traded: min(traded, filed),
            filed: filed,
            transaction: isPurchase ? .purchase : (source == .congress ? .sale : sale),
            band: band.draw(&chance), owner: chance.below(4), source: source, role: .first)
    }

    /// Another lot of the same trade; at times in the very same words.
    private mutating func again(_ row: SimulatedFiling) -> SimulatedFiling {
        var row = row
        if chance.happens(0.15) { return row }
        row.owner = (row.owner + 1 + chance.below(3)) % 4
        row.band = band.draw(&chance)
        return row
    }

    // MARK: Order

    /// Documents in order of filing; that order numbers them.
    private func numbered(_ drafts: [[SimulatedFiling]]) -> [[SimulatedFiling]] {
        let order = drafts.indices.filter { !drafts[$0].isEmpty }.sorted {
            (drafts[$0][0].filed, $0) < (drafts[$1][0].filed, $1)
        }
        return order.enumerated().map { number, draft in
            drafts[draft].map { row in
                var row = row
                row.document = number
                return row
            }
        }
    }

    /// Amends 3 % of the documents of the normalised file and withdraws 1 %, some weeks later.
    private mutating func correct(_ documents: inout [[SimulatedFiling]]) {
        var corrections: [[SimulatedFiling]] = []
        for document in documents where document[0].source == .normalized {
            let draw = chance.uniform()
            let filed = document[0].filed + (5 + chance.below(60))
            guard draw < 0.04, filed <= calendar.lastDay else { continue }
            let number = documents.count + corrections.count
            if draw < 0.01 {
                var row = document[0]
                row.role = .withdrawal(of: row.document)
                (row.document, row.filed) = (number, filed)
                corrections.append([row])
            } else {
                corrections.append(
                    document.map { row in
                        var row = row
                        row.role = .amendment(of: row.document)
                        (row.document, row.filed) = (number, filed)
                        row.band = (row.band + 1) % SimulatedFiling.bands.count
                        return row
                    })
            }
        }
        documents += corrections
        documents.sort { ($0[0].filed, $0[0].document) < ($1[0].filed, $1[0].document) }
    }

    /// A row that says what an earlier one of its file said is a repeat; one that adds to what its
    /// filer said of the company on that day is a lot.
    private func markRepeats(_ rows: inout [SimulatedFiling]) {
        var written = Lookup<Saying, Bool>()
        var trades = Lookup<Trade, Bool>()
        for index in rows.indices where rows[index].role == .first {
            let row = rows[index]
            // The Congress CSV knows neither documents nor owners.
            let isCongress = row.source == .congress
            let saying = Saying(
                document: isCongress ? -1 : row.document, person: row.person,
                company: row.company, traded: row.traded, filed: row.filed,
                transaction: row.transaction, band: row.band, owner: isCongress ? 0 : row.owner)
            let trade = Trade(
                person: row.person, company: row.company, filed: row.filed,
                isPurchase: row.transaction == .purchase)
            if written[saying] != nil {
                rows[index].role = .repeated
            } else if trades[trade] != nil {
                rows[index].role = .lot
            }
            written[saying] = true
            trades[trade] = true
        }
    }
}
