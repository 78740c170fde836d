public import Events

extension TrainingSet {
    /// The rows that a training set may be cut from, as of a position of the log.
    public struct Supply: Sendable {
        /// Rows whose labels are mature, or that have none.
        public var mature: MatureRows
        /// Rows whose labels are not mature: never used, counted.
        public var immature: Int
        /// Trades that were made, by evaluation.
        public var traded: Lookup<Reference, TradedOutcome>
        /// The latest session all of whose labels are mature.
        public var latestMatureSession: Int
        /// Number of features a row must have.
        public var columns: Int
        /// Rows so old that no training reaches them: counted as outside the look-back.
        public var forgotten: Int
        /// Why outcomes have no row, one reason each: counted where outcomes are asked for.
        public var unjoined: [UnusedRowReason]

        /// A supply from its parts.
        public init(
            mature: MatureRows, immature: Int, traded: Lookup<Reference, TradedOutcome>,
            latestMatureSession: Int, columns: Int, forgotten: Int = 0,
            unjoined: [UnusedRowReason] = []
        ) {
            self.mature = mature
            self.immature = immature
            self.traded = traded
            self.latestMatureSession = latestMatureSession
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
        var (eligible, holdout): ([Pick], [Pick]) = ([], [])
        eligible.reserveCapacity(supply.mature.rows.count)
        for key in supply.mature.keys {
            guard let pick = pick(key, supply, &cut) else { continue }
            if pick.session >= cut.holdoutFrom {
                holdout.append(pick)
            } else if cut.isPurged(pick, before: cut.holdoutFrom) {
                cut.leaveOut(.purged)
            } else {
                eligible.append(pick)
            }
        }
        cut.leaveOut(.immature, supply.immature)
        cut.leaveOut(.outsideLookback, supply.forgotten)
        if rules.useOutcomes { for reason in supply.unjoined { cut.leaveOut(reason) } }
        var (training, earlyStopping) = select(eligible, supply, rules, outcome, &cut)
        weigh(&training, &earlyStopping, rules)
        var set = TrainingSet()
        set.training = Part(training, of: supply.mature.rows)
        set.earlyStopping = Part(earlyStopping, of: supply.mature.rows)
        set.holdout = Part(holdout, of: supply.mature.rows)
        set.unused = cut.unused
        set.failure = failure(set, rules)
        return set
    }

    /// A row with its label; nil, and counted, when it cannot be used.
    private static func pick(
        _ key: MatureRows.Key, _ supply: borrowing Supply, _ cut: inout Cut
    ) -> Pick? {
        guard Int(key.session) <= supply.latestMatureSession else {
            cut.leaveOut(.immature)
            return nil
        }
        guard Int(key.features) == supply.columns else {
            cut.leaveOut(.noFeatures)
            return nil
        }
        guard let outcome = key.outcome else {
            cut.leaveOut(key.isUnmeasured ? .noLabel : .noPrice)
            return nil
        }
        return Pick(key, outcome)
    }

    /// Divides what lies before the holdout, and matured before it, by the maturity of its labels.
    private static func select(
        _ eligible: [Pick], _ supply: Supply, _ rules: TrainingRules,
        _ outcome: (Double) -> OutcomeClass, _ cut: inout Cut
    ) -> (training: [Pick], earlyStopping: [Pick]) {
        let rows = supply.mature.rows.span
        var before = eligible
        guard let last = before.last else { return ([], []) }
        let slice = last.session - rules.earlyStoppingSessions
        // Counted back from the last row that is fitted: before the slice and its purge lie more
        // days than the window has, and no outcome would ever be fitted.
        let fitted = before.last {
            $0.session <= slice && !cut.isEmbargoed($0, rules, after: slice)
        }
        let end = rows[(fitted ?? last).place].decidedOn
        var tickers = Lookup<Ticker, Bool>()
        if rules.useOutcomes {
            for index in before.indices {
                let place = before[index].place
                guard let traded = supply.traded[rows[place].signal],
                    end - traded.entryDay < rules.outcomeWindowDays
                else { continue }
                var pick = before[index]
                pick.take(traded, outcome(traded.longReturn))
                if let closed = traded.exitDay, let label = rows[place].label, closed > label.to {
                    guard let session = firstSession(rows, from: closed) else {
                        cut.leaveOut(.immature)
                        continue
                    }
                    pick.wait(until: session.day, session.number)
                }
                guard !cut.isPurged(pick, before: cut.holdoutFrom) else {
                    cut.leaveOut(.purged)
                    continue
                }
                before[index] = pick
                tickers[rows[place].ticker] = true
            }
        }
        var (training, earlyStopping): ([Pick], [Pick]) = ([], [])
        training.reserveCapacity(before.count)
        for pick in before {
            let isMarket = pick.source == .market
            if isMarket, pick.session <= last.session - rules.lookbackSessions {
                cut.leaveOut(.outsideLookback)
            } else if isMarket, tickers.count > 0, tickers[rows[pick.place].ticker] != nil {
                cut.leaveOut(.tickerHasOutcome)
            } else if pick.session > slice {
                earlyStopping.append(pick)
            } else if cut.isEmbargoed(pick, rules, after: slice) {
                cut.leaveOut(.embargoed)
            } else {
                training.append(pick)
            }
        }
        return (training, earlyStopping)
    }

    /// The first session on or after a day that any row knows of; nil when none is that late.
    private static func firstSession(
        _ rows: Span<TrainingRow>, from day: Day
    ) -> (day: Day, number: Int)? {
        var first: (day: Day, number: Int)?
        func meet(_ known: Day, _ number: Int) {
            guard known >= day, first.map({ known < $0.day }) ?? true else { return }
            first = (known, number)
        }
        for place in rows.indices {
            meet(rows[place].decidedOn, rows[place].session)
            if let label = rows[place].label { meet(label.to, label.toSession) }
        }
        return first
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
            holdoutFrom = supply.latestMatureSession - rules.holdoutSessions + 1
            embargo = rules.embargoSessions
        }

        /// Whether a row's label matures too late for what begins at a session.
        func isPurged(_ pick: Pick, before session: Int) -> Bool {
            pick.toSession + embargo >= session
        }

        /// Whether a row's label matures too late for the early-stopping slice after a session.
        /// Without a slice there is nothing that a label could reach into.
        func isEmbargoed(_ pick: Pick, _ rules: TrainingRules, after session: Int) -> Bool {
            rules.earlyStoppingSessions > 0 && isPurged(pick, before: session + 1)
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
