import EventLog
import Events

/// What a data log has of one model that was imported.
struct KnownPredictions {
    /// What a further row is.
    enum Answer {
        case new
        case repeated
        case refused(PredictionRefusal)
    }

    private struct Key: Hashable {
        let day: Day
        let ticker: Ticker
    }

    /// Position of the ModelImported; nil before the first import.
    private(set) var position: UInt64?
    /// The file that it was imported from first.
    private(set) var source: Digest?
    /// Whether the log's facts are simulated; nil while it has none.
    private(set) var isSimulated: Bool?
    private var knownAt: Instant?
    private var known: [Key: [Float]] = [:]
    private var partsOf: [Day: UInt32] = [:]

    /// Reads a log up to the head of a batch.
    init(_ name: String, trainedThrough: Day, _ batch: inout AppendBatch) throws {
        var found = KnownPredictions()
        try batch.read(from: 1) { record in
            if record.position == 1 {
                found.isSimulated = try Envelope(message: record.message).flags
                    .contains(.simulated)
            }
            let template = try MessageHeader(record.message).templateID
            if template == ModelImported.templateID, found.position == nil {
                let event = try ModelImported(message: record.message)
                if event.modelName == name, event.trainedThrough == trainedThrough {
                    (found.position, found.source) = (record.position, event.source)
                    found.knownAt = event.envelope.knownAt
                }
            } else if template == PredictionsImported.templateID, let model = found.position {
                let event = try PredictionsImported(message: record.message)
                if event.model == .own(model) { found.take(event) }
            }
            return .proceed
        }
        self = found
    }

    private init() {}

    private mutating func take(_ event: PredictionsImported) {
        let day = event.decidedAt.day - 1
        partsOf[day] = max(partsOf[day] ?? 0, event.part + 1)
        for prediction in event.predictions {
            known[Key(day: day, ticker: prediction.ticker)] = [
                prediction.win, prediction.loss, prediction.breakeven,
            ]
        }
    }

    /// Takes a row of a file.
    mutating func take(_ row: PredictionRow, knownAt: Instant) -> Answer {
        if let first = self.knownAt, knownAt < first { return .refused(.beforeModel) }
        let key = Key(day: row.day, ticker: row.ticker)
        let values = [row.win, row.loss, row.breakeven]
        if let before = known[key] {
            return before == values ? .repeated : .refused(.contradiction)
        }
        known[key] = values
        return .new
    }

    /// Events that the log has of a session.
    func parts(of day: Day) -> UInt32 { partsOf[day] ?? 0 }
}
