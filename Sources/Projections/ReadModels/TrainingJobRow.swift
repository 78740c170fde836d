import Events

/// A row of `ml_training_jobs`, and what changes in it.
enum TrainingJobRow {
    /// Places of the columns that change.
    enum Column {
        static let position = 1
        static let model = 2
        static let config = 4
        static let status = 5
        static let completedAt = 7
        static let progress = 8
        static let step = 9
        static let summary = 10
        static let error = 11
        static let count = 13
    }

    static func encode(
        _ start: Reference, _ position: UInt64, kind: String, at instant: Instant, by: String,
        into row: inout RowEncoder
    ) {
        row.reference(start)
        row.integer(position)
        row.null()
        row.text(kind)
        row.text("{}")
        row.text("running")
        row.instant(instant)
        row.null()
        row.integer(0)
        row.text("rows")
        row.text("{}")
        row.null()
        row.text(by)
    }

    /// What was asked of the trainer, as JSON.
    static func config(_ request: TrainingRequested) -> String {
        var json = JSONObject()
        json.day("as_of", request.asOf)
        json.integer("lookback_sessions", request.lookbackSessions)
        json.integer("outcome_window_days", request.outcomeWindowDays)
        json.boolean("use_outcomes", request.useOutcomes)
        json.boolean("compare_to_current", request.compareToCurrent)
        if let weight = request.outcomeWeight { json.real("outcome_weight", weight) }
        json.integer("feature_schema", request.featureSchema)
        json.json("parameters", String(decoding: request.config, as: UTF8.self))
        return json.text
    }

    static func asked(_ position: UInt64, _ config: String) -> [(column: Int, value: RowValue)] {
        [
            (Column.position, .integer(Int64(position))), (Column.config, .text(config)),
            (Column.progress, .integer(33)), (Column.step, .text("training")),
        ]
    }

    static func trained(_ position: UInt64, _ model: Reference)
        -> [(column: Int, value: RowValue)]
    {
        [
            (Column.position, .integer(Int64(position))), (Column.model, .text("\(model)")),
            (Column.progress, .integer(67)), (Column.step, .text("gate")),
        ]
    }

    /// What the job came to was decided, or decided again.
    static func decided(_ position: UInt64, _ summary: String)
        -> [(column: Int, value: RowValue)]
    {
        [(Column.position, .integer(Int64(position))), (Column.summary, .text(summary))]
    }

    /// The job's end; a job that failed keeps the progress it had made.
    static func ended(
        _ position: UInt64, _ at: Instant, _ status: String, summary: String? = nil,
        error: String? = nil
    ) -> [(column: Int, value: RowValue)] {
        var values: [(column: Int, value: RowValue)] = [
            (Column.position, .integer(Int64(position))), (Column.status, .text(status)),
            (Column.completedAt, .text("\(at)")),
        ]
        if let summary {
            values += [
                (Column.progress, .integer(100)), (Column.step, .text("done")),
                (Column.summary, .text(summary)),
            ]
        }
        if let error { values.append((Column.error, .text(error))) }
        return values
    }
}
