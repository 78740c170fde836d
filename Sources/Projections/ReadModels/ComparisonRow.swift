import Events

/// A row of `ml_model_comparisons`.
struct ComparisonRow {
    static let promotedColumn = 8

    private let event: ModelCompared
    private let reason: String
    private let rule: String
    private let evidence: String
    private let decision: String
    private let gate: String
    private let statistics: String

    init(_ event: ModelCompared) throws {
        self.event = event
        reason = try Word.gateReason(event.reason)
        rule = try Word.verdict(event.ruleVerdict)
        evidence = try Word.verdict(event.evidenceVerdict)
        decision = try Word.verdict(event.decision)
        gate = try Word.gateMode(event.gate)
        statistics = try ComparisonRow.statistics(event)
    }

    /// Both verdicts and what follows, in words.
    var verdicts: String { "\(decision) (rule \(rule): \(reason); evidence \(evidence))" }

    /// Both models and both verdicts, JSON fields without braces.
    func summary(_ reference: Reference) -> String {
        var json = JSONObject()
        json.reference("comparison_id", reference)
        json.reference("current_model_id", event.champion)
        json.integer("holdout_rows", event.rows)
        json.real("new_accuracy", event.accuracyNew)
        json.real("current_accuracy", event.accuracyOld)
        json.real("new_f1", event.f1New)
        json.real("current_f1", event.f1Old)
        json.text("rule_verdict", rule)
        json.text("rule_reason", reason)
        json.text("evidence_verdict", evidence)
        json.text("decision", decision)
        json.text("gate", gate)
        return json.fields
    }

    func encode(_ reference: Reference, _ position: UInt64, into row: inout RowEncoder) {
        row.reference(reference)
        row.integer(position)
        row.reference(event.challenger)
        row.reference(event.champion)
        row.real(event.accuracyNew)
        row.real(event.accuracyOld)
        row.real(event.f1New)
        row.real(event.f1Old)
        row.boolean(false)
        row.text(reason)
        row.instant(event.envelope.knownAt)
        row.text(rule)
        row.text(evidence)
        row.text(decision)
        row.text(gate)
        row.integer(event.rows)
        row.integer(event.dates)
        row.day(event.holdoutFrom)
        row.day(event.holdoutThrough)
        row.text(statistics)
    }

    private static func statistics(_ event: ModelCompared) throws -> String {
        var json = JSONObject()
        json.text("holdout", "\(event.holdout)")
        json.integer("correct_new", event.correctNew)
        json.integer("correct_old", event.correctOld)
        json.integer("wins", event.wins)
        json.integer("losses", event.losses)
        json.integer("reused", event.reused)
        json.real("majority_accuracy", event.majority)
        json.real("brier_new", event.brierNew)
        json.real("brier_old", event.brierOld)
        json.real("accuracy_low", event.accuracyLow)
        json.real("accuracy_high", event.accuracyHigh)
        json.real("profit_difference", event.profitDifference)
        json.real("profit_low", event.profitLow)
        json.real("profit_high", event.profitHigh)
        json.real("population_stability", event.populationStability)
        json.real("mcnemar_p_assumes_independent_rows", event.mcnemar)
        json.json("bins", JSONObject.list(try event.bins.map(bin)))
        let more = String(decoding: event.statistics, as: UTF8.self)
        json.json("more", more.isEmpty ? "null" : more)
        return json.text
    }

    private static func bin(_ bin: ModelCompared.Bin) throws -> String {
        var json = JSONObject()
        json.text("role", try Word.role(bin.role))
        json.real("lower", bin.lower)
        json.real("predicted", bin.predicted)
        json.real("observed", bin.observed)
        json.integer("rows", bin.rows)
        return json.text
    }
}
