import Events

/// Which tickers belong together: the sector of each, as reference files say it.
struct Sectors: Sendable {
    private var numbers = Lookup<String, Int>()
    private var sectorOf = Lookup<Ticker, Int>()
    /// The tickers of each sector, in order of first mention.
    private(set) var members: [[Ticker]] = []
    /// Facts taken so far.
    private(set) var classified = 0

    /// Takes a reference fact; a later one moves the ticker.
    mutating func classify(_ event: borrowing InstrumentClassifiedView) {
        let (ticker, name) = (event.ticker, event.sector)
        classified += 1
        let number: Int
        if let known = numbers[name] {
            number = known
        } else {
            number = members.count
            numbers[name] = number
            members.append([])
        }
        if let old = sectorOf[ticker] { members[old].removeAll { $0 == ticker } }
        sectorOf[ticker] = number
        members[number].append(ticker)
    }

    /// The sector of a ticker, nil when none is known.
    func sector(of ticker: Ticker) -> Int? { sectorOf[ticker] }
}
