public import EventLog
public import Events
public import FeedbackLoop
public import Learning

/// What a run's trainings learnt from and what its promotions came to, read back from the run.
public struct LearningReading: Sendable {
    /// The ages of each training that asked for outcomes, in order.
    public private(set) var ages: [OutcomeAge] = []
    /// Each promotion, in order.
    public private(set) var promotions: [PromotionAfter] = []

    /// Reads the ages of a run as of a moment.
    public init(
        of run: MergedLog, _ configuration: LoopConfiguration, asOf: AsOf = .end
    ) throws {
        ages = try LearningReading.read(run, configuration, asOf).ages
    }

    /// Reads promotions too; `load` gives a model's trees by its artefact.
    public init(
        of run: MergedLog, _ configuration: LoopConfiguration, asOf: AsOf = .end,
        load: (Digest) throws -> TreeEnsemble
    ) throws {
        let (reading, ages) = try LearningReading.read(run, configuration, asOf)
        self.ages = ages
        let promoted = try LearningReading.promoted(run, through: reading.end)
        var predictors: [(model: Reference, predictor: ModelPredictor)] = []
        promotions = PromotionAfter.all(promoted, reading.history.mature) { model in
            if let known = predictors.first(where: { $0.model == model }) { return known.predictor }
            let predictor = try ModelPredictor(model, run: run, load: load)
            predictors.append((model, predictor))
            return predictor
        }
    }

    private static func read(
        _ run: MergedLog, _ configuration: LoopConfiguration, _ asOf: AsOf
    ) throws -> (reading: RowReading, ages: [OutcomeAge]) {
        var reading = try RowReading(run, configuration, asOf: asOf)
        var ages: [OutcomeAge] = []
        try reading.readAll { training, reading in
            guard training.useOutcomes else { return }
            // A set forgets rows that no training reaches any more; promotions are judged by them.
            var history = reading.history
            ages.append(
                OutcomeAge(
                    history.trainingSet(training.request),
                    at: training.request.envelope.knownAt, request: training.reference,
                    model: training.model?.reference))
        }
        return (reading, ages)
    }

    /// The promotions of a run up to a moment; what a person asked for is no promotion yet.
    private static func promoted(_ run: MergedLog, through end: MergedPosition) throws
        -> [PromotionAfter.Promoted]
    {
        var promoted: [PromotionAfter.Promoted] = []
        var majorities = Lookup<Reference, OutcomeClass>()
        try run.read(through: end.position) { record in
            switch try MessageHeader(record.message).templateID {
            case ModelTrained.templateID:
                majorities[record.reference] = try ModelTrained(message: record.message).majority
            case ModelPromoted.templateID
            where try !ChampionHistory.isRequest(record.message, record.reference):
                let event = try ModelPromoted(message: record.message)
                promoted.append(
                    PromotionAfter.Promoted(event, majority: majorities[event.model] ?? .loss))
            default: break
            }
            return .proceed
        }
        return promoted
    }
}

extension PromotionAfter.Promoted {
    /// A promotion as it was recorded.
    public init(_ event: ModelPromoted, majority: OutcomeClass) {
        self.init(
            at: event.envelope.knownAt, model: event.model, previous: event.previous,
            majority: majority)
    }
}

extension ModelTrained {
    /// The commonest class of the rows that it was trained on; of equals the lowest.
    public var majority: OutcomeClass {
        var best = (outcome: OutcomeClass.loss, rows: losses)
        if breakevens > best.rows { best = (.breakeven, breakevens) }
        if wins > best.rows { best = (.win, wins) }
        return best.outcome
    }
}
