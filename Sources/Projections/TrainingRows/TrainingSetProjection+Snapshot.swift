import Events
import FeedbackLoop
import Learning
import Market

extension TrainingSetProjection {
    /// Writes the state in canonical bytes: settings, prices, rows that mature, outcomes that wait.
    /// Evaluations are read back from the rows.
    public func snapshot(_ writer: inout SnapshotWriter) {
        writer.optional(settings) {
            $0.text($1.name)
            $0.text($1.text)
        }
        guard let immature else { return }
        writer.immatureRows(immature)
        writer.list(waiting.entries) {
            $0.word($1.key.rawValue)
            $0.word($1.value.outcome.rawValue)
            $0.real($1.value.longReturn)
            $0.integer(Int($1.value.entryDay.rawValue))
            $0.optional($1.value.exitDay) { $0.integer(Int($1.rawValue)) }
        }
    }

    /// The state as a snapshot says it, and the evaluations as the rows do.
    public init(snapshot reader: inout SnapshotReader, rows: some RowSource) throws {
        let recorded = try reader.optional { r throws(SnapshotError) in
            (name: try r.text(), text: try r.text())
        }
        guard let recorded, let loop = try LoopConfiguration.recorded(recorded.text) else { return }
        settings = Settings(
            name: recorded.name, text: recorded.text,
            outcomeWeight: loop.trainingRules.outcomeWeight)
        immature = try ImmatureRows(reading: &reader, loop)
        waiting = SortedMap(
            try reader.list { r throws(SnapshotError) in
                (
                    Reference(rawValue: try r.word()),
                    WaitingOutcome(
                        outcome: Reference(rawValue: try r.word()), longReturn: try r.real(),
                        entryDay: try Day(reading: &r),
                        exitDay: try r.optional { r throws(SnapshotError) in
                            try Day(reading: &r)
                        })
                )
            })
        try readEvaluations(rows)
    }

    /// Every evaluation, from its market row.
    private mutating func readEvaluations(_ rows: some RowSource) throws {
        let query = """
            SELECT event, decided_at, session_date, session, features <> '{}',
                coalesce(reason, '') <> 'immature', label_to, outcome IS NOT NULL
            FROM training_rows WHERE source = 'market' ORDER BY event
            """
        try rows.forEach(query) { row in
            guard case .integer(let event) = row[0], case .text(let decidedAt) = row[1],
                case .text(let day) = row[2], case .integer(let session) = row[3],
                let decidedAt = Instant(decidedAt), let day = Day(day),
                let event = UInt64(exactly: event)
            else { throw SnapshotError(offset: 0) }
            var evaluated = Evaluated(
                decidedAt: decidedAt, day: day, session: Int(session),
                hasFeatures: row[4] == .integer(1))
            evaluated.isSettled = row[5] == .integer(1)
            if case .text(let labelTo) = row[6] { evaluated.labelTo = Day(labelTo) }
            evaluated.isTaken = row[7] == .integer(1)
            evaluations.add(evaluated, .own(event))
        }
    }
}
