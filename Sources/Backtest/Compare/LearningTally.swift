import Events

/// What a run's events say of its learning: trainings with outcomes, promotions, weights.
struct LearningTally: Sendable {
    /// A successful training that read outcomes.
    struct Training: Sendable {
        var position: UInt64
        var at: Instant
        var outcomeRows: Int
    }

    /// Successful trainings with outcomes, in order.
    private(set) var trainings: [Training] = []
    /// Promotions: when, and of which model.
    private(set) var promotions: [(at: Instant, model: UInt64)] = []
    /// The blend weight from an instant on, in tenths.
    private(set) var weights: [(at: Instant, tenths: Int)] = []
    private var position: UInt64 = 0

    /// Takes the run's next event.
    mutating func take(_ message: RawSpan) throws {
        position += 1
        switch try MessageHeader(message).templateID {
        case ModelTrained.templateID:
            let event = try ModelTrainedView(message)
            guard event.outcomeRows > 0 else { return }
            trainings.append(
                Training(
                    position: position, at: event.envelope.knownAt,
                    outcomeRows: Int(event.outcomeRows)))
        case ModelPromoted.templateID:
            let event = try ModelPromotedView(message)
            promotions.append((event.envelope.knownAt, event.model.position))
        case BlendWeightEvaluated.templateID:
            let event = try BlendWeightEvaluatedView(message)
            weights.append((event.envelope.knownAt, Int(event.tenths)))
        default: break
        }
    }
}
