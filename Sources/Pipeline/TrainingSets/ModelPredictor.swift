import EventLog
import Events
import Learning

/// A model of a run, asked again: by its trees, or by the table that another tool filled.
struct ModelPredictor: Sendable {
    private enum Answers: Sendable {
        case trees(TreeEnsemble)
        case table([Key: Prediction])
    }

    private struct Key: Hashable, Sendable {
        let ticker: Ticker
        let day: Day
    }

    private struct Prediction: Sendable {
        let knownAt: Instant
        let probabilities: TreeEnsemble.Probabilities
    }

    /// When it was trained, or became known.
    let knownAt: Instant
    private let answers: Answers

    /// A model whose trees are at hand.
    init(_ trees: TreeEnsemble, knownAt: Instant) {
        (answers, self.knownAt) = (.trees(trees), knownAt)
    }

    /// Reads a model: a trained one from the run, an imported one from its timeline.
    init(
        _ reference: Reference, run: MergedLog,
        load: (Digest) throws -> TreeEnsemble
    ) throws {
        if reference.isTimeline {
            let event = try ModelPredictor.read(reference, run, ModelImported.self)
            knownAt = event.envelope.knownAt
            answers = .table(try ModelPredictor.table(of: reference, run))
        } else {
            let event = try ModelPredictor.read(reference, run, ModelTrained.self)
            knownAt = event.envelope.knownAt
            answers = .trees(try load(event.artefact))
        }
    }

    /// Its trees; nil for a table.
    var trees: TreeEnsemble? { if case .trees(let trees) = answers { trees } else { nil } }

    /// What it says of a row; nil where its table has none that was known when the row was decided,
    /// or the row is of another feature schema.
    func predict(_ row: TrainingRow) -> TreeEnsemble.Probabilities? {
        switch answers {
        case .trees(let trees):
            row.features.count == trees.columns ? trees.probabilities(row.features) : nil
        case .table(let table):
            table[Key(ticker: row.ticker, day: row.decidedOn)].flatMap {
                $0.knownAt <= ModelPredictor.decidedAt(row) ? $0.probabilities : nil
            }
        }
    }

    /// When a row was decided, at the earliest.
    static func decidedAt(_ row: TrainingRow) -> Instant {
        Instant(row.decidedOn + 1, hour: 5, minute: 30)
    }

    private static func table(of model: Reference, _ run: MergedLog) throws -> [Key: Prediction] {
        var table: [Key: Prediction] = [:]
        try run.readFacts { _, message in
            guard try MessageHeader(message).templateID == PredictionsImported.templateID
            else { return .proceed }
            let event = try PredictionsImported(message: message)
            guard event.model == model else { return .proceed }
            for prediction in event.predictions {
                let key = Key(ticker: prediction.ticker, day: event.decidedAt.day - 1)
                guard table[key] == nil else { continue }
                table[key] = Prediction(
                    knownAt: event.envelope.knownAt,
                    probabilities: TreeEnsemble.Probabilities(
                        loss: prediction.loss, breakeven: prediction.breakeven,
                        win: prediction.win))
            }
            return .proceed
        }
        return table
    }

    private static func read<Event: EventMessage>(
        _ reference: Reference, _ run: MergedLog, _ type: Event.Type
    ) throws -> Event {
        var found: Event?
        try run.event(reference) { message in
            guard try MessageHeader(message).templateID == Event.templateID else { return }
            found = try Event(message: message)
        }
        guard let found else {
            throw TrainingReplayError(
                description: "\(run.log.path): \(reference) is no model of the run")
        }
        return found
    }
}
