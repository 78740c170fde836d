import Events

extension TrainingSet {
    /// Places of the rows in order of session, ticker and evaluation.
    ///
    /// By counting, as rows come in order of maturity, which is nearly that of their sessions; then
    /// within each session by merging, as they come in few ascending runs.
    static func canonicalOrder(_ rows: Span<TrainingRow>) -> [Int] {
        guard rows.count > 0 else { return [] }
        var (low, high) = (rows[0].session, rows[0].session)
        for place in rows.indices {
            (low, high) = (min(low, rows[place].session), max(high, rows[place].session))
        }
        var ends = [Int](repeating: 0, count: high - low + 2)
        for place in rows.indices { ends[rows[place].session - low + 1] += 1 }
        for session in 1..<ends.count { ends[session] += ends[session - 1] }
        var starts = ends
        var keys = [OrderKey](
            repeating: OrderKey(ticker: 0, signal: 0, place: 0), count: rows.count)
        for place in rows.indices {
            let session = rows[place].session - low
            keys[starts[session]] = OrderKey(
                ticker: rows[place].ticker.rawValue, signal: rows[place].signal.rawValue,
                place: place)
            starts[session] += 1
        }
        for session in 0...(high - low)
        where !isAscending(keys.span, ends[session]..<ends[session + 1]) {
            keys[ends[session]..<ends[session + 1]].sort { $0.precedes($1) }
        }
        return keys.map(\.place)
    }

    private static func isAscending(_ keys: Span<OrderKey>, _ range: Range<Int>) -> Bool {
        for index in range.dropFirst() where keys[index].precedes(keys[index - 1]) { return false }
        return true
    }

    /// A row's place, and its order within its session.
    private struct OrderKey {
        let ticker: UInt64
        let signal: UInt64
        let place: Int

        func precedes(_ other: OrderKey) -> Bool {
            ticker != other.ticker ? ticker < other.ticker : signal < other.signal
        }
    }
}
