public import Events

/// Rows for one training, cut by decision dates, with the count of every row that is not used.
///
/// From the latest date whose labels are all mature back: the holdout, a gap, the training part,
/// whose last slice stops training early. Rows are left out by the maturity of their labels, never
/// by their exits, which would keep early losers and lose late winners.
public struct TrainingSet: Sendable {
    /// Where a row's label comes from.
    public enum Source: UInt8, Sendable {
        /// The hypothetical trade.
        case market
        /// A trade that was made.
        case outcome
    }

    /// A row that is used.
    public struct Used: Sendable {
        /// The row.
        public var row: TrainingRow
        /// Where its label comes from.
        public var source: Source
        /// Long-side net return, a fraction.
        public var netReturn: Double
        /// Its class.
        public var outcome: OutcomeClass
        /// Dollars of a trade that was made.
        public var dollars: Double?
        /// Its weight.
        public var weight: Float = 1
    }

    /// Rows to train on, in order of session and ticker.
    public internal(set) var training: [Used] = []
    /// Rows that stop training early.
    public internal(set) var earlyStopping: [Used] = []
    /// Rows kept apart for the gate.
    public internal(set) var holdout: [Used] = []
    /// Rows not used, by reason, in order of the reason's number.
    public internal(set) var unused: [(reason: UnusedRowReason, count: Int)] = []
    /// Why there is nothing to train on; nil when there is.
    public internal(set) var failure: TrainingFailureReason?

    init() {}

    /// Rows of the training part, the early-stopping slice included.
    public var part: [Used] { training + earlyStopping }

    /// Rows that were looked at, used or not.
    public var rowsExamined: Int {
        training.count + earlyStopping.count + holdout.count
            + unused.reduce(0) { $0 + $1.count }
    }

    /// Rows of a class in the training part.
    public func count(_ outcome: OutcomeClass) -> Int {
        part.reduce(0) { $0 + ($1.outcome == outcome ? 1 : 0) }
    }

    /// Rows of a source in the training part.
    public func count(_ source: Source) -> Int {
        part.reduce(0) { $0 + ($1.source == source ? 1 : 0) }
    }

    /// Day on which the latest label of the training part became mature.
    public var labelsThrough: Day? {
        part.reduce(nil) { latest, used in
            guard let day = used.row.label?.to else { return latest }
            return max(latest ?? day, day)
        }
    }

    /// Session in which that was.
    public var labelsThroughSession: Int? {
        part.reduce(nil) { latest, used in
            guard let session = used.row.label?.toSession else { return latest }
            return max(latest ?? session, session)
        }
    }

    /// The class with most rows in the training part; of equals the lowest.
    public var majority: OutcomeClass {
        var best = OutcomeClass.loss
        for outcome in [OutcomeClass.breakeven, .win] where count(outcome) > count(best) {
            best = outcome
        }
        return best
    }

    /// The rows as a trainer takes them.
    public static func matrix(_ rows: [Used]) -> TrainingMatrix {
        var matrix = TrainingMatrix(columns: rows.first?.row.features.count ?? 0)
        for used in rows {
            matrix.append(used.row.features, used.outcome, weight: used.weight)
        }
        return matrix
    }
}
