public import Events
import FeedbackLoop

/// The read model `blend-weight`: each evaluation of the champion's weight and of the thresholds.
///
/// It refuses an evaluation that does not begin where the one before ended: a weight has one
/// history.
public struct BlendWeightProjection: Projection {
    /// Its name.
    public static let name = "blend-weight"
    /// Raised with every change.
    public static let version = 2
    /// The events that it acts on.
    public static let consumed: [any EventMessage.Type] = [
        BlendWeightEvaluated.self, ThresholdsEvaluated.self, ConfigurationChanged.self,
        OrderSubmitted.self, OrderCancelled.self, OrderFilled.self, OutcomeRecorded.self,
    ]
    /// Its tables.
    public static let tables = [
        ProjectionTable("blend_weight_history", columns: 19, history: .since("position")),
        ProjectionTable("threshold_history", columns: 10, history: .since("position")),
    ]

    /// The latest weight, tenths; nil before the first evaluation.
    private var tenths: UInt8?
    /// The latest thresholds, hundredths: the buy threshold, then the sell threshold.
    private var thresholds: [UInt8] = []
    private var executed = ExecutedTrades()

    /// Before the first event.
    public init() {}

    /// Takes an event.
    public mutating func evolve(_ event: borrowing ProjectedEvent, _ rows: inout RowChanges) throws
    {
        switch event.templateID {
        case BlendWeightEvaluated.templateID:
            try weigh(try BlendWeightEvaluated(message: event.message), event.position, &rows)
        case ThresholdsEvaluated.templateID:
            try judge(try ThresholdsEvaluatedView(event.message), event.position, &rows)
        default: try executed.take(event)
        }
    }

    private mutating func weigh(
        _ evaluation: BlendWeightEvaluated, _ position: UInt64, _ rows: inout RowChanges
    ) throws {
        let (old, new) = (evaluation.previousTenths, evaluation.tenths)
        guard tenths.map({ $0 == old }) ?? true else {
            throw ProjectionRefusal("it begins at weight .\(old); the one before ended elsewhere")
        }
        tenths = new
        let measured = executed.beside(evaluation)
        let measure = executed.measure
        let reason = try Word.weight(evaluation.reason)
        rows.insert(0, .position(position)) { row in
            row.integer(position)
            row.instant(evaluation.envelope.knownAt)
            row.real(Double(old) / 10)
            row.real(Double(new) / 10)
            row.text(reason)
            row.integer(evaluation.machineArm)
            row.integer(evaluation.machineWins)
            row.real(evaluation.machineRate)
            row.integer(evaluation.heuristicArm)
            row.integer(evaluation.heuristicWins)
            row.real(evaluation.heuristicRate)
            row.text(measure)
            row.integer(evaluation.executed)
            row.real(evaluation.executedRate)
            row.integer(measured.trades)
            row.integer(measured.wins)
            row.real(measured.rate)
            row.day(evaluation.fromDay)
            row.day(evaluation.throughDay)
        }
    }

    private mutating func judge(
        _ view: borrowing ThresholdsEvaluatedView, _ position: UInt64, _ rows: inout RowChanges
    ) throws {
        let old = [view.previousBuyHundredths, view.previousSellHundredths]
        guard thresholds.isEmpty || thresholds == old else {
            throw ProjectionRefusal(
                "it begins at thresholds \(old); the one before ended at \(thresholds)")
        }
        thresholds = [view.buyHundredths, view.sellHundredths]
        let new = thresholds
        let (knownAt, reason) = (view.envelope.knownAt, try Word.threshold(view.reason))
        let counts = [view.buys, view.sells, view.neutrals]
        rows.insert(1, .position(position)) { row in
            row.integer(position)
            row.instant(knownAt)
            for side in 0..<2 {
                row.real(Double(old[side]) / 100)
                row.real(Double(new[side]) / 100)
            }
            row.text(reason)
            for count in counts { row.integer(count) }
        }
    }

    /// Writes the state in canonical bytes.
    public func snapshot(_ writer: inout SnapshotWriter) {
        writer.optional(tenths) { $0.integer(Int($1)) }
        writer.list(thresholds) { $0.integer(Int($1)) }
        executed.write(&writer)
    }

    /// The state as a snapshot says it.
    public init(snapshot reader: inout SnapshotReader, rows: some RowSource) throws {
        tenths = try reader.optional { reader throws(SnapshotError) in
            UInt8(truncatingIfNeeded: try reader.integer())
        }
        thresholds = try reader.list { reader throws(SnapshotError) in
            UInt8(truncatingIfNeeded: try reader.integer())
        }
        executed = try ExecutedTrades(&reader)
    }
}
