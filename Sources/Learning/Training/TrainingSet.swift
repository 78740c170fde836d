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
    public internal(set) var training = Part()
    /// Rows that stop training early.
    public internal(set) var earlyStopping = Part()
    /// Rows kept apart for the gate.
    public internal(set) var holdout = Part()
    /// Rows not used, by reason, in order of the reason's number.
    public internal(set) var unused: [(reason: UnusedRowReason, count: Int)] = []
    /// Why there is nothing to train on; nil when there is.
    public internal(set) var failure: TrainingFailureReason?

    init() {}

    /// Rows of the training part, the early-stopping slice included.
    public var part: [Used] { Array(training) + Array(earlyStopping) }

    /// Rows that were looked at, used or not.
    public var rowsExamined: Int {
        training.count + earlyStopping.count + holdout.count
            + unused.reduce(0) { $0 + $1.count }
    }

    /// Rows of a class in the training part.
    public func count(_ outcome: OutcomeClass) -> Int {
        training.picks.count { $0.outcome == outcome }
            + earlyStopping.picks.count { $0.outcome == outcome }
    }

    /// Rows of a source in the training part.
    public func count(_ source: Source) -> Int {
        training.picks.count { $0.source == source }
            + earlyStopping.picks.count { $0.source == source }
    }

    /// The label of the training part that became mature last; of equals the first.
    private var latestLabel: TrainingRow.Label? {
        var latest: (part: Part, pick: Pick)?
        for part in [training, earlyStopping] {
            for pick in part.picks
            where latest.map({ $0.pick.toSession < pick.toSession }) ?? true {
                latest = (part, pick)
            }
        }
        return latest.flatMap { $0.pick.used($0.part.rows).row.label }
    }

    /// Day on which the latest label of the training part became mature.
    public var labelsThrough: Day? { latestLabel?.to }

    /// Session in which that was.
    public var labelsThroughSession: Int? { latestLabel?.toSession }

    /// The class with most rows in the training part; of equals the lowest.
    public var majority: OutcomeClass {
        var best = OutcomeClass.loss
        for outcome in [OutcomeClass.breakeven, .win] where count(outcome) > count(best) {
            best = outcome
        }
        return best
    }

    /// Places of rows to train on that stand for all: evenly spaced in their order, at most
    /// `count`.
    public func sample(_ count: Int) -> StrideTo<Int> {
        stride(
            from: 0, to: training.count, by: max(1, (training.count + count - 1) / count))
    }

    /// The first and the last decision date of the training part; nil without rows.
    public var days: ClosedRange<Day>? {
        let ends = [training.first, training.last, earlyStopping.first, earlyStopping.last]
            .compactMap { $0?.row.decidedOn }
        guard let first = ends.min(), let last = ends.max() else { return nil }
        return first...last
    }

    /// The rows as a trainer takes them.
    public static func matrix(_ part: Part) -> TrainingMatrix {
        let rows = part.rows.span
        var matrix = TrainingMatrix(
            columns: part.picks.first.map { rows[$0.place].features.count } ?? 0)
        matrix.reserveCapacity(part.count)
        for pick in part.picks {
            matrix.append(rows[pick.place].features, pick.outcome, weight: pick.weight)
        }
        return matrix
    }
}
