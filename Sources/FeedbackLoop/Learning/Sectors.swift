import Events

/// Which tickers belong together: the sector of each, as reference files say it.
struct Sectors: Sendable {
    private var numbers = Lookup<String, Int>()
    private var sectorOf = Lookup<Ticker, Int>()
    /// The tickers of each sector, in order of first mention.
    private(set) var members: [[Ticker]] = []
    /// The sector of the standard that each is, nil for another word.
    private var standard: [Sector?] = []
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
            standard.append(Sector(text: name))
        }
        if let old = sectorOf[ticker] { members[old].removeAll { $0 == ticker } }
        sectorOf[ticker] = number
        members[number].append(ticker)
    }

    /// The sector of a ticker, nil when none is known.
    func sector(of ticker: Ticker) -> Int? { sectorOf[ticker] }

    /// The sector of the standard that a ticker is of, nil when none is known.
    func standard(of ticker: Ticker) -> Sector? { sectorOf[ticker].flatMap { standard[$0] } }
}
