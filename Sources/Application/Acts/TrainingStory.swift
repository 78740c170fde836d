public import Events
import Learning
public import Pipeline

/// What a training that a person asked for came to.
public struct TrainingStory: Sendable {
    /// The model.
    public private(set) var trained: ModelTrained?
    /// Why nothing was trained.
    public private(set) var failed: TrainingFailed?
    /// How it did on the holdout.
    public private(set) var compared: ModelCompared?
    /// Whether it is champion.
    public private(set) var isPromoted = false
    /// Why it is not.
    public private(set) var held: HoldReason?
    /// Why the job was refused.
    public private(set) var refused: String?
    /// What the trainer was asked for; nil before.
    public private(set) var requested: TrainingRequested?
    /// How old the outcome rows are that were fitted; nil where none was asked for.
    public var age: OutcomeAge?

    /// Nothing was read yet.
    public init() {}

    /// Whether there is a model.
    public var isTrained: Bool { trained != nil }

    /// Takes an event that was recorded at the instant; others are left out.
    public mutating func take(_ message: RawSpan, at instant: Instant) throws {
        guard try Envelope(message: message).knownAt == instant else { return }
        switch try MessageHeader(message).templateID {
        case TrainingRequested.templateID:
            requested = try TrainingRequested(message: message)
        case ModelTrained.templateID: trained = try ModelTrained(message: message)
        case TrainingFailed.templateID: failed = try TrainingFailed(message: message)
        case ModelCompared.templateID: compared = try ModelCompared(message: message)
        case ModelPromoted.templateID: isPromoted = true
        case ModelHeldAsCandidate.templateID:
            held = try ModelHeldAsCandidate(message: message).reason
        case JobFailed.templateID:
            refused = String(decoding: try JobFailed(message: message).text, as: UTF8.self)
        default: break
        }
    }

    /// Rows not used, by reason.
    public var unused: [(reason: UnusedRowReason, count: UInt32)] {
        trained?.unused.map { ($0.reason, $0.count) } ?? failed?.unused.map {
            ($0.reason, $0.count)
        } ?? []
    }

    /// What became of the model, in words.
    public var reason: String? {
        guard isTrained else { return nil }
        return isPromoted ? "promoted" : held.map { "held: \($0)" } ?? "not compared"
    }

    /// What it was trained on, as a JSON object; null without a model.
    public var metrics: String {
        guard let model = trained else { return "null" }
        var object = JSONObject()
        object.integer("training_samples", model.trainRows)
        object.integer("outcome_samples", model.outcomeRows)
        object.integer("market_samples", model.marketRows)
        object.integer("validation_samples", model.earlyStopRows)
        object.integer("rounds", model.rounds)
        object.text("artifact_sha256", "\(model.artefact)")
        return object.text
    }

    /// What the trainer was asked for, as a JSON object; null before.
    public var request: String {
        guard let request = requested else { return "null" }
        var object = JSONObject()
        object.boolean("use_outcomes", request.useOutcomes)
        object.integer("outcome_window_days", request.outcomeWindowDays)
        object.integer("lookback_sessions", request.lookbackSessions)
        object.real("outcome_weight", request.outcomeWeight)
        object.boolean("compare_to_current", request.compareToCurrent)
        return object.text
    }

    /// How it did on the holdout beside the champion, as a JSON object; null where it was not
    /// compared.
    public var comparison: String {
        guard let compared = compared else { return "null" }
        var object = JSONObject()
        object.integer("holdout_rows", compared.rows)
        object.real("new_accuracy", compared.accuracyNew)
        object.real("current_accuracy", compared.accuracyOld)
        object.real("new_f1", compared.f1New)
        object.real("current_f1", compared.f1Old)
        object.text("rule_verdict", "\(compared.ruleVerdict)")
        object.text("evidence_verdict", "\(compared.evidenceVerdict)")
        object.text("gate", "\(compared.gate)")
        object.text("decision", "\(compared.decision)")
        object.text("reason", "\(compared.reason)")
        return object.text
    }
}
