import Events

/// What the filings of one ticker add up to at an evaluation.
struct Evidence: Hashable, Sendable {
    var politicians = 0
    var transactions = 0
    var buys = 0
    var sells = 0
    var recent = 0
    var netVolume = 0.0
    var totalVolume = 0.0
    var isBipartisan = false
    var newestTrade: Day?
    /// Rows of filers known as Democrats.
    var democrats = 0
    /// Rows of filers known as Republicans.
    var republicans = 0
    /// Days from trade to filing, summed over the rows.
    var delayDays = 0
    /// The newest filing date among the rows.
    var newestFiling: Day?
    /// The distinct filers, in order of first appearance.
    var filers: [Int] = []
    /// Rows of each of them that buy, less those that sell.
    var filerNet: [Int] = []
    /// The purchases and sales that they tell of.
    var trades: [FilerSkill.Trade] = []
    /// The rows that counted, in order of knowledge.
    var filings: [Reference] = []

    /// No filings.
    init() {}

    /// The evidence of an entry as of the session of `day`: rows traded in the last `lookbackDays`.
    init(
        _ entry: DisclosureBook.Entry, filers known: borrowing Filers, day: Day,
        configuration: LoopConfiguration
    ) {
        let first = day - configuration.lookbackDays
        let firstRecent = day - configuration.recentDays
        for row in entry.rows where row.tradedOn > first {
            transactions += 1
            filings.append(row.filing)
            if row.isBuy { buys += 1 } else { sells += 1 }
            if row.tradedOn > firstRecent { recent += 1 }
            netVolume += row.isBuy ? row.dollars : -row.dollars
            totalVolume += row.dollars
            newestTrade = max(newestTrade ?? row.tradedOn, row.tradedOn)
            delayDays += row.filedOn - row.tradedOn
            newestFiling = max(newestFiling ?? row.filedOn, row.filedOn)
            let place = place(of: row.filer)
            filerNet[place] += row.isBuy ? 1 : -1
            let party = row.party ?? known.party(row.filer)
            if party == .democrat { democrats += 1 }
            if party == .republican { republicans += 1 }
        }
        trades = FilerSkill.trades(entry.rows.filter { $0.tradedOn > first })
        politicians = filers.count
        isBipartisan = democrats > 0 && republicans > 0
    }

    private mutating func place(of filer: Int) -> Int {
        if let known = filers.firstIndex(of: filer) { return known }
        filers.append(filer)
        filerNet.append(0)
        return filers.count - 1
    }

    /// Buys over sells, `cap` without sells and at most `cap`.
    func ratio(cap: Double) -> Double {
        sells == 0 ? cap : min(Double(buys) / Double(sells), cap)
    }
}
