import Events

/// A row of `model_retraining_events`.
struct RetrainingRow: Sendable {
    /// Places of the columns that change.
    enum Column {
        static let position = 1
        static let oldMetrics = 9
        static let newMetrics = 10
        static let improvement = 11
        static let deployed = 12
        static let reason = 13
        static let count = 14
    }

    let oldModel: Reference
    /// JSON fields without braces.
    let oldMetrics: String
    let triggerType: String
    let triggerReason: String
    private var newModel = Reference.none
    private var newMetrics = ""
    private var samples: UInt32 = 0
    private var outcomeSamples: UInt32 = 0
    private var windowDays: Int?
    private var reason = "in training"

    init(oldModel: Reference, oldMetrics: String, triggerType: String, triggerReason: String) {
        self.oldModel = oldModel
        self.oldMetrics = oldMetrics
        self.triggerType = triggerType
        self.triggerReason = triggerReason
    }

    /// The word of a trigger; what a schedule caught up was scheduled.
    static func triggerType(_ trigger: JobTrigger) throws(ProjectionRefusal) -> String {
        try Word.jobTrigger(trigger == .caughtUp ? .scheduled : trigger)
    }

    mutating func take(_ event: ModelTrained, _ model: Reference, metrics: String) {
        newModel = model
        newMetrics = metrics
        samples = event.trainRows
        outcomeSamples = event.outcomeRows
        windowDays = event.trainedThrough - event.trainedFrom + 1
        reason = "trained; the gate has not compared it"
    }

    mutating func fail(_ event: TrainingFailed, reason failure: String) {
        samples = event.trainRows
        outcomeSamples = event.outcomeRows
        reason = "the training failed: \(failure)"
    }

    func encode(_ request: Reference, _ position: UInt64, into row: inout RowEncoder) {
        row.reference(request)
        row.integer(position)
        row.reference(oldModel)
        row.reference(newModel)
        row.text(triggerType)
        row.text(triggerReason)
        row.integer(samples)
        row.integer(outcomeSamples)
        row.integer(windowDays)
        row.text("{\(oldMetrics)}")
        row.text("{\(newMetrics)}")
        row.null()
        row.boolean(false)
        row.text(reason)
    }

    /// What a comparison changes: both models' figures on the same holdout.
    static func compared(_ position: UInt64, _ event: ModelCompared, verdicts: String)
        -> [(column: Int, value: RowValue)]
    {
        func metrics(_ accuracy: Double, _ f1: Double, _ brier: Double?) -> String {
            var json = JSONObject()
            json.real("accuracy", accuracy)
            json.real("f1", f1)
            json.real("brier", brier)
            json.integer("rows", event.rows)
            return json.text
        }
        let new = metrics(event.accuracyNew, event.f1New, event.brierNew)
        let old = metrics(event.accuracyOld, event.f1Old, event.brierOld)
        return [
            (Column.position, .integer(Int64(position))),
            (Column.oldMetrics, .text(old)), (Column.newMetrics, .text(new)),
            (Column.improvement, .real(100 * (event.accuracyNew - event.accuracyOld))),
            (Column.reason, .text("compared: \(verdicts)")),
        ]
    }

    func snapshot(_ writer: inout SnapshotWriter) {
        writer.word(oldModel.rawValue)
        writer.text(oldMetrics)
        writer.text(triggerType)
        writer.text(triggerReason)
    }

    /// A row of a training that has not been answered.
    init(snapshot reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(
            oldModel: Reference(rawValue: try reader.word()), oldMetrics: try reader.text(),
            triggerType: try reader.text(), triggerReason: try reader.text())
    }
}
