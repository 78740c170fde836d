import Events
import Learning
import Pipeline

/// What a run's events say of its learning: trainings with outcomes, promotions, weights.
struct LearningTally: Sendable {
    /// A successful training that read outcomes.
    struct Training: Sendable {
        var position: UInt64
        var at: Instant
        var outcomeRows: Int
    }

    /// An evaluation of the blend weight.
    struct Weight: Sendable {
        var at: Instant
        /// From then on.
        var tenths: Int
        /// How far it moved.
        var moved: Int
        /// Wins of the machine's arm less those of the heuristic's, as shares; nil unless both were
        /// judged.
        var lead: Double?
    }

    /// The monthly retrainings with outcomes.
    struct Monthly: Sendable {
        /// Jobs that began when they were due.
        var due = 0
        /// Of those, models that were trained on outcomes.
        var trained = 0
        /// Of those, trainings that gave nothing and jobs that failed, by reason.
        var failed: [NamedCount] = []
        /// Failures behind the first success: an early one has too little to learn from.
        var failedLater = 0
    }

    /// Successful trainings with outcomes, in order.
    private(set) var trainings: [Training] = []
    /// Promotions, in order.
    private(set) var promotions: [PromotionAfter.Promoted] = []
    /// Evaluations of the blend weight, in order.
    private(set) var weights: [Weight] = []
    /// The monthly retrainings.
    private(set) var monthly = Monthly()
    /// Every model that was trained: its artefact, and when.
    private(set) var models: [(model: Reference, artefact: Digest, at: Instant)] = []

    private var majorities = Lookup<Reference, OutcomeClass>()
    private var monthlyRequests = Lookup<Reference, Bool>()
    /// Whether the latest monthly job's training failed: the job's own end says the same again.
    private var isFailed = false
    private var position: UInt64 = 0

    /// Takes the run's next event.
    mutating func take(_ message: RawSpan) throws {
        position += 1
        switch try MessageHeader(message).templateID {
        case JobStarted.templateID:
            let event = try JobStartedView(message)
            if event.job == .feedbackRetraining, event.trigger != .manual, event.attempt == 0 {
                monthly.due += 1
                isFailed = false
            }
        case JobFailed.templateID:
            let event = try JobFailed(message: message)
            if event.job == .feedbackRetraining, !isFailed { fail("jobFailed") }
        case TrainingRequested.templateID:
            let event = try TrainingRequestedView(message)
            if event.job == .feedbackRetraining, event.trigger != .manual {
                monthlyRequests[.own(position)] = true
            }
        case TrainingFailed.templateID:
            let event = try TrainingFailed(message: message)
            guard monthlyRequests[event.request] != nil else { return }
            isFailed = true
            fail("\(event.reason)")
        case ModelTrained.templateID: take(try ModelTrained(message: message))
        case ModelPromoted.templateID:
            let event = try ModelPromoted(message: message)
            promotions.append(
                PromotionAfter.Promoted(event, majority: majorities[event.model] ?? .loss))
        case BlendWeightEvaluated.templateID:
            let event = try BlendWeightEvaluated(message: message)
            let isJudged = event.reason != .noChampion && event.reason != .armTooSmall
            let lead = event.machineRate.flatMap { machine in
                event.heuristicRate.map { machine - $0 }
            }
            weights.append(
                Weight(
                    at: event.envelope.knownAt, tenths: Int(event.tenths),
                    moved: Int(event.tenths) - Int(event.previousTenths),
                    lead: isJudged ? lead : nil))
        default: break
        }
    }

    private mutating func take(_ event: ModelTrained) {
        majorities[.own(position)] = event.majority
        models.append((.own(position), event.artefact, event.envelope.knownAt))
        guard event.outcomeRows > 0 else { return }
        if monthlyRequests[event.request] != nil { monthly.trained += 1 }
        trainings.append(
            Training(
                position: position, at: event.envelope.knownAt,
                outcomeRows: Int(event.outcomeRows)))
    }

    private mutating func fail(_ reason: String) {
        if monthly.trained > 0 { monthly.failedLater += 1 }
        if let place = monthly.failed.firstIndex(where: { $0.name == reason }) {
            monthly.failed[place].count += 1
        } else {
            monthly.failed.append(NamedCount(reason, 1))
        }
    }
}
