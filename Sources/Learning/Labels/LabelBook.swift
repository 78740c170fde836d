public import Events
public import Market

/// The evaluations whose labels mature, and those whose labels are mature.
///
/// It is fed with each evaluation and then with each session's bars. A label leaves it only when it
/// is mature, so that nothing that reads mature rows can read a label early.
public struct LabelBook: Sendable {
    /// An evaluation whose label is not mature.
    public struct Immature: Sendable {
        /// The row, its label still open.
        public var row: TrainingRow
        /// Its trade.
        public var trade: HypotheticalTrade
        /// The ticker's slot among the prices; nil when it never had a bar.
        public var slot: Int?

        /// A row whose trade goes on.
        public init(row: TrainingRow, trade: HypotheticalTrade, slot: Int?) {
            (self.row, self.trade, self.slot) = (row, trade, slot)
        }
    }

    /// The rules of the trades.
    public let rules: LabelRules
    /// Not mature, in order of session and ticker.
    public private(set) var immature: [Immature] = []

    /// A book without rows.
    public init(rules: LabelRules) {
        self.rules = rules
    }

    /// The latest session all of whose labels are mature, given that decisions were made up to
    /// `session`.
    public func latestMatureSession(decidedThrough session: Int) -> Int {
        immature.first.map { $0.row.session - 1 } ?? session
    }

    /// Takes an evaluation.
    ///
    /// - Precondition: evaluations come in order of session.
    public mutating func add(_ row: TrainingRow, averageTrueRange: Double?, slot: Int?) {
        precondition(
            immature.last.map { $0.row.session <= row.session } ?? true,
            "evaluations come in order of session")
        immature.append(
            Immature(
                row: row,
                trade: HypotheticalTrade(
                    decidedOn: row.decidedOn, session: row.session,
                    averageTrueRange: averageTrueRange),
                slot: slot))
    }

    /// Trades follow a corporate action of their ticker, before they see the bar of its ex-date.
    private mutating func adjust(for change: ShareChange) {
        for place in immature.indices where immature[place].slot == change.slot {
            immature[place].trade.adjust(for: change)
        }
    }

    /// A session closed; gives the rows whose labels it made mature, in the order in which they
    /// were decided.
    public mutating func close(
        _ prices: borrowing PriceBook, _ index: borrowing IndexBook, day: Day
    ) -> [TrainingRow] {
        let level = index.session(day)
        var mature: [TrainingRow] = []
        var gone: [Range<Int>] = []
        let session = prices.sessions - 1
        for change in prices.changes { adjust(for: change) }
        for place in immature.indices {
            let bar = immature[place].slot.flatMap { prices.bar($0) }
            immature[place].trade.close(
                bar, day: day, session: session, rules: rules, index: level)
            guard immature[place].trade.matureOn != nil else { continue }
            immature[place].row.take(immature[place].trade, rules)
            mature.append(immature[place].row)
            if let run = gone.last, run.upperBound == place {
                gone[gone.count - 1] = run.lowerBound..<place + 1
            } else {
                gone.append(place..<place + 1)
            }
        }
        // By runs, the last first: nearly all that goes is the oldest, or was added last and had
        // no price, so that little moves.
        for run in gone.reversed() { immature.removeSubrange(run) }
        return mature
    }

    /// Puts back what a snapshot held.
    public mutating func restore(_ rows: [Immature]) {
        immature = rows
    }
}
