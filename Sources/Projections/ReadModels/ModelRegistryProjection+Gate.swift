import Events
import FeedbackLoop

extension ModelRegistryProjection {
    mutating func compare(
        _ event: ModelCompared, _ projected: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        let challenger = try model(event.challenger)
        if event.champion != .none { _ = try model(event.champion) }
        let (reference, position) = (projected.reference, projected.position)
        let row = try ComparisonRow(event)
        rows.insert(Self.comparisons, .text("\(reference)")) {
            row.encode(reference, position, into: &$0)
        }
        var metrics = JSONObject(fields: challenger.metrics)
        metrics.real("holdout_accuracy", event.accuracyNew)
        metrics.real("holdout_f1", event.f1New)
        metrics.real("holdout_brier", event.brierNew)
        metrics.integer("holdout_rows", event.rows)
        metrics.real("holdout_majority_accuracy", event.majority)
        rows.patch(
            Self.models, .text("\(challenger.request)"),
            [
                (ModelRow.Column.position, .integer(Int64(position))),
                (ModelRow.Column.metrics, .text(metrics.text)),
                (ModelRow.Column.reason, .text("compared: \(row.verdicts)")),
                (ModelRow.Column.comparison, .text("\(reference)")),
            ])
        guard challenger.isTrained else { return }
        rows.patch(
            Self.retrainings, .text("\(challenger.request)"),
            RetrainingRow.compared(position, event, verdicts: row.verdicts))
        let comparison = row.summary(reference)
        decide(event.challenger, position, &rows) { $0.comparison = comparison }
    }

    /// What a job's training came to has changed; before the job is over its row waits.
    private mutating func decide(
        _ reference: Reference, _ position: UInt64, _ rows: inout RowChanges,
        _ change: (inout TrainingDecision) -> Void
    ) {
        guard var model = known[reference], model.job != .none else { return }
        change(&model.decision)
        known[reference] = model
        guard model.decision.isOver else { return }
        rows.patch(
            Self.jobs, .text("\(model.job)"),
            TrainingJobRow.decided(position, model.decision.json))
    }

    mutating func promote(
        _ event: ModelPromoted, _ projected: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        let promoted = try model(event.model)
        let position = projected.position
        let cause = try Word.promotion(event.cause)
        let by =
            event.who.map { "\($0): \(String(decoding: event.text, as: UTF8.self))" }
            ?? (event.comparison == .none ? cause : "\(cause), comparison \(event.comparison)")
        archive(champion, "replaced by \(event.model)", position, &rows)
        champions.promote(
            ChampionHistory.Champion(model: event.model, artefact: event.artefact))
        status(promoted, "active", "promoted by \(by)", position, &rows)
        deploy(promoted, true, "promoted by \(by)", position, &rows)
        decide(event.model, position, &rows) { $0.settle(true, "promoted by \(by)") }
        guard event.comparison != .none else { return }
        rows.patch(
            Self.comparisons, .text("\(event.comparison)"),
            [(1, .integer(Int64(position))), (ComparisonRow.promotedColumn, .integer(1))])
    }

    mutating func hold(
        _ event: ModelHeldAsCandidate, _ projected: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) throws {
        let held = try model(event.model)
        let behind = event.comparison == .none ? "" : ", comparison \(event.comparison)"
        let reason =
            "held: \(try Word.hold(event.reason)) with \(event.holdoutRows) holdout rows\(behind)"
        status(held, "candidate", reason, projected.position, &rows)
        deploy(held, false, reason, projected.position, &rows)
        decide(event.model, projected.position, &rows) { $0.settle(false, reason) }
    }

    mutating func retire(
        _ event: ModelRetired, _ projected: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        let retired = try model(event.model)
        var reason = try Word.retirement(event.reason)
        if event.successor != .none { reason += " by \(event.successor)" }
        if !event.text.isEmpty { reason += ": \(String(decoding: event.text, as: UTF8.self))" }
        champions.retire(event.model)
        status(retired, "archived", reason, projected.position, &rows)
        if event.reason == .superseded {
            deploy(retired, false, reason, projected.position, &rows)
        }
    }

    mutating func rollBack(
        _ event: ModelRolledBack, _ projected: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        let reason = "rolled back by \(event.who): \(String(decoding: event.text, as: UTF8.self))"
        archive(champion, reason, projected.position, &rows)
        try champions.rollBack(to: event.model)
        guard event.model != .none else { return }
        status(try model(event.model), "active", reason, projected.position, &rows)
    }

    private func archive(
        _ reference: Reference, _ reason: String, _ position: UInt64, _ rows: inout RowChanges
    ) {
        guard let model = known[reference] else { return }
        status(model, "archived", reason, position, &rows)
    }

    private func status(
        _ model: Model, _ status: String, _ reason: String, _ position: UInt64,
        _ rows: inout RowChanges
    ) {
        rows.patch(
            Self.models, .text("\(model.request)"),
            [
                (ModelRow.Column.position, .integer(Int64(position))),
                (ModelRow.Column.status, .text(status)), (ModelRow.Column.reason, .text(reason)),
            ])
    }

    private func deploy(
        _ model: Model, _ isDeployed: Bool, _ reason: String, _ position: UInt64,
        _ rows: inout RowChanges
    ) {
        guard model.isTrained else { return }
        rows.patch(
            Self.retrainings, .text("\(model.request)"),
            [
                (RetrainingRow.Column.position, .integer(Int64(position))),
                (RetrainingRow.Column.deployed, .integer(isDeployed ? 1 : 0)),
                (RetrainingRow.Column.reason, .text(reason)),
            ])
    }
}
