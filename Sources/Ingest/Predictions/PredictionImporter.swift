public import EventLog
public import Events

/// What became of a file of predictions: every row is added, a repeat, or refused with its line.
public struct PredictionReport: Sendable {
    /// A row that was left out.
    public struct Refused: Sendable {
        /// 1-based line.
        public let line: Int
        /// Why.
        public let reason: PredictionRefusal
        /// The field at fault; empty for the row.
        public let field: String
    }

    /// The file as the user named it.
    public let file: String
    /// Position of the ModelImported in the data log; nil when no row was taken.
    public internal(set) var model: UInt64?
    /// SHA-256 of the file by which the model is known.
    public internal(set) var source: Digest?
    /// Rows of the file.
    public internal(set) var rows = 0
    /// Rows that are new.
    public internal(set) var added = 0
    /// Of those, rows whose decision lies in the past: known with hindsight.
    public internal(set) var backfilled = 0
    /// Rows that the log, or the file above, had already.
    public internal(set) var repeats = 0
    /// Rows left out, in order of their lines.
    public internal(set) var refused: [Refused] = []
}

/// Reads another tool's predictions into a data log, as a model that meets the loop's own gate.
///
/// In live use a row must be recorded before the evaluation that it is for is decided. A backfill
/// takes the past too: such rows are known at their session's close and carry `hindsight`, for
/// nobody can see when they were made. A model is one name and one `trained_through`; a later file
/// adds rows to it, and changes none.
public struct PredictionImporter {
    private let log: any Log
    private let name: String
    private let isBackfill: Bool
    private let now: Instant

    /// Most predictions of an event.
    static let chunk = 1_000

    /// An importer of one model's predictions.
    ///
    /// - Precondition: the name is 1 to 32 ASCII characters.
    public init(_ log: any Log, model: String, isBackfill: Bool, now: Instant) {
        precondition(
            !model.isEmpty && WireText.fits(model, length: 32), "a name has 1 to 32 characters")
        (self.log, name, self.isBackfill, self.now) = (log, model, isBackfill, now)
    }

    /// Reads one file to its end and commits it at once.
    public func run(_ file: String) throws -> PredictionReport {
        var report = PredictionReport(file: file)
        var rows: [PredictionRow] = []
        try PredictionFile.read(file) { line, row in
            report.rows += 1
            switch row {
            case .success(let row):
                if let reason = refusal(row, first: rows.first) {
                    report.refuse(row.line, reason)
                } else {
                    rows.append(row)
                }
            case .failure(let refused):
                report.refuse(line, refused.reason, refused.field)
            }
        }
        let survey = try InputFile.survey(file)
        try log.append(now: now) { (batch: inout AppendBatch) in
            try add(rows, survey, &report, &batch)
        }
        report.refused.sort { $0.line < $1.line }
        precondition(
            report.rows == report.added + report.repeats + report.refused.count,
            "every row is accounted for")
        return report
    }

    private func refusal(_ row: PredictionRow, first: PredictionRow?) -> PredictionRefusal? {
        if let first, first.trainedThrough != row.trainedThrough { return .anotherModel }
        if row.day <= row.trainedThrough { return .insideTraining }
        return !isBackfill && row.decidedAt <= now ? .tooLate : nil
    }

    private func add(
        _ rows: [PredictionRow], _ survey: FileSurvey, _ report: inout PredictionReport,
        _ batch: inout AppendBatch
    ) throws {
        guard let trained = rows.first?.trainedThrough else { return }
        var known = try KnownPredictions(name, trainedThrough: trained, &batch)
        if let isSimulated = known.isSimulated, isSimulated != survey.isSimulated, !isSimulated {
            throw IngestError(
                .mixedWorlds, file: report.file,
                "is simulated, and the data folder holds real facts; import it into a folder of "
                    + "its own (--data)")
        }
        let world: EventFlags = known.isSimulated == true ? .simulated : []
        var fresh: [PredictionRow] = []
        for row in rows {
            switch known.take(row, knownAt: knownAt(row, batch.now)) {
            case .new: fresh.append(row)
            case .repeated: report.repeats += 1
            case .refused(let reason): report.refuse(row.line, reason)
            }
        }
        report.source = known.source ?? survey.digest
        report.model = known.position
        guard !fresh.isEmpty else { return }
        fresh.sort { ($0.day, $0.ticker) < ($1.day, $1.ticker) }
        let first = knownAt(fresh[0], batch.now)
        let model =
            known.position
            ?? batch.append(
                ModelImported(
                    envelope: envelope(first, world, batch.now), source: survey.digest,
                    trainedThrough: trained, featureSchema: 0, modelName: name, quantileMap: []))
        report.model = model
        append(fresh, .own(model), survey.digest, world, known, &batch)
        report.added = fresh.count
        report.backfilled = fresh.count { $0.decidedAt <= batch.now }
    }

    /// One event a session and thousand rows.
    private func append(
        _ rows: [PredictionRow], _ model: Reference, _ source: Digest, _ world: EventFlags,
        _ known: KnownPredictions, _ batch: inout AppendBatch
    ) {
        var start = 0
        var part: UInt32 = 0
        while start < rows.count {
            let day = rows[start].day
            if start == 0 || rows[start - 1].day != day { part = known.parts(of: day) }
            var end = start
            while end < rows.count, rows[end].day == day, end - start < PredictionImporter.chunk {
                end += 1
            }
            batch.append(
                PredictionsImported(
                    envelope: envelope(knownAt(rows[start], batch.now), world, batch.now),
                    source: source, model: model, decidedAt: rows[start].decidedAt, part: part,
                    predictions: rows[start..<end].map {
                        PredictionsImported.Prediction(
                            ticker: $0.ticker, win: $0.win, loss: $0.loss, breakeven: $0.breakeven)
                    }))
            part += 1
            start = end
        }
    }

    /// Now; of a decision in the past its session's close.
    private func knownAt(_ row: PredictionRow, _ now: Instant) -> Instant {
        row.decidedAt <= now ? Instant(row.day, hour: 21) : now
    }

    private func envelope(_ knownAt: Instant, _ world: EventFlags, _ now: Instant) -> Envelope {
        Envelope(
            knownAt: knownAt, recordedAt: now, actor: .importer,
            flags: knownAt < now ? world.union(.hindsight) : world)
    }
}

extension PredictionReport {
    mutating func refuse(_ line: Int, _ reason: PredictionRefusal, _ field: String = "") {
        refused.append(Refused(line: line, reason: reason, field: field))
    }
}
