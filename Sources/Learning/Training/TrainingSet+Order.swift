import Events

extension TrainingSet {
    /// A row as long as a set is cut: its place among the rows, and what decides where it goes.
    struct Pick {
        let place: Int
        let session: Int
        /// Session from whose close on the label may be used.
        let toSession: Int
        private(set) var source = Source.market
        private(set) var netReturn: Double
        private(set) var outcome: OutcomeClass
        private(set) var dollars: Double?
        var weight: Float = 1

        init(place: Int, session: Int, label: TrainingRow.Label) {
            (self.place, self.session, toSession) = (place, session, label.toSession)
            (netReturn, outcome) = (label.netReturn, label.outcome)
        }

        /// Takes the result of a trade that was made in place of the simulator's.
        mutating func take(_ traded: TradedOutcome, _ outcome: OutcomeClass) {
            source = .outcome
            netReturn = traded.longReturn
            self.outcome = outcome
            dollars = traded.dollars
        }

        /// The row itself.
        func used(_ rows: [TrainingRow]) -> Used {
            Used(
                row: rows[place], source: source, netReturn: netReturn, outcome: outcome,
                dollars: dollars, weight: weight)
        }
    }

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
