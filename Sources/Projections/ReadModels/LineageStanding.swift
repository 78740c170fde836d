import Events

/// What is in force in a view: the latest event of each kind that others are decided under without
/// naming it.
struct LineageStanding: Sendable {
    /// An event that stands behind another, by its position.
    struct Cause: Sendable {
        let position: UInt64
        let relation: Relation
    }

    /// The latest of each kind, ascending by relation; few.
    private var latest = SortedMap<UInt8, UInt64>()

    init() {}

    /// What an event was decided under.
    func inForce(_ event: borrowing ProjectedEvent) throws -> [Cause] {
        var causes: [Cause] = []
        func add(_ relations: Relation...) {
            for relation in relations {
                guard let position = latest[relation.rawValue] else { continue }
                causes.append(Cause(position: position, relation: relation))
            }
        }
        switch event.templateID {
        case SignalGenerated.templateID:
            let view = try SignalGeneratedView(event.message)
            add(.session, .configuration, .regime)
            if view.champion != .none { add(.promotion) }
            if view.blendTenths > 0 { add(.blendWeight) }
            if view.buyHundredths > 0 { add(.thresholds) }
        case SignalSuppressed.templateID:
            let view = try SignalSuppressedView(event.message)
            add(.session, .configuration, .regime)
            if view.champion != .none { add(.promotion) }
            if view.blendTenths > 0 { add(.blendWeight) }
            if view.buyHundredths > 0 { add(.thresholds) }
        case SignalSkipped.templateID, OrderSubmitted.templateID:
            add(.session, .configuration, .regime)
        case OrderFilled.templateID, OrderCancelled.templateID, ExitTriggered.templateID,
            OutcomeRecorded.templateID, RegimeChanged.templateID, ModelCompared.templateID,
            BlendWeightEvaluated.templateID, ThresholdsEvaluated.templateID,
            CalibrationFitted.templateID, FeatureImportanceMeasured.templateID,
            ModelPerformanceEvaluated.templateID:
            add(.session, .configuration)
        case TrainingRequested.templateID:
            add(.session, .configuration, .job)
        default: break
        }
        return causes
    }

    /// Takes an event: it may be in force from now on.
    mutating func take(_ event: borrowing ProjectedEvent) throws {
        let relation: Relation? =
            switch event.templateID {
            case SessionClosed.templateID: .session
            case ConfigurationChanged.templateID: .configuration
            case RegimeChanged.templateID: .regime
            case ModelPromoted.templateID, ModelRolledBack.templateID:
                // An act of a person is no promotion yet: the run records its own.
                event.reference.isTimeline ? nil : .promotion
            case BlendWeightEvaluated.templateID: .blendWeight
            case ThresholdsEvaluated.templateID: .thresholds
            case JobStarted.templateID: event.reference.isTimeline ? nil : .job
            default: nil
            }
        if let relation { latest[relation.rawValue] = event.position }
    }

    func write(_ writer: inout SnapshotWriter) {
        writer.list(latest.entries) {
            $0.word(UInt64($1.key))
            $0.word($1.value)
        }
    }

    init(_ reader: inout SnapshotReader) throws(SnapshotError) {
        latest = SortedMap(
            try reader.list { reader throws(SnapshotError) in
                (UInt8(truncatingIfNeeded: try reader.word()), try reader.word())
            })
    }
}
