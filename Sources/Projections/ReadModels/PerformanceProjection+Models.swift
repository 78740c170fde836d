import Events
import FeedbackLoop

extension PerformanceProjection {
    /// The catalogue number under which evaluations of the blend weight stand.
    private static let blendWeightNumber = -1
    /// And their name.
    private static let blendWeightName = "_ml_blend_weight"

    /// An evaluation of the blend weight, in the columns of a feature: high is the machine's arm,
    /// low the heuristic's, the recommended weight the one that holds from now on; executed trades
    /// beside them, net and by the arms' measure.
    mutating func weigh(
        _ event: BlendWeightEvaluated, _ projected: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) {
        let position = projected.position
        let number = Self.blendWeightNumber
        let measured = executed.beside(event)
        let measure = executed.measure
        let days = event.fromDay.flatMap { from in event.throughDay.map { $0 - from + 1 } } ?? 0
        let lift = event.machineRate.flatMap { machine in
            event.heuristicRate.map { (machine - $0) * 100 }
        }
        rows.insert(1, .pair(Int64(position), Int64(number))) { row in
            row.integer(position)
            row.integer(number)
            row.day(event.envelope.knownAt.day)
            row.integer(days)
            row.text(Self.blendWeightName)
            for _ in 0..<5 { row.null() }
            row.real(lift)
            row.integer(event.machineArm + event.heuristicArm)
            row.integer(event.machineArm)
            row.integer(event.heuristicArm)
            row.real(event.machineRate)
            row.real(event.heuristicRate)
            row.boolean(event.reason == .machineAhead)
            row.real(Double(event.tenths) / 10)
            row.text(measure)
            row.integer(event.executed)
            row.real(event.executedRate)
            row.integer(measured.trades)
            row.real(measured.rate)
        }
    }

    /// A champion's record.
    func evaluate(
        _ event: ModelPerformanceEvaluated, _ projected: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) {
        let (position, version) = (projected.position, models[event.model])
        rows.insert(2, .position(position)) { row in
            row.integer(position)
            row.reference(event.model)
            row.integer(version)
            row.day(event.day)
            row.integer(event.windowDays)
            row.integer(event.generated)
            row.integer(event.traded)
            row.integer(event.skipped)
            row.real(event.winRate)
            row.real(event.averageReturn)
            row.real(event.totalReturn)
            row.real(event.sharpe)
            row.real(event.sortino)
            row.real(event.maximumDrawdown)
            row.real(event.confidenceCorrelation)
            row.real(event.highConfidenceWinRate)
            row.real(event.lowConfidenceWinRate)
            row.text("{}")
            row.real(event.baselineReturn)
            row.real(event.alpha)
            row.real(event.brier)
            let start = row.beginText()
            row.piece("[")
            for (index, bin) in event.bins.enumerated() {
                row.piece(index == 0 ? "{" : ",{")
                row.piece("\"lower\":\(bin.lower),\"predicted\":\(bin.predicted)")
                row.piece(",\"observed\":\(bin.observed),\"rows\":\(bin.rows)}")
            }
            row.piece("]")
            row.endText(start)
        }
    }
}
