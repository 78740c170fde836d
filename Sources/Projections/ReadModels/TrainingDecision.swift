import Events

/// What a training job came to: `ml_training_jobs.result_summary`.
struct TrainingDecision: Sendable {
    /// Its comparison on the holdout, JSON fields without braces; empty without one.
    var comparison = ""
    /// Whether the model was promoted and why, or why not; empty before.
    private var verdict = ""
    /// What the job looked at and recorded; empty before its end.
    private var end = ""

    /// Nothing decided.
    init() {}

    /// Whether the job is over.
    var isOver: Bool { !end.isEmpty }

    /// The job ended.
    mutating func end(_ event: JobFinished) {
        var object = JSONObject()
        object.integer("rows_examined", event.examined)
        object.integer("events", event.produced)
        end = object.fields
    }

    /// The model was promoted, or held.
    mutating func settle(_ isPromoted: Bool, _ reason: String) {
        var object = JSONObject()
        object.boolean("promoted", isPromoted)
        object.text("reason", reason)
        verdict = object.fields
    }

    /// All of it, as a JSON object.
    var json: String {
        "{\([end, verdict, comparison].filter { !$0.isEmpty }.joined(separator: ","))}"
    }

    func snapshot(_ writer: inout SnapshotWriter) {
        writer.text(comparison)
        writer.text(verdict)
        writer.text(end)
    }

    init(snapshot reader: inout SnapshotReader) throws(SnapshotError) {
        comparison = try reader.text()
        verdict = try reader.text()
        end = try reader.text()
    }
}
