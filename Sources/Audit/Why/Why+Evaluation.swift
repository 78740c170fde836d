import EventLog
import Events
import FeedbackLoop

extension Why {
    /// An evaluation: what the filings say, what the model says, what was decided of both.
    func evaluation(_ event: Reference, _ template: UInt16) throws -> WhyNode {
        let (evaluation, suppressed) = try recorded(event, template)
        let edges = try causes(of: event, template)
        let configuration = try configuration(of: edges)
        let account = configuration.map {
            EvaluationAccount(evaluation, suppressed: suppressed, $0)
        }
        var node = WhyNode(
            event, type: EventSchema.message(id: template)?.name ?? "",
            knownAt: evaluation.envelope.knownAt, Why.title(evaluation, suppressed, account))
        node.sentences = Why.sentences(evaluation, account)
        node.mark = WhyMark(
            kind: .decision, ticker: evaluation.ticker, day: evaluation.day,
            price: evaluation.closePrice)
        node.figures = Why.evidence(evaluation)
        if let account, let configuration {
            node.figures += Why.arithmetic(account, evaluation, configuration)
            node.figures += account.checks.map {
                WhyFigure($0, origin: account.agrees ? .recorded : .recomputed)
            }
        }
        try addCauses(of: evaluation, edges, to: &node)
        return node
    }

    /// An evaluation with the reason why it emitted nothing.
    func recorded(_ event: Reference, _ template: UInt16) throws -> (
        SignalGenerated, SuppressionReason?
    ) {
        if template == SignalGenerated.templateID {
            return (try read(SignalGenerated.self, event), nil)
        }
        let suppressed = try read(SignalSuppressed.self, event)
        return (SignalGenerated(suppressed), suppressed.reason)
    }

    private func addCauses(
        of evaluation: SignalGenerated, _ edges: [LineageEdge], to node: inout WhyNode
    ) throws {
        let counted = evaluation.filings.map(\.filing)
        for filing in counted { try add("a filing that counted", filing, to: &node) }
        if !counted.contains(evaluation.newestFiling) {
            try add("the newest filing that was read", evaluation.newestFiling, to: &node)
        }
        if let promotion = edges.cause(.promotion) {
            try add("the champion (the model whose word counts)", promotion, to: &node)
        } else if evaluation.champion != .none {
            try add("the champion (the model whose word counts)", evaluation.champion, to: &node)
        }
        if let weight = edges.cause(.blendWeight) {
            try add("the champion's weight", weight, to: &node)
        }
        if let thresholds = edges.cause(.thresholds) {
            try add("when a model says buy or sell", thresholds, to: &node)
        }
        if let regime = edges.cause(.regime) { try add("the market's regime", regime, to: &node) }
        try add(session: edges, of: evaluation.ticker, to: &node)
        if let setting = edges.cause(.configuration) { try add("the settings", setting, to: &node) }
    }

    private static func title(
        _ evaluation: SignalGenerated, _ suppressed: SuppressionReason?,
        _ account: EvaluationAccount?
    ) -> String {
        let kind = WhyWords.kind(evaluation.kind)
        let confidence = WhyNumbers.share(evaluation.confidence)
        let when = "after the session of \(evaluation.day)"
        guard let suppressed else {
            return "Signal to \(kind) \(evaluation.ticker), confidence \(confidence), \(when)"
        }
        var reason = WhyWords.suppression(suppressed)
        if let missed = account?.checks.last, !missed.isMet {
            let words = RuleWords(missed)
            if let distance = words.distance {
                reason += " (\(words.name) \(words.number(missed.observed)), \(distance))"
            }
        }
        return "No signal for \(evaluation.ticker) \(when): \(reason)"
    }

    private static func sentences(
        _ evaluation: SignalGenerated, _ account: EvaluationAccount?
    ) -> [String] {
        var sentences = [
            evaluation.trigger == .newFiling
                ? "It was looked at because a filing had become known since the last time."
                : "It was looked at in the weekly pass over all tickers with recent filings."
        ]
        if let account {
            sentences.append(WhyWords.step(account.step, evaluation))
            if !account.agrees {
                let again = WhyNumbers.share(Double(account.confidence) / 10_000)
                sentences.append(
                    "This program's arithmetic comes to \(again), the log says "
                        + "\(WhyNumbers.share(evaluation.confidence)): another version of the "
                        + "program decided. recount reproduce says where they part.")
            }
        }
        return sentences
    }

    /// What the filings add up to.
    private static func evidence(_ evaluation: SignalGenerated) -> [WhyFigure] {
        func count(_ name: String, _ value: UInt16) -> WhyFigure {
            WhyFigure(name, Double(value), "\(value)")
        }
        return [
            count("different filers", evaluation.politicians),
            count("filed rows that count", evaluation.transactions),
            count("rows that buy", evaluation.buys), count("rows that sell", evaluation.sells),
            count("rows traded in the last 30 days", evaluation.recent),
            WhyFigure(
                "net dollars (buys less sales, middle of each filed band)", evaluation.netVolume,
                WhyNumbers.dollars(evaluation.netVolume, 0)),
            WhyFigure(
                "buys over sells (10 where none sells)", evaluation.buySellRatio,
                WhyNumbers.short(evaluation.buySellRatio, 2)),
        ]
    }

    /// How the confidence adds up.
    private static func arithmetic(
        _ account: EvaluationAccount, _ evaluation: SignalGenerated,
        _ configuration: LoopConfiguration
    ) -> [WhyFigure] {
        let origin: WhyFigure.Origin = .recomputed
        var figures = account.terms.map { term in
            let value = Double(term.hundredths) / 100
            let sign = term.hundredths < 0 ? "" : "+"
            return WhyFigure(
                term.setting == "base_confidence" ? "confidence to begin with" : "added", value,
                "\(term.setting == "base_confidence" ? "" : sign)\(WhyNumbers.fixed(value, 2))",
                rule: WhyWords.term(term), origin: origin)
        }
        figures.append(
            WhyFigure(
                "confidence of the filings alone", evaluation.heuristicConfidence,
                WhyNumbers.share(evaluation.heuristicConfidence),
                rule: "the sum of the above: \(WhyWords.kind(evaluation.heuristicKind))"))
        figures += machine(evaluation)
        if account.step != .heuristicAlone {
            figures.append(
                WhyFigure(
                    "confidence of both", evaluation.confidence,
                    WhyNumbers.share(evaluation.confidence),
                    rule: WhyWords.formula(account.step, evaluation)))
        }
        return figures
    }

    /// What the champion said.
    private static func machine(_ evaluation: SignalGenerated) -> [WhyFigure] {
        guard let champion = evaluation.predictions.first(where: { $0.role == .champion }),
            let probability = evaluation.machineProbability
        else { return [] }
        let (buy, sell) = (
            Double(evaluation.buyHundredths) / 100, Double(evaluation.sellHundredths) / 100
        )
        var figures = [
            WhyFigure(
                "the model's chance of a win", Double(champion.win),
                WhyNumbers.share(Double(champion.win))),
            WhyFigure(
                "the model's chance of a loss", Double(champion.loss),
                WhyNumbers.share(Double(champion.loss))),
            WhyFigure(
                "win against loss, win / (win + loss)", Double(probability),
                WhyNumbers.share(Double(probability)),
                rule: "buy from \(WhyNumbers.share(buy)), sell up to \(WhyNumbers.share(sell)), "
                    + "between them neither: \(WhyWords.side(champion.side))"),
        ]
        if let mapped = evaluation.mappedConfidence {
            figures.append(
                WhyFigure(
                    "the same on the scale of the filings' confidence", mapped,
                    WhyNumbers.share(mapped)))
        }
        return figures
    }
}
