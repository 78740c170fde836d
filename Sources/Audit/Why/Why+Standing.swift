import EventLog
import Events
import FeedbackLoop

/// What others are decided under without naming it.
enum Standing {
    /// What an event of a kind is decided under.
    static func relations(of kind: UInt16) -> [Relation] {
        switch kind {
        case SignalGenerated.templateID, SignalSuppressed.templateID:
            [.session, .configuration, .regime, .promotion, .blendWeight, .thresholds]
        case SignalSkipped.templateID, OrderSubmitted.templateID:
            [.session, .configuration, .regime]
        case OrderFilled.templateID, OrderCancelled.templateID, ExitTriggered.templateID,
            OutcomeRecorded.templateID, RegimeChanged.templateID, ModelCompared.templateID,
            BlendWeightEvaluated.templateID, ThresholdsEvaluated.templateID,
            CalibrationFitted.templateID, FeatureImportanceMeasured.templateID,
            ModelPerformanceEvaluated.templateID:
            [.session, .configuration]
        case TrainingRequested.templateID: [.session, .configuration, .job]
        default: []
        }
    }

    /// The events that come into force in a part.
    static func kinds(of relation: Relation) -> [UInt16] {
        switch relation {
        case .configuration: [ConfigurationChanged.templateID]
        case .session: [SessionClosed.templateID]
        case .regime: [RegimeChanged.templateID]
        case .promotion: [ModelPromoted.templateID, ModelRolledBack.templateID]
        case .blendWeight: [BlendWeightEvaluated.templateID]
        case .thresholds: [ThresholdsEvaluated.templateID]
        case .job: [JobStarted.templateID]
        default: []
        }
    }

    /// The part in which an event comes into force; nil for one that does not.
    static func relation(of kind: UInt16) -> Relation? {
        [.configuration, .session, .regime, .promotion, .blendWeight, .thresholds].first {
            kinds(of: $0).contains(kind)
        }
    }
}

extension Why {
    /// The events that an event names, and those that it was decided under.
    func causes(of event: Reference, _ kind: UInt16) throws -> [LineageEdge] {
        var edges = try lineage.causes(of: event)
        guard let position = try lineage.position(of: event), !event.isTimeline else {
            return edges
        }
        let silent = try silent(event, kind)
        for relation in Standing.relations(of: kind) where !silent.contains(relation) {
            let standing = try lineage.latest(
                Standing.kinds(of: relation), of: nil, through: position - 1)
            if let standing { edges.append(LineageEdge(standing, relation, kind: kind)) }
        }
        return edges
    }

    /// What had no say in an evaluation, though it was in force.
    private func silent(_ event: Reference, _ kind: UInt16) throws -> [Relation] {
        guard kind == SignalGenerated.templateID || kind == SignalSuppressed.templateID else {
            return []
        }
        let (evaluation, _) = try recorded(event, kind)
        return Why.silent(evaluation)
    }

    private static func silent(_ evaluation: SignalGenerated) -> [Relation] {
        var silent: [Relation] = []
        if evaluation.champion == .none { silent.append(.promotion) }
        if evaluation.blendTenths == 0 { silent.append(.blendWeight) }
        if evaluation.buyHundredths == 0 { silent.append(.thresholds) }
        return silent
    }

    /// The events that were decided under one, until another of its kind came into force. No index
    /// has them: the log is read from one to the other.
    func decidedUnder(_ event: Reference, _ kind: UInt16) throws -> [LineageEdge] {
        guard let relation = Standing.relation(of: kind), !event.isTimeline || relation == .session,
            let position = try lineage.position(of: event),
            let start = try log.position(after: event)
        else { return [] }
        let kinds = Standing.kinds(of: relation)
        let next = try lineage.next(kinds, of: nil, after: position, limit: 1).first
        let end = try next.flatMap { try lineage.position(of: $0) }.map { min($0 - 1, through) }
        var edges: [LineageEdge] = []
        try log.read(after: start, through: end ?? through) { record in
            guard !record.reference.isTimeline else { return .proceed }
            let template = try MessageHeader(record.message).templateID
            guard Standing.relations(of: template).contains(relation) else { return .proceed }
            if try Why.hasSay(relation, template, record.message) {
                edges.append(LineageEdge(record.reference, relation, kind: template))
            }
            return .proceed
        }
        return edges
    }

    /// Whether what is in force had a say in an event.
    private static func hasSay(
        _ relation: Relation, _ template: UInt16, _ message: RawSpan
    ) throws -> Bool {
        switch template {
        case SignalGenerated.templateID:
            return !silent(try SignalGenerated(message: message)).contains(relation)
        case SignalSuppressed.templateID:
            let evaluation = SignalGenerated(try SignalSuppressed(message: message))
            return !silent(evaluation).contains(relation)
        default: return true
        }
    }
}
