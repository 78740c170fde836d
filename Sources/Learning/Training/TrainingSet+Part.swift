import Events

extension TrainingSet {
    /// A row that is used: its place among the rows, and what decides where it goes.
    struct Pick: Sendable {
        let place: Int
        let session: Int
        /// Session from whose close on the label may be used.
        private(set) var toSession: Int
        /// Day from which a trade that was held longer than the simulator holds is known.
        private var closedOn: Day?
        private(set) var source = Source.market
        private(set) var netReturn: Double
        private(set) var outcome: OutcomeClass
        private(set) var dollars: Double?
        var weight: Float = 1

        init(_ key: MatureRows.Key, _ outcome: OutcomeClass) {
            (place, session) = (Int(key.place), Int(key.session))
            (toSession, netReturn) = (Int(key.toSession), key.netReturn)
            self.outcome = outcome
        }

        /// A trade that was closed after the simulator's label was mature is known only then.
        mutating func wait(until day: Day, _ session: Int) {
            (closedOn, toSession) = (day, session)
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
            var row = rows[place]
            if let closedOn, var label = row.label {
                (label.to, label.toSession) = (closedOn, toSession)
                row.label = label
            }
            return Used(
                row: row, source: source, netReturn: netReturn, outcome: outcome,
                dollars: dollars, weight: weight)
        }
    }

    /// The rows of one part, made from their places when they are asked for: a set is cut from
    /// tens of thousands of rows, of which most are never looked at one by one.
    public struct Part: RandomAccessCollection, Sendable {
        /// The rows that it was cut from, shared with whoever lent them.
        let rows: [TrainingRow]
        let picks: [Pick]

        init(_ picks: [Pick] = [], of rows: [TrainingRow] = []) {
            (self.picks, self.rows) = (picks, rows)
        }

        /// 0.
        public var startIndex: Int { 0 }
        /// Number of rows.
        public var endIndex: Int { picks.count }
        /// Confidence of the heuristic in a row's evaluation, hundredths.
        public func heuristic(at index: Int) -> Int { rows[picks[index].place].heuristic }
        /// A row, in order of session and ticker.
        public subscript(index: Int) -> Used { picks[index].used(rows) }
    }
}
