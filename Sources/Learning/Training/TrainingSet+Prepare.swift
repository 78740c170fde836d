public import Events

extension TrainingSet {
    /// The rows that a training set may be cut from, as of a position of the log.
    public struct Supply: Sendable {
        /// Rows whose labels are mature, or that have none, in order of session and ticker.
        public var ripe: [TrainingRow]
        /// Rows whose labels are not mature: never used, counted.
        public var immature: Int
        /// Trades that were made, by evaluation.
        public var traded: Lookup<Reference, TradedOutcome>
        /// The latest session all of whose labels are mature.
        public var latestRipeSession: Int
        /// Number of features a row must have.
        public var columns: Int
        /// Rows so old that no training reaches them: counted as outside the look-back.
        public var forgotten: Int
        /// Why outcomes have no row, one reason each: counted where outcomes are asked for.
        public var unjoined: [UnusedRowReason]

        /// A supply from its parts.
        public init(
            ripe: [TrainingRow], immature: Int, traded: Lookup<Reference, TradedOutcome>,
            latestRipeSession: Int, columns: Int, forgotten: Int = 0,
            unjoined: [UnusedRowReason] = []
        ) {
            self.ripe = ripe
            self.immature = immature
            self.traded = traded
            self.latestRipeSession = latestRipeSession
            self.columns = columns
            self.forgotten = forgotten
            self.unjoined = unjoined
        }
    }

    /// Cuts a training set: outcome rows with their own results, market rows with the simulator's.
    ///
    /// An outcome row is a trade that was made, entered within `outcomeWindowDays` before the last
    /// row that is fitted or since, with its own result; a market row is any other evaluation of a
    /// ticker without such a trade. The holdout has the simulator's labels only.
    public static func prepareOutcomeTrainingData(
        _ supply: Supply, _ rules: TrainingRules, outcome: (Double) -> OutcomeClass
    ) -> TrainingSet {
        var cut = Cut(supply, rules)
        var set = TrainingSet()
        var eligible: [Used] = []
        for place in canonicalOrder(supply.ripe) {
            let row = supply.ripe[place]
            guard row.session <= supply.latestRipeSession else {
                cut.leaveOut(.immature)
                continue
            }
            guard let used = used(row, supply, &cut) else { continue }
            if row.session >= cut.holdoutFrom {
                set.holdout.append(used)
            } else {
                eligible.append(used)
            }
        }
        cut.leaveOut(.immature, supply.immature)
        cut.leaveOut(.outsideLookback, supply.forgotten)
        if rules.useOutcomes { for reason in supply.unjoined { cut.leaveOut(reason) } }
        select(eligible, supply, rules, outcome, &cut, &set)
        weigh(&set, rules)
        set.unused = cut.unused
        set.failure = failure(set, rules)
        return set
    }

    /// Places of the rows in order of session, ticker and evaluation.
    private static func canonicalOrder(_ rows: [TrainingRow]) -> [Int] {
        var keys: [(session: Int, ticker: Ticker, signal: UInt64, place: Int)] = []
        keys.reserveCapacity(rows.count)
        for place in rows.indices {
            keys.append(
                (
                    rows[place].session, rows[place].ticker, rows[place].signal.rawValue, place
                ))
        }
        keys.sort {
            if $0.session != $1.session { return $0.session < $1.session }
            if $0.ticker != $1.ticker { return $0.ticker < $1.ticker }
            return $0.signal < $1.signal
        }
        return keys.map(\.place)
    }

    /// The row with its label; nil, and counted, when it can have none.
    private static func used(
        _ row: TrainingRow, _ supply: Supply, _ cut: inout Cut
    ) -> Used? {
        guard row.features.count == supply.columns else {
            cut.leaveOut(.noFeatures)
            return nil
        }
        guard let label = row.label else {
            cut.leaveOut(.noPrice)
            return nil
        }
        return Used(
            row: row, source: .market, netReturn: label.netReturn, outcome: label.outcome)
    }

    /// Divides what lies before the holdout by the maturity of its labels.
    private static func select(
        _ eligible: [Used], _ supply: Supply, _ rules: TrainingRules,
        _ outcome: (Double) -> OutcomeClass, _ cut: inout Cut, _ set: inout TrainingSet
    ) {
        var before: [Used] = []
        for used in eligible {
            if cut.isPurged(used.row, before: cut.holdoutFrom) {
                cut.leaveOut(.purged)
            } else {
                before.append(used)
            }
        }
        guard let last = before.last?.row else { return }
        let slice = last.session - rules.earlyStoppingSessions
        // Without a slice there is nothing that a fitted row's label could reach into.
        let dates = cut
        func isLate(_ row: TrainingRow) -> Bool {
            rules.earlyStoppingSessions > 0 && dates.isPurged(row, before: slice + 1)
        }
        // Counted back from the last row that is fitted: before the slice and its purge lie more
        // days than the window has, and no outcome would ever be fitted.
        let fitted = before.last {
            $0.row.session <= slice && !isLate($0.row)
        }
        let end = (fitted?.row ?? last).decidedOn
        var tickers = Lookup<Ticker, Bool>()
        for index in before.indices {
            guard rules.useOutcomes, let traded = supply.traded[before[index].row.signal],
                end - traded.entryDay < rules.outcomeWindowDays
            else { continue }
            before[index].source = .outcome
            before[index].netReturn = traded.longReturn
            before[index].outcome = outcome(traded.longReturn)
            before[index].dollars = traded.dollars
            tickers[before[index].row.ticker] = true
        }
        for used in before {
            if used.source == .market, used.row.session <= last.session - rules.lookbackSessions {
                cut.leaveOut(.outsideLookback)
            } else if used.source == .market, tickers[used.row.ticker] != nil {
                cut.leaveOut(.tickerHasOutcome)
            } else if used.row.session > slice {
                set.earlyStopping.append(used)
            } else if isLate(used.row) {
                cut.leaveOut(.embargoed)
            } else {
                set.training.append(used)
            }
        }
    }

    /// Why the training part is no training set, in the order of the checks; nil when it is one.
    private static func failure(
        _ set: TrainingSet, _ rules: TrainingRules
    ) -> TrainingFailureReason? {
        if set.training.count + set.earlyStopping.count < rules.minimumRows { return .tooFewRows }
        if set.count(.win) < rules.minimumClass { return .tooFewWins }
        if set.count(.loss) < rules.minimumClass { return .tooFewLosses }
        if rules.useOutcomes, set.count(.outcome) == 0 { return .noOutcomeRows }
        return nil
    }

    /// Where the set is cut, and what was left out.
    private struct Cut {
        let holdoutFrom: Int
        private let embargo: Int
        private var counts = [Int](repeating: 0, count: 256)

        init(_ supply: Supply, _ rules: TrainingRules) {
            holdoutFrom = supply.latestRipeSession - rules.holdoutSessions + 1
            embargo = rules.embargoSessions
        }

        /// Whether a row's label ripens too late for what begins at a session.
        func isPurged(_ row: TrainingRow, before session: Int) -> Bool {
            guard let label = row.label else { return true }
            return label.toSession + embargo >= session
        }

        mutating func leaveOut(_ reason: UnusedRowReason, _ count: Int = 1) {
            counts[Int(reason.rawValue)] += count
        }

        var unused: [(reason: UnusedRowReason, count: Int)] {
            UnusedRowReason.allCases.compactMap { reason in
                let count = counts[Int(reason.rawValue)]
                return count > 0 ? (reason, count) : nil
            }
        }
    }
}
