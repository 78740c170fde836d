import EventLog
import Events

/// Inspects what a run says of its models: trained on what was mature, compared on rows that
/// neither model had seen, promoted as compared, and heard only while they were allowed to speak.
///
/// Which model is champion is folded here again, on purpose: `ChampionHistory`, which all other
/// readers share, is the loop's own account.
struct ModelInspection {
    /// Sessions between the last label that trained a model and the first row that tests it.
    static let embargoSessions = 5

    /// What a ModelTrained said.
    struct Model: Sendable {
        let artefact: Digest
        /// The day on which its last label became mature.
        let labelsThrough: Day
    }

    private let sessions: SessionCalendar
    let imports: ImportTable
    private var admitted = 0
    /// Models of other tools that were neither promoted nor retired.
    private(set) var importedCandidates: [Reference] = []
    private var models = Lookup<Reference, Model>()
    /// The session as of which each training was asked for.
    private var requests = Lookup<Reference, Day>()
    private var comparisons = Lookup<Reference, Comparison>()
    private(set) var champion = Reference.none
    /// Trained and neither promoted nor retired; one at most.
    private(set) var candidate = Reference.none
    let earlier: EarlierEvents
    var settings: SettingsInForce

    private struct Comparison: Sendable {
        let challenger: Reference
        let champion: Reference
        let decision: GateVerdict
    }

    init(_ run: MergedLog, _ sessions: SessionCalendar, _ imports: ImportTable) {
        earlier = EarlierEvents(run)
        self.sessions = sessions
        self.imports = imports
        settings = SettingsInForce(sessions)
    }

    /// Models of other tools are known from the fact on that tells of them.
    private mutating func admit(through position: UInt64) {
        while admitted < imports.models.count, imports.models[admitted].position <= position {
            let model = imports.models[admitted]
            let reference = Reference.timeline(model.position)
            models[reference] = Model(
                artefact: model.source,
                labelsThrough: sessions.last(through: model.trainedThrough)
                    ?? model.trainedThrough)
            importedCandidates.append(reference)
            admitted += 1
        }
    }

    /// Whether a reference names a model that was trained before.
    func isTrained(_ model: Reference) -> Bool { models[model] != nil }

    /// Takes the next event of the run.
    mutating func inspect(
        _ message: RawSpan, _ reference: Reference, _ envelope: Envelope,
        _ report: inout Causality.Report
    ) throws {
        admit(through: envelope.through)
        switch try MessageHeader(message).templateID {
        case TrainingRequested.templateID:
            let view = try TrainingRequestedView(message)
            requests[reference] = view.asOf
            if !sessions.closed(view.asOf, before: envelope.knownAt) {
                report.add(reference, "asks for labels of \(view.asOf), which had not closed")
            }
        case ModelTrained.templateID:
            try trained(ModelTrainedView(message), reference, envelope, &report)
        case ModelCompared.templateID:
            try compared(ModelComparedView(message), reference, envelope, &report)
        case ModelPromoted.templateID:
            try promoted(ModelPromotedView(message), reference, &report)
        case ModelRolledBack.templateID:
            let view = try ModelRolledBackView(message)
            if view.model != .none, !isTrained(view.model) {
                report.add(reference, "goes back to \(view.model), no model trained before")
            }
            champion = view.model
        case ModelRetired.templateID:
            let view = try ModelRetiredView(message)
            if candidate == view.model { candidate = .none }
            importedCandidates.removeAll { $0 == view.model }
            if champion == view.model { champion = .none }
        default:
            try inspect(evaluation: message, reference, envelope, &report)
            try settings.inspect(message, reference, envelope, champion: champion, &report)
        }
    }

    private mutating func trained(
        _ view: borrowing ModelTrainedView, _ reference: Reference, _ envelope: Envelope,
        _ report: inout Causality.Report
    ) {
        let through = view.labelsThrough
        models[reference] = Model(artefact: view.artefact, labelsThrough: through)
        candidate = reference
        if let asOf = requests[view.request] {
            if through > asOf {
                report.add(reference, "learnt labels of \(through), asked for as of \(asOf)")
            }
        } else {
            report.add(reference, "answers \(view.request), which asked for no training before")
        }
        if !sessions.closed(through, before: envelope.knownAt) {
            report.add(reference, "learnt labels of \(through), which had not closed")
        }
        if view.trainedThrough >= through {
            report.add(
                reference,
                "learnt decisions of \(view.trainedThrough) by labels mature on \(through)")
        }
        if let from = view.holdoutFrom { apart(from, [reference], reference, &report) }
        if let last = view.holdoutThrough, !sessions.closed(last, before: envelope.knownAt) {
            report.add(reference, "keeps rows of \(last) apart, which had not closed")
        }
    }

    private mutating func compared(
        _ view: borrowing ModelComparedView, _ reference: Reference, _ envelope: Envelope,
        _ report: inout Causality.Report
    ) {
        comparisons[reference] = Comparison(
            challenger: view.challenger, champion: view.champion, decision: view.decision)
        if !isTrained(view.challenger) {
            report.add(reference, "compares \(view.challenger), no model trained before")
        }
        if view.champion != champion {
            report.add(
                reference, "calls \(view.champion) the champion, which \(champion) was")
        }
        if let from = view.holdoutFrom {
            apart(from, [view.challenger, view.champion], reference, &report)
        }
        if let last = view.holdoutThrough, !sessions.closed(last, before: envelope.knownAt) {
            report.add(reference, "compares on rows of \(last), which had not closed")
        }
    }

    /// Rows from `from` on are independent of what these models learnt.
    private func apart(
        _ from: Day, _ learners: [Reference], _ reference: Reference,
        _ report: inout Causality.Report
    ) {
        for learner in learners {
            guard let model = models[learner] else { continue }
            guard let first = sessions.number(of: from),
                let last = sessions.number(of: model.labelsThrough)
            else {
                report.add(reference, "counts from \(from), which is no session")
                continue
            }
            if first <= last + Self.embargoSessions {
                report.add(
                    reference,
                    "tests from \(from) on, within \(Self.embargoSessions) sessions of the labels "
                        + "that \(learner) learnt, through \(model.labelsThrough)")
            }
        }
    }

    private mutating func promoted(
        _ view: borrowing ModelPromotedView, _ reference: Reference,
        _ report: inout Causality.Report
    ) {
        if let model = models[view.model] {
            if model.artefact != view.artefact {
                report.add(reference, "promotes an artefact that \(view.model) did not give")
            }
        } else {
            report.add(reference, "promotes \(view.model), no model trained before")
        }
        if view.previous != champion {
            report.add(reference, "replaces \(view.previous), where \(champion) was champion")
        }
        if let comparison = comparisons[view.comparison] {
            if comparison.challenger != view.model || comparison.champion != view.previous {
                report.add(reference, "is of other models than \(view.comparison) compared")
            }
            if view.cause == .gate, comparison.decision != .promote {
                report.add(reference, "promotes what \(view.comparison) did not")
            }
        } else if view.comparison != .none || view.cause != .person {
            report.add(reference, "follows \(view.comparison), no comparison before it")
        }
        champion = view.model
        if candidate == view.model { candidate = .none }
        importedCandidates.removeAll { $0 == view.model }
    }
}
