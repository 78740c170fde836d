import EventLog
import Events
import FeedbackLoop

extension Why {
    /// A calibration: how often confidences came to a win, which changes the size of entries.
    func calibration(_ event: Reference) throws -> WhyNode {
        let fit = try read(CalibrationFitted.self, event)
        let edges = try causes(of: event, CalibrationFitted.templateID)
        var node = WhyNode(
            event, type: CalibrationFitted.messageName, knownAt: fit.envelope.knownAt,
            fit.method == .none
                ? "No calibration holds from \(fit.envelope.knownAt.words) on"
                : "Calibration of \(fit.envelope.knownAt.words): what confidences came to, which "
                    + "changes the size of entries and nothing else")
        if let from = fit.fromDay, let through = fit.throughDay {
            node.sentences.append(
                "Fitted on what decisions from \(from) to \(through) had come to by then.")
        }
        node.figures = [
            WhyFigure("decisions fitted on", Double(fit.rows), WhyNumbers.count(fit.rows))
        ]
        if let base = fit.base {
            node.figures.append(
                WhyFigure(
                    "share of wins among them (the labels' return above .5 %)", base,
                    WhyNumbers.percent(base)))
        }
        if let before = fit.brierBefore, let after = fit.brierAfter {
            node.figures.append(
                WhyFigure(
                    "mean squared error of the confidences (Brier score) before", before,
                    WhyNumbers.fixed(before, 4)))
            node.figures.append(
                WhyFigure("the same after", after, WhyNumbers.fixed(after, 4)))
        }
        try name("the champion that it belongs to", fit.model, to: &node)
        if let setting = edges.cause(.configuration) { try add("the settings", setting, to: &node) }
        return node
    }

    /// A person's return to an earlier champion.
    func rollback(_ event: Reference) throws -> WhyNode {
        let rollback = try read(ModelRolledBack.self, event)
        let to =
            rollback.model == .none
            ? "having no champion" : "the earlier champion \(rollback.model)"
        var node = WhyNode(
            event, type: ModelRolledBack.messageName, knownAt: rollback.envelope.knownAt,
            "\(rollback.who) went back to \(to) on \(rollback.envelope.knownAt.words)")
        if !rollback.text.isEmpty {
            node.sentences.append(
                "The reason given: \(String(decoding: rollback.text, as: UTF8.self))")
        }
        try add("the model", rollback.model, to: &node)
        try name("the champion that was replaced", rollback.replaced, to: &node)
        try name("what asked for it", rollback.envelope.causation, to: &node)
        return node
    }

    /// The beginning of a job.
    func job(_ event: Reference) throws -> WhyNode {
        let job = try read(JobStarted.self, event)
        var node = WhyNode(
            event, type: JobStarted.messageName, knownAt: job.envelope.knownAt,
            "The job began: \(WhyWords.job(job.job)), due at \(job.scheduledAt.words)")
        switch job.trigger {
        case .manual: node.sentences.append("\(job.who ?? "A person") asked for it.")
        case .caughtUp: node.sentences.append("It had been missed and was caught up.")
        default: break
        }
        if let asked = WhyWords.asked(TrainingTerms(job)) { node.sentences.append(asked) }
        try name("what asked for it", job.envelope.causation, to: &node)
        return node
    }
}
