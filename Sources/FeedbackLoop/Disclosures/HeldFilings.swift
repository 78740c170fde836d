import Events

/// Which entries hold rows of a filing, by a number that the filing has for as long as one of its
/// rows is held.
struct HeldFilings: Sendable {
    private struct Held: Sendable {
        var filingID: String
        /// Rows that are held.
        var rows = 0
        /// Where rows were put, in order; some may be forgotten since.
        var entries: [Int] = []
    }

    private var numbers = Lookup<String, Int>()
    private var filings: [Held] = []
    /// Numbers that no filing has.
    private var free: [Int] = []

    /// The number of filings of which a row is held.
    var count: Int { numbers.count }

    /// A row of a filing was put into an entry; gives the filing's number.
    mutating func hold(_ filingID: String, in entry: Int) -> Int {
        let number = numbers[filingID] ?? begin(filingID)
        filings[number].rows += 1
        if filings[number].entries.last != entry { filings[number].entries.append(entry) }
        return number
    }

    /// A row of the filing with a number is held no more.
    mutating func release(_ number: Int) {
        filings[number].rows -= 1
        if filings[number].rows == 0 { end(number) }
    }

    /// Forgets a filing: its number, and the entries that may hold a row of it; nil when no row is
    /// held.
    mutating func remove(_ filingID: String) -> (number: Int, entries: [Int])? {
        guard let number = numbers[filingID] else { return nil }
        defer { end(number) }
        return (number, filings[number].entries)
    }

    private mutating func begin(_ filingID: String) -> Int {
        let number: Int
        if let reused = free.popLast() {
            number = reused
            filings[number] = Held(filingID: filingID)
        } else {
            number = filings.count
            filings.append(Held(filingID: filingID))
        }
        numbers[filingID] = number
        return number
    }

    private mutating func end(_ number: Int) {
        numbers[filings[number].filingID] = nil
        filings[number] = Held(filingID: "")
        free.append(number)
    }
}
