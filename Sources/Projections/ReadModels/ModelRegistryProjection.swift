public import Events
import FeedbackLoop

/// The read model `model-registry`: every training and its model, every comparison, what follows.
///
/// A training has a row from its request on; a model is a candidate when it is trained and active
/// only while it is the champion.
public struct ModelRegistryProjection: Projection {
    /// Its name.
    public static let name = "model-registry"
    /// Raised with every change.
    public static let version = 3
    /// The events that it acts on.
    public static let consumed: [any EventMessage.Type] = [
        JobStarted.self, TrainingRequested.self, ModelTrained.self, TrainingFailed.self,
        JobFinished.self, JobFailed.self, ModelImported.self, ModelCompared.self,
        ModelPromoted.self, ModelHeldAsCandidate.self, ModelRetired.self, ModelRolledBack.self,
    ]
    /// Its tables.
    public static let tables = [
        ProjectionTable(
            "ml_models", columns: ModelRow.Column.count,
            history: .versions(
                changing: [
                    "id", "position", "status", "status_reason", "metrics", "hyperparameters",
                    "comparison_id",
                ],
                // A request is answered once.
                once: [
                    FirstValue("model_name"), FirstValue("model_version"),
                    FirstValue("model_type"), FirstValue("training_completed_at"),
                    FirstValue("feature_importance", .text("{}")),
                    FirstValue("model_artifact_path"), FirstValue("training_samples", .integer(0)),
                    FirstValue("validation_samples", .integer(0)), FirstValue("error_message"),
                    FirstValue("artifact_sha256"), FirstValue("training_set_digest"),
                ])),
        ProjectionTable(
            "ml_model_comparisons", columns: 20,
            history: .versions(changing: ["position", "promoted"])),
        ProjectionTable("ml_training_jobs", columns: TrainingJobRow.Column.count),
        ProjectionTable("model_retraining_events", columns: RetrainingRow.Column.count),
    ]
    static let models = 0
    static let comparisons = 1
    static let jobs = 2
    static let retrainings = 3

    /// A training that was asked for and not answered.
    struct Asked: Sendable {
        var at: Instant
        var row: RetrainingRow
        /// The job that asked for it; a later attempt takes it over.
        var job: JobKind
        var scheduledAt: Instant
    }

    /// A job that has not ended.
    struct Job: Sendable {
        var kind: JobKind
        var scheduledAt: Instant
        var failure: String?
        var isCancelled = false
        /// The model that it gave; none before.
        var model = Reference.none
    }

    /// A model.
    struct Model: Sendable {
        /// Key of its rows: the TrainingRequested, or the model itself when it was imported.
        var request: Reference
        /// Its metrics, JSON fields without braces.
        var metrics: String
        /// Whether a training made it.
        var isTrained: Bool
        /// The job that asked for it; none for an imported model.
        var job = Reference.none
        /// What that job came to.
        var decision = TrainingDecision()
    }

    var asked = SortedMap<Reference, Asked>()
    var running = SortedMap<Reference, Job>()
    var known = SortedMap<Reference, Model>()
    /// Who is champion, and who was.
    var champions = ChampionHistory()

    /// The champion; none without one.
    var champion: Reference { champions.champion?.model ?? .none }

    /// Before the first event.
    public init() {}

    /// Takes an event.
    public mutating func evolve(_ event: borrowing ProjectedEvent, _ rows: inout RowChanges) throws
    {
        let message = event.message
        guard try !isRequest(event) else { return }
        switch event.templateID {
        case JobStarted.templateID: start(try JobStarted(message: message), event, &rows)
        case TrainingRequested.templateID:
            try ask(try TrainingRequested(message: message), event, &rows)
        case ModelTrained.templateID:
            try take(try ModelTrained(message: message), event, &rows)
        case TrainingFailed.templateID:
            try fail(try TrainingFailed(message: message), event, &rows)
        case JobFinished.templateID:
            try finish(try JobFinished(message: message), event, &rows)
        case JobFailed.templateID: try fail(try JobFailed(message: message), event, &rows)
        case ModelImported.templateID:
            take(try ModelImported(message: message), event, &rows)
        case ModelCompared.templateID:
            try compare(try ModelCompared(message: message), event, &rows)
        case ModelPromoted.templateID:
            try promote(try ModelPromoted(message: message), event, &rows)
        case ModelHeldAsCandidate.templateID:
            try hold(try ModelHeldAsCandidate(message: message), event, &rows)
        case ModelRetired.templateID:
            try retire(try ModelRetired(message: message), event, &rows)
        case ModelRolledBack.templateID:
            try rollBack(try ModelRolledBack(message: message), event, &rows)
        default: break
        }
    }

    /// Whether an event is what a person asked for: what came of it is an event of the run.
    private func isRequest(_ event: borrowing ProjectedEvent) throws -> Bool {
        switch event.templateID {
        case JobStarted.templateID:
            let actor = try Envelope(message: event.message).actor
            return event.reference.isTimeline || actor == .person
        default: return try ChampionHistory.isRequest(event.message, event.reference)
        }
    }

    func model(_ reference: Reference) throws(ProjectionRefusal) -> Model {
        guard let model = known[reference] else {
            throw ProjectionRefusal("it names model \(reference), which is not in the log")
        }
        return model
    }

    /// Writes the state in canonical bytes.
    public func snapshot(_ writer: inout SnapshotWriter) {
        writer.optional(champions.champion) { $0.champion($1) }
        writer.list(champions.earlier) { $0.champion($1) }
        writer.list(asked.entries) { writer, entry in
            writer.word(entry.key.rawValue)
            writer.integer(Int(entry.value.at.rawValue))
            writer.word(UInt64(entry.value.job.rawValue))
            writer.integer(Int(entry.value.scheduledAt.rawValue))
            entry.value.row.snapshot(&writer)
        }
        writer.list(running.entries) { writer, entry in
            writer.word(entry.key.rawValue)
            writer.word(UInt64(entry.value.kind.rawValue))
            writer.integer(Int(entry.value.scheduledAt.rawValue))
            writer.optional(entry.value.failure) { $0.text($1) }
            writer.word(entry.value.isCancelled ? 1 : 0)
            writer.word(entry.value.model.rawValue)
        }
        writer.list(known.entries) { writer, entry in
            writer.word(entry.key.rawValue)
            writer.word(entry.value.request.rawValue)
            writer.text(entry.value.metrics)
            writer.word(entry.value.isTrained ? 1 : 0)
            writer.word(entry.value.job.rawValue)
            entry.value.decision.snapshot(&writer)
        }
    }

    /// The state as a snapshot says it.
    public init(snapshot reader: inout SnapshotReader, rows: some RowSource) throws {
        champions = ChampionHistory(
            try reader.optional { r throws(SnapshotError) in try r.champion() },
            earlier: try reader.list { r throws(SnapshotError) in try r.champion() })
        asked = SortedMap(
            try reader.list { reader throws(SnapshotError) in
                let key = Reference(rawValue: try reader.word())
                let at = Instant(rawValue: Int64(try reader.integer()))
                let job = try ModelRegistryProjection.kind(&reader)
                let scheduledAt = Instant(rawValue: Int64(try reader.integer()))
                let row = try RetrainingRow(snapshot: &reader)
                return (key, Asked(at: at, row: row, job: job, scheduledAt: scheduledAt))
            })
        running = SortedMap(
            try reader.list { reader throws(SnapshotError) in
                let key = Reference(rawValue: try reader.word())
                let kind = try ModelRegistryProjection.kind(&reader)
                let scheduledAt = Instant(rawValue: Int64(try reader.integer()))
                let failure = try reader.optional { r throws(SnapshotError) in try r.text() }
                let isCancelled = try reader.word() == 1
                return (
                    key,
                    Job(
                        kind: kind, scheduledAt: scheduledAt, failure: failure,
                        isCancelled: isCancelled, model: Reference(rawValue: try reader.word()))
                )
            })
        known = SortedMap(
            try reader.list { reader throws(SnapshotError) in
                let key = Reference(rawValue: try reader.word())
                let request = Reference(rawValue: try reader.word())
                let metrics = try reader.text()
                let isTrained = try reader.word() == 1
                let job = Reference(rawValue: try reader.word())
                let decision = try TrainingDecision(snapshot: &reader)
                return (
                    key,
                    Model(
                        request: request, metrics: metrics, isTrained: isTrained, job: job,
                        decision: decision)
                )
            })
    }

    private static func kind(_ reader: inout SnapshotReader) throws(SnapshotError) -> JobKind {
        JobKind(rawValue: UInt8(truncatingIfNeeded: try reader.word())) ?? .unrecognised
    }
}

extension SnapshotWriter {
    fileprivate mutating func champion(_ champion: ChampionHistory.Champion) {
        word(champion.model.rawValue)
        text("\(champion.artefact)")
    }
}

extension SnapshotReader {
    fileprivate mutating func champion() throws(SnapshotError) -> ChampionHistory.Champion {
        let model = Reference(rawValue: try word())
        guard let artefact = Digest(try text()) else { throw SnapshotError(offset: 0) }
        return ChampionHistory.Champion(model: model, artefact: artefact)
    }
}
