import EventLog
import Events
import FeedbackLoop
import Learning

extension Why {
    /// A model: what it was trained on, and whether it became the champion.
    func model(_ event: Reference) throws -> WhyNode {
        let model = try read(ModelTrained.self, event)
        var node = WhyNode(
            event, type: ModelTrained.messageName, knownAt: model.envelope.knownAt,
            "Model \(event) (\(model.modelName)) was trained on "
                + "\(WhyNumbers.count(model.trainRows)) rows decided from \(model.trainedFrom) to "
                + "\(model.trainedThrough)")
        node.sentences = [
            "Its file is the artefact \(model.artefact), made by \(model.library) with the seed "
                + "\(model.seed); its rows have the digest \(model.trainingSet).",
            "No label that it learnt from ends after \(model.labelsThrough).",
        ]
        if let from = model.holdoutFrom, let through = model.holdoutThrough {
            node.sentences.append(
                "Decisions from \(from) to \(through) were held out: it has not seen them, and is "
                    + "compared on them.")
        }
        node.figures = Why.rows(model)
        try addFate(of: event, to: &node)
        try add("what asked for it", model.request, to: &node)
        return node
    }

    /// How many rows of which part and label.
    private static func rows(_ model: ModelTrained) -> [WhyFigure] {
        func count(_ name: String, _ value: UInt32, _ rule: String? = nil) -> WhyFigure {
            WhyFigure(name, Double(value), WhyNumbers.count(value), rule: rule)
        }
        var figures = [
            count("rows trained on", model.trainRows),
            count(
                "rows that said when to stop training", model.earlyStopRows,
                "the last of the training part; no tree learns from them"),
            count("of both, from closed trades", model.outcomeRows),
            count("of both, from what evaluations would have come to", model.marketRows),
            count("of both, wins", model.wins), count("of both, losses", model.losses),
            count("of both, neither", model.breakevens),
        ]
        for unused in model.unused {
            figures.append(
                count("rows not used", unused.count, WhyWords.unused(unused.reason)))
        }
        if let accuracy = model.accuracy {
            figures.append(
                WhyFigure(
                    "share of right answers on the rows that stopped it", accuracy,
                    WhyNumbers.percent(accuracy),
                    rule: model.baseline.map {
                        "always naming the commonest class would be right in "
                            + WhyNumbers.percent($0)
                    }))
        }
        return figures
    }

    /// Comparisons and promotions of a model by the moment that was asked for.
    private func addFate(of event: Reference, to node: inout WhyNode) throws {
        let fate = try effects(
            of: event, ModelCompared.templateID, ModelPromoted.templateID,
            ModelHeldAsCandidate.templateID, ModelRetired.templateID)
        for edge in fate {
            let effect = edge.event
            switch edge.kind {
            case ModelCompared.templateID:
                let comparison = try read(ModelCompared.self, effect)
                guard comparison.challenger == event else { continue }
                node.sentences.append("\(Why.title(comparison)) (\(effect)).")
            case ModelPromoted.templateID:
                let promotion = try read(ModelPromoted.self, effect)
                guard promotion.model == event else { continue }
                node.sentences.append(
                    "It became the champion, the model whose word counts, on "
                        + "\(promotion.envelope.knownAt.words): \(WhyWords.promotion(promotion)) "
                        + "(\(effect)).")
            case ModelHeldAsCandidate.templateID:
                let held = try read(ModelHeldAsCandidate.self, effect)
                guard held.model == event else { continue }
                node.sentences.append(
                    "It was held back on \(held.envelope.knownAt.words): "
                        + "\(WhyWords.hold(held.reason)) (\(effect)).")
            default:
                let retired = try read(ModelRetired.self, effect)
                guard retired.model == event else { continue }
                node.sentences.append(
                    "It was retired on \(retired.envelope.knownAt.words): "
                        + "\(WhyWords.retirement(retired.reason)) (\(effect)).")
            }
        }
    }

    /// A request for a training.
    func request(_ event: Reference) throws -> WhyNode {
        let request = try read(TrainingRequested.self, event)
        let edges = try causes(of: event, TrainingRequested.templateID)
        var node = WhyNode(
            event, type: TrainingRequested.messageName, knownAt: request.envelope.knownAt,
            "A model was asked for by \(WhyWords.job(request.job)), due at "
                + request.scheduledAt.words)
        if let who = request.who { node.sentences.append("\(who) asked for it.") }
        let asked = try edges.cause(.job).map { TrainingTerms(try read(JobStarted.self, $0)) }
        node.figures = Why.figures(request, asked ?? TrainingTerms())
        if !request.compareToCurrent {
            node.sentences.append("The model was not to be compared with the champion.")
        }
        node.sentences.append(
            "Only results that were known by the session of \(request.asOf) may be learnt from.")
        if let job = edges.cause(.job) { try name("the job", job, to: &node) }
        if let setting = edges.cause(.configuration) { try add("the settings", setting, to: &node) }
        return node
    }

    /// What a training may learn from, each by the strategy's rule or as it was asked for.
    private static func figures(_ request: TrainingRequested, _ asked: TrainingTerms)
        -> [WhyFigure]
    {
        let wanted = "as the request asks"
        var figures = [
            WhyFigure(
                "sessions of decisions that it may learn from", Double(request.lookbackSessions),
                "\(request.lookbackSessions)",
                rule: asked.lookbackSessions == nil ? "training_lookback_sessions" : wanted),
            WhyFigure(
                "calendar days of closed trades", Double(request.outcomeWindowDays),
                "\(request.outcomeWindowDays)",
                rule: !request.useOutcomes
                    ? "not used: this job learns from no closed trades"
                    : asked.outcomeWindowDays == nil ? "outcome_window_days" : wanted),
        ]
        if let weight = request.outcomeWeight {
            figures.append(
                WhyFigure("weight of closed trades", weight, "\(weight)", rule: wanted))
        }
        return figures
    }

    /// A comparison of two models.
    func comparison(_ event: Reference) throws -> WhyNode {
        let comparison = try read(ModelCompared.self, event)
        let edges = try causes(of: event, ModelCompared.templateID)
        var node = WhyNode(
            event, type: ModelCompared.messageName, knownAt: comparison.envelope.knownAt,
            Why.title(comparison))
        if let from = comparison.holdoutFrom, let through = comparison.holdoutThrough {
            node.sentences.append(
                "Compared on decisions from \(from) to \(through), which neither was trained on.")
        }
        node.figures = Why.figures(comparison)
        if comparison.champion == .none {
            node.sentences.append(
                "There was no champion: it was compared with always naming the commonest class.")
        }
        try add("the challenger", comparison.challenger, to: &node)
        try name("the champion of the time", comparison.champion, to: &node)
        if let setting = edges.cause(.configuration) { try add("the settings", setting, to: &node) }
        return node
    }

    private static func title(_ comparison: ModelCompared) -> String {
        let verdict =
            switch comparison.decision {
            case .promote: "won"
            case .hold: "did not win"
            case .insufficient: "could not be judged on so little"
            case .waiting: "must wait for more rows"
            case .unrecognised: "was judged in a way that this program does not know"
            }
        let other =
            comparison.champion == .none
            ? "always naming the commonest class" : "the champion \(comparison.champion)"
        return "Model \(comparison.challenger) \(verdict) against \(other) on "
            + WhyNumbers.count(comparison.rows, "row")
    }

    private static func figures(_ comparison: ModelCompared) -> [WhyFigure] {
        let isAccurate = comparison.reason == .accuracy
        let gain = Int(comparison.correctNew) - Int(comparison.correctOld)
        var right = WhyFigure(
            "right answers more than the other", Double(gain), "\(gain)",
            rule: "at least \(GateRule.accuracyPoints) in 100 rows promote")
        right.bound = Double(GateRule.accuracyPoints) * Double(comparison.rows) / 100
        right.isMet = isAccurate
        right.margin =
            (isAccurate ? "met" : "missed")
            + ", \(WhyNumbers.short(right.bound ?? 0, 2)) were needed"
        let points = 100 * (comparison.f1New - comparison.f1Old)
        var f1 = WhyFigure(
            "points of F1 (a mean of right answers over the classes) more than the other", points,
            WhyNumbers.short(points, 2), rule: "or at least \(GateRule.f1Points) points promote")
        if !isAccurate {
            if comparison.gate == .guarded {
                f1.rule = "or at least \(GateRule.f1Points) points promote, with no fewer right"
            }
            f1.bound = Double(GateRule.f1Points)
            let isGuarded = comparison.gate == .guarded && gain < 0
            f1.isMet = comparison.reason == .f1 && !isGuarded
            f1.margin =
                comparison.reason != .f1
                ? "missed" : isGuarded ? "met, but with \(-gain) fewer right" : "met"
        }
        return [
            WhyFigure(
                "rows compared on", Double(comparison.rows), WhyNumbers.count(comparison.rows)),
            WhyFigure(
                "right answers of the challenger", Double(comparison.correctNew),
                WhyNumbers.count(comparison.correctNew)),
            WhyFigure(
                "right answers of the other", Double(comparison.correctOld),
                WhyNumbers.count(comparison.correctOld)),
            right, f1,
        ]
    }

    /// A promotion.
    func promotion(_ event: Reference) throws -> WhyNode {
        let promotion = try read(ModelPromoted.self, event)
        var node = WhyNode(
            event, type: ModelPromoted.messageName, knownAt: promotion.envelope.knownAt,
            "Model \(promotion.model) is the champion, the model whose word counts, from "
                + "\(promotion.envelope.knownAt.words) on: \(WhyWords.promotion(promotion))"
        )
        if !promotion.text.isEmpty {
            node.sentences.append(
                "The reason given: \(String(decoding: promotion.text, as: UTF8.self))")
        }
        if promotion.comparison != .none {
            try add("the comparison that it won", promotion.comparison, to: &node)
        }
        if promotion.model != .none, promotion.comparison == .none {
            try add("the model", promotion.model, to: &node)
        }
        try name("the champion before", promotion.previous, to: &node)
        return node
    }
}
