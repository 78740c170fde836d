import Events
import Learning

/// An outcome whose row waits for its evaluation's label.
struct WaitingOutcome: Sendable {
    /// The OutcomeRecorded.
    let outcome: Reference
    let longReturn: Double
    let entryDay: Day
    let exitDay: Day?
}

extension TrainingSetProjection {
    /// A session settled an evaluation: its market row is eligible, or it is known why it never
    /// will be; and so is the outcome row that waited for it.
    mutating func mature(
        _ row: TrainingRow, _ position: UInt64, _ rows: inout RowChanges
    ) throws {
        let key = RowKey.position(row.signal.position)
        evaluations.settle(row.signal, labelTo: row.label?.to)
        if let obstacle = Self.obstacle(row) {
            rows.patch(0, key, [(Column.reason, .text(obstacle))])
        } else if let label = row.label {
            let outcome = try Word.outcome(label.outcome)
            rows.patch(
                0, key,
                [
                    (Column.label, .text(outcome)),
                    (Column.returnPercent, .real(label.netReturn * 100)),
                    (Column.labelFrom, .text("\(label.from)")),
                    (Column.labelTo, .text("\(label.to)")), (Column.eligible, .integer(1)),
                    (Column.reason, .null), (Column.fromPosition, .integer(Int64(position))),
                ])
        }
        if let waiting = waiting[row.signal] {
            self.waiting[row.signal] = nil
            try settle(waiting, row.signal, position, &rows)
        }
    }

    /// Why a row whose label is settled is not eligible, in the order of the training's checks.
    private static func obstacle(_ row: TrainingRow) -> String? {
        if row.features.isEmpty { return "no_features" }
        if row.label != nil { return nil }
        return row.isUnmeasured ? "no_label" : "no_price"
    }

    /// The outcome row of an evaluation whose label is settled; the market row gives way to it.
    private func settle(
        _ waiting: WaitingOutcome, _ signal: Reference, _ position: UInt64,
        _ rows: inout RowChanges
    ) throws {
        let key = RowKey.position(waiting.outcome.position)
        guard let evaluated = evaluations[signal], let rules = immature?.labels.rules else {
            return
        }
        guard evaluated.hasFeatures, let labelTo = evaluated.labelTo else {
            let reason = evaluated.hasFeatures ? "no_price" : "no_features"
            return rows.patch(0, key, [(Column.reason, .text(reason))])
        }
        let label = try Word.outcome(rules.outcome(waiting.longReturn))
        rows.patch(
            0, key,
            [
                (Column.label, .text(label)),
                (Column.returnPercent, .real(waiting.longReturn * 100)),
                (Column.labelFrom, .text("\(waiting.entryDay)")),
                (Column.labelTo, .text("\(max(labelTo, waiting.exitDay ?? labelTo))")),
                (Column.eligible, .integer(1)), (Column.reason, .null),
                (Column.fromPosition, .integer(Int64(position))),
            ])
        rows.patch(
            0, .position(signal.position), [(Column.toPosition, .integer(Int64(position)))])
    }

    /// An outcome: a row of its own, joined to its evaluation by reference, or kept with the reason
    /// why it teaches nothing.
    mutating func record(
        _ outcome: OutcomeRecorded, _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        guard let settings else { return }
        try requireKnownFeatures(outcome.featureSchema, outcome.features.count)
        let evaluated = evaluations[outcome.signal]
        let obstacle = TradedOutcome.obstacle(
            to: outcome, isEvaluated: evaluated != nil, isTaken: evaluated?.isTaken ?? false,
            measure: immature?.labels.rules.measure ?? .net)
        let reason = try obstacle.map { try Word.unused($0) } ?? Self.immature
        let (position, reference) = (event.position, event.reference)
        rows.insert(0, .position(reference.position)) { encoder in
            encoder.integer(reference.position)
            encoder.integer(position)
            encoder.reference(outcome.signal)
            encoder.ticker(outcome.ticker)
            if let evaluated {
                encoder.instant(evaluated.decidedAt)
                encoder.day(evaluated.day)
                encoder.integer(evaluated.session)
            } else {
                for _ in 0..<3 { encoder.null() }
            }
            encoder.features(outcome.features.map(\.value))
            encoder.text("outcome")
            encoder.real(settings.outcomeWeight)
            for _ in 0..<4 { encoder.null() }
            encoder.boolean(false)
            encoder.text(reason)
            for _ in 0..<3 { encoder.null() }
        }
        guard obstacle == nil, let measure = immature?.labels.rules.measure,
            let taught = TradedOutcome(outcome, reference, measure)
        else { return }
        evaluations.take(outcome.signal)
        rows.patch(
            0, .position(outcome.signal.position), [(Column.outcome, .text("\(reference)"))])
        let row = WaitingOutcome(
            outcome: reference, longReturn: taught.longReturn, entryDay: taught.entryDay,
            exitDay: outcome.exitDay)
        if evaluated?.isSettled == true {
            try settle(row, outcome.signal, position, &rows)
        } else {
            waiting[outcome.signal] = row
        }
    }
}
