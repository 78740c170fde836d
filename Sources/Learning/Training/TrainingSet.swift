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
        var count = 0
        for index in training.indices where training[index].outcome == outcome { count += 1 }
        for index in earlyStopping.indices where earlyStopping[index].outcome == outcome {
            count += 1
        }
        return count
    }

    /// Rows of a source in the training part.
    public func count(_ source: Source) -> Int {
        var count = 0
        for index in training.indices where training[index].source == source { count += 1 }
        for index in earlyStopping.indices where earlyStopping[index].source == source {
            count += 1
        }
        return count
    }

    /// The label of the training part that became mature last; of equals the first.
    private var latestLabel: TrainingRow.Label? {
        var latest: TrainingRow.Label?
        func take(_ label: TrainingRow.Label?) {
            guard let label, latest.map({ $0.toSession < label.toSession }) ?? true else { return }
            latest = label
        }
        for index in training.indices { take(training[index].row.label) }
        for index in earlyStopping.indices { take(earlyStopping[index].row.label) }
        return latest
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

    /// Places of rows to train on that stand for all: evenly spaced in their order, at most `count`.
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
    public static func matrix(_ rows: [Used]) -> TrainingMatrix {
        var matrix = TrainingMatrix(columns: rows.first?.row.features.count ?? 0)
        matrix.reserveCapacity(rows.count)
        for place in rows.indices {
            matrix.append(
                rows[place].row.features, rows[place].outcome, weight: rows[place].weight)
        }
        return matrix
    }
}
