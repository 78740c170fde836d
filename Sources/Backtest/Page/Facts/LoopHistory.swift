import Events

/// What a run's own events tell of its loop, in order: which model was the champion, what the gate
/// decided, and how blend weight, thresholds, calibration and importance went.
struct LoopHistory: Sendable {
    /// A model that was trained.
    struct Training: Sendable {
        var model: Reference
        var at: Instant
        var name: String
        /// Rows that it was fitted on.
        var rows: Int
        /// Of those, outcomes of the loop's own trades.
        var outcomeRows: Int
        /// Mean gain of a split, by catalogue number.
        var gains: [(feature: Int, gain: Double)]
    }

    /// The time of a champion.
    struct Reign: Sendable {
        var model: Reference
        var from: Instant
        /// Nil while it lasts.
        var until: Instant?
        /// Who promoted it.
        var cause: String
        var comparison: Reference
    }

    /// A comparison, and what followed.
    struct Decision: Sendable {
        var comparison: Reference
        var at: Instant
        var challenger: Reference
        /// None where the commonest class stood in for it.
        var champion: Reference
        var accuracyNew: Double
        var accuracyOld: Double
        var rows: Int
        var verdict: GateVerdict
        /// What the challenger's probabilities came to on those rows.
        var bins: [Bin]
    }

    /// Rows with about one probability.
    struct Bin: Sendable {
        var predicted: Double
        var observed: Double
        var rows: Int
    }

    /// The blend weight from an evaluation on.
    struct Weight: Sendable {
        var at: Instant
        var tenths: Int
        var previous: Int
        var machineRate: Double?
        var heuristicRate: Double?
        var reason: WeightReason
    }

    /// The thresholds from an evaluation on.
    struct Thresholds: Sendable {
        var at: Instant
        var buyHundredths: Int
        var sellHundredths: Int
    }

    /// A calibration of confidence.
    struct Calibration: Sendable {
        var at: Instant
        var before: Double?
        var after: Double?
        var rows: Int
    }

    /// A feature in the latest weekly analysis.
    struct Feature: Sendable {
        var number: Int
        var correlation: Double
        var pValue: Double
        var winRateHigh: Double
        var winRateLow: Double
    }

    /// The latest record of the champion that has probabilities.
    struct Performance: Sendable {
        var day: Day
        var windowDays: Int
        var bins: [Bin]
    }

    private(set) var requests = 0
    private(set) var trainings: [Training] = []
    private(set) var failures: [NamedCount] = []
    private(set) var reigns: [Reign] = []
    private(set) var decisions: [Decision] = []
    private(set) var holds: [NamedCount] = []
    private(set) var weights: [Weight] = []
    private(set) var thresholds: [Thresholds] = []
    private(set) var calibrations: [Calibration] = []
    private(set) var features: (day: Day, rows: Int, all: [Feature])?
    private(set) var performance: Performance?
    /// The gate, as its comparisons name it.
    private(set) var gate: GateMode?

    /// The model that decides at the end; nil without one.
    var champion: Reign? { reigns.last.flatMap { $0.until == nil ? $0 : nil } }

    /// The training of a model; nil of another tool's.
    func training(of model: Reference) -> Training? { trainings.last { $0.model == model } }

    /// The comparison with a number.
    func decision(_ comparison: Reference) -> Decision? {
        decisions.last { $0.comparison == comparison }
    }

    /// Takes the run's event at a position.
    mutating func take(_ message: RawSpan, at position: UInt64) throws {
        switch try MessageHeader(message).templateID {
        case TrainingRequested.templateID: requests += 1
        case ModelTrained.templateID: take(try ModelTrained(message: message), at: position)
        case TrainingFailed.templateID:
            add("\(try TrainingFailed(message: message).reason)", to: &failures)
        case ModelCompared.templateID: take(try ModelCompared(message: message), at: position)
        case ModelHeldAsCandidate.templateID:
            add("\(try ModelHeldAsCandidate(message: message).reason)", to: &holds)
        case ModelPromoted.templateID: take(try ModelPromoted(message: message))
        case ModelRolledBack.templateID: take(try ModelRolledBack(message: message))
        case ModelRetired.templateID:
            let event = try ModelRetired(message: message)
            if champion?.model == event.model { end(event.envelope.knownAt) }
        case BlendWeightEvaluated.templateID: take(try BlendWeightEvaluated(message: message))
        case ThresholdsEvaluated.templateID:
            let event = try ThresholdsEvaluated(message: message)
            thresholds.append(
                Thresholds(
                    at: event.envelope.knownAt, buyHundredths: Int(event.buyHundredths),
                    sellHundredths: Int(event.sellHundredths)))
        case CalibrationFitted.templateID:
            let event = try CalibrationFitted(message: message)
            calibrations.append(
                Calibration(
                    at: event.envelope.knownAt, before: event.brierBefore,
                    after: event.brierAfter, rows: Int(event.rows)))
        case FeatureImportanceMeasured.templateID:
            take(try FeatureImportanceMeasured(message: message))
        case ModelPerformanceEvaluated.templateID:
            take(try ModelPerformanceEvaluated(message: message))
        default: break
        }
    }

    private func add(_ name: String, to counts: inout [NamedCount]) {
        if let place = counts.firstIndex(where: { $0.name == name }) {
            counts[place].count += 1
        } else {
            counts.append(NamedCount(name, 1))
        }
    }

    private mutating func end(_ at: Instant) {
        if champion != nil { reigns[reigns.count - 1].until = at }
    }
}

extension LoopHistory {
    private mutating func take(_ event: ModelTrained, at position: UInt64) {
        trainings.append(
            Training(
                model: .own(position), at: event.envelope.knownAt, name: event.modelName,
                rows: Int(event.trainRows), outcomeRows: Int(event.outcomeRows),
                gains: event.importances.map { (Int($0.feature), Double($0.gain)) }))
    }

    private mutating func take(_ event: ModelCompared, at position: UInt64) {
        gate = event.gate
        decisions.append(
            Decision(
                comparison: .own(position), at: event.envelope.knownAt,
                challenger: event.challenger, champion: event.champion,
                accuracyNew: event.accuracyNew, accuracyOld: event.accuracyOld,
                rows: Int(event.rows), verdict: event.decision,
                bins: event.bins.filter { $0.role == .candidate }.map {
                    Bin(predicted: $0.predicted, observed: $0.observed, rows: Int($0.rows))
                }))
    }

    private mutating func take(_ event: ModelPromoted) {
        end(event.envelope.knownAt)
        let cause =
            switch event.cause {
            case .gate: "the gate"
            case .person: event.who ?? "a person"
            case .everyModel: "a gate that promotes every model"
            case .unrecognised: "unknown"
            }
        reigns.append(
            Reign(
                model: event.model, from: event.envelope.knownAt, cause: cause,
                comparison: event.comparison))
    }

    private mutating func take(_ event: ModelRolledBack) {
        end(event.envelope.knownAt)
        guard event.model != .none else { return }
        reigns.append(
            Reign(
                model: event.model, from: event.envelope.knownAt,
                cause: "\(event.who), who went back to it", comparison: .none))
    }

    private mutating func take(_ event: BlendWeightEvaluated) {
        weights.append(
            Weight(
                at: event.envelope.knownAt, tenths: Int(event.tenths),
                previous: Int(event.previousTenths), machineRate: event.machineRate,
                heuristicRate: event.heuristicRate, reason: event.reason))
    }

    private mutating func take(_ event: FeatureImportanceMeasured) {
        let all = event.features.map { feature in
            Feature(
                number: Int(feature.feature), correlation: feature.correlation,
                pValue: feature.pValue, winRateHigh: feature.winRateHigh,
                winRateLow: feature.winRateLow)
        }
        if !all.isEmpty { features = (event.day, Int(event.rows), all) }
    }

    private mutating func take(_ event: ModelPerformanceEvaluated) {
        let bins = event.bins.filter { $0.role == .champion }.map {
            Bin(predicted: $0.predicted, observed: $0.observed, rows: Int($0.rows))
        }
        guard !bins.isEmpty else { return }
        performance = Performance(
            day: event.day, windowDays: Int(event.windowDays), bins: bins)
    }
}
