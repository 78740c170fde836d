import Events
import Learning

/// A row of `ml_models`.
struct ModelRow {
    /// Places of the columns that change.
    enum Column {
        static let position = 2
        static let status = 8
        static let reason = 9
        static let metrics = 10
        static let samples = 14
        static let error = 16
        static let comparison = 19
        static let completedAt = 7
        static let count = 20
    }

    /// What a training, or an import, gave.
    struct Trained {
        let name: String
        let version: Int
        let type: String
        let completedAt: Instant
        /// JSON fields without braces.
        let metrics: String
        let importances: String
        let artefact: Digest
        let trainingSet: Digest?
        let samples: UInt32
        let validation: UInt32
    }

    let request: Reference
    let id: Reference
    let position: UInt64
    let startedAt: Instant?
    let status: String
    let reason: String
    let hyperparameters: String
    var trained: Trained?

    func encode(into row: inout RowEncoder) {
        row.reference(request)
        row.reference(id)
        row.integer(position)
        row.text(trained?.name)
        row.integer(trained?.version)
        row.text(trained?.type)
        if let startedAt { row.instant(startedAt) } else { row.null() }
        if let trained { row.instant(trained.completedAt) } else { row.null() }
        row.text(status)
        row.text(reason)
        row.text("{\(trained?.metrics ?? "")}")
        row.text(trained?.importances ?? "{}")
        row.text(hyperparameters)
        row.text(trained.flatMap { $0.trainingSet == nil ? nil : "models/\($0.artefact).ubj" })
        row.integer(trained?.samples ?? 0)
        row.integer(trained?.validation ?? 0)
        row.null()
        if let trained { row.digest(trained.artefact) } else { row.null() }
        if let set = trained?.trainingSet { row.digest(set) } else { row.null() }
        row.null()
    }

    /// What changes in the row of a training that gave no model.
    static func failed(
        _ position: UInt64, _ event: TrainingFailed, metrics: String, error: String, reason: String
    ) -> [(column: Int, value: RowValue)] {
        [
            (Column.position, .integer(Int64(position))), (Column.status, .text("failed")),
            (Column.reason, .text(reason)), (Column.metrics, .text("{\(metrics)}")),
            (Column.completedAt, .text("\(event.envelope.knownAt)")),
            (Column.samples, .integer(Int64(event.trainRows))), (Column.error, .text(error)),
        ]
    }
}

/// Texts of the registry's rows.
enum ModelText {
    /// The trainer of a library and version: its first word.
    static func type(_ library: String) -> String {
        library.split(separator: " ").first.map(String.init) ?? library
    }

    /// Figures of a training as JSON fields.
    static func metrics(_ event: ModelTrained) throws -> String {
        var json = JSONObject()
        json.real("accuracy", event.accuracy)
        json.real("log_loss", event.logLoss)
        json.real("majority_accuracy", event.baseline)
        json.integer("rounds", event.rounds)
        json.integer("outcome_rows", event.outcomeRows)
        json.integer("market_rows", event.marketRows)
        json.integer("wins", event.wins)
        json.integer("losses", event.losses)
        json.integer("breakevens", event.breakevens)
        json.day("trained_from", event.trainedFrom)
        json.day("trained_through", event.trainedThrough)
        json.day("labels_through", event.labelsThrough)
        json.integer("unused_rows", event.unusedRows)
        json.json("unused", try unused(event.unused.map { ($0.reason, $0.count) }))
        json.text("library", event.library)
        json.text("architecture", event.architecture)
        return json.fields
    }

    /// Figures of a training that gave no model.
    static func metrics(_ event: TrainingFailed) throws -> String {
        var json = JSONObject()
        json.integer("outcome_rows", event.outcomeRows)
        json.integer("wins", event.wins)
        json.integer("losses", event.losses)
        json.json("unused", try unused(event.unused.map { ($0.reason, $0.count) }))
        return json.fields
    }

    private static func unused(_ entries: [(UnusedRowReason, UInt32)]) throws -> String {
        var json = JSONObject()
        for (reason, count) in entries { json.integer(try Word.unused(reason), count) }
        return json.text
    }

    /// Mean gains under the names of the catalogue.
    static func importances(_ event: ModelTrained) throws -> String {
        var json = JSONObject()
        for importance in event.importances {
            let number = Int(importance.feature)
            guard event.featureSchema <= FeatureCatalogue.schema, number < FeatureCatalogue.count
            else {
                throw ProjectionRefusal(
                    "its feature \(number) of schema \(event.featureSchema) is not known here")
            }
            json.real(FeatureCatalogue.features[number].name, Double(importance.gain))
        }
        return json.text
    }
}
