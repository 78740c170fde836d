import EventLog
import Events
import FeedbackLoop

extension Why {
    /// The champion's weight, and what moved it.
    func weight(_ event: Reference) throws -> WhyNode {
        let weight = try read(BlendWeightEvaluated.self, event)
        let edges = try causes(of: event, BlendWeightEvaluated.templateID)
        let configuration = try configuration(of: edges)
        let (old, new) = (Double(weight.previousTenths) / 10, Double(weight.tenths) / 10)
        let verb = old == new ? "stayed at" : "went from \(WhyNumbers.fixed(old, 1)) to"
        var node = WhyNode(
            event, type: BlendWeightEvaluated.messageName, knownAt: weight.envelope.knownAt,
            "The champion's weight in confidences \(verb) \(WhyNumbers.fixed(new, 1)) on "
                + "\(weight.envelope.knownAt.words): \(WhyWords.weight(weight.reason))")
        if let from = weight.fromDay, let through = weight.throughDay {
            node.sentences.append(
                "Judged on what entries decided from \(from) to \(through) would have come to, "
                    + "those of the filings alone against those of the model alone.")
        }
        node.figures = Why.arms(weight, configuration)
        node.figures += try executed(weight, event)
        if let setting = edges.cause(.configuration) { try add("the settings", setting, to: &node) }
        return node
    }

    private static func arms(
        _ weight: BlendWeightEvaluated, _ configuration: LoopConfiguration?
    ) -> [WhyFigure] {
        let measure = configuration.map { " (\(Why.labelReturn($0)) above .5 %)" } ?? ""
        let least = configuration.map { "at least \($0.text("blend_arm_size")) entries each" }
        var figures = [
            WhyFigure(
                "wins of the model alone\(measure)", weight.machineRate,
                Why.rate(weight.machineWins, weight.machineArm, weight.machineRate),
                rule: least.map { "\($0) (blend_arm_size)" }),
            WhyFigure(
                "wins of the filings alone\(measure)", weight.heuristicRate,
                Why.rate(weight.heuristicWins, weight.heuristicArm, weight.heuristicRate)),
        ]
        if let machine = weight.machineRate, let heuristic = weight.heuristicRate {
            let lead = machine - heuristic
            var difference = WhyFigure(
                "share of wins by which the model is ahead", lead, WhyNumbers.share(lead),
                rule: configuration.map {
                    "at least \($0.text("blend_margin")) apart move it (blend_margin)"
                })
            switch weight.reason {
            case .machineAhead, .machineBehind: difference.isMet = true
            case .withinMargin: difference.isMet = false
            default: break
            }
            difference.margin = difference.isMet.map { $0 ? "met" : "missed" }
            figures.append(difference)
        }
        return figures
    }

    /// By which return labels, and so the arms, are judged.
    private static func labelReturn(_ configuration: LoopConfiguration) -> String {
        configuration.text("label_return") == "net" ? "net return" : "return in excess of the index"
    }

    private static func rate(_ wins: UInt32, _ entries: UInt32, _ rate: Double?) -> String {
        "\(wins) of \(entries)" + (rate.map { " (\(WhyNumbers.percent($0)))" } ?? "")
    }

    /// Trades that were made on the same dates, net and by the arms' measure.
    private func executed(_ weight: BlendWeightEvaluated, _ event: Reference) throws -> [WhyFigure]
    {
        guard weight.executed > 0 else { return [] }
        var trades = ExecutedTrades()
        var measured = ExecutedTrades.Measured()
        try log.readOwn { reference, message in
            if try MessageHeader(message).templateID == BlendWeightEvaluated.templateID {
                measured = trades.beside(try BlendWeightEvaluated(message: message))
                return reference == event ? .stop : .proceed
            }
            try trades.take(message, reference)
            return .proceed
        }
        let wins = UInt32((Double(weight.executed) * (weight.executedRate ?? 0)).rounded())
        return [
            WhyFigure(
                "wins of trades that were made (net return above .5 %)", weight.executedRate,
                Why.rate(wins, weight.executed, weight.executedRate)),
            WhyFigure(
                "wins of the same as the arms are judged", measured.rate,
                Why.rate(UInt32(measured.wins), UInt32(measured.trades), measured.rate)),
        ]
    }

    /// When a model says buy or sell, and what moved that.
    func thresholds(_ event: Reference) throws -> WhyNode {
        let thresholds = try read(ThresholdsEvaluated.self, event)
        let edges = try causes(of: event, ThresholdsEvaluated.templateID)
        func both(_ buy: UInt8, _ sell: UInt8) -> String {
            "buy from \(WhyNumbers.fixed(Double(buy) / 100, 2)), sell up to "
                + WhyNumbers.fixed(Double(sell) / 100, 2)
        }
        let new = both(thresholds.buyHundredths, thresholds.sellHundredths)
        let old = both(thresholds.previousBuyHundredths, thresholds.previousSellHundredths)
        var node = WhyNode(
            event, type: ThresholdsEvaluated.messageName, knownAt: thresholds.envelope.knownAt,
            "A model says \(new)\(old == new ? ", as before" : ", before that \(old)"): "
                + WhyWords.threshold(thresholds.reason))
        func count(_ name: String, _ value: UInt32) -> WhyFigure {
            WhyFigure(name, Double(value), "\(value)")
        }
        node.figures = [
            count("times that it said buy since the last time", thresholds.buys),
            count("times that it said sell", thresholds.sells),
            count("times that it said neither", thresholds.neutrals),
        ]
        if let setting = edges.cause(.configuration) { try add("the settings", setting, to: &node) }
        return node
    }

    /// The market's regime.
    func regime(_ event: Reference) throws -> WhyNode {
        let regime = try read(RegimeChanged.self, event)
        let edges = try causes(of: event, RegimeChanged.templateID)
        var node = WhyNode(
            event, type: RegimeChanged.messageName, knownAt: regime.envelope.knownAt,
            "The market's regime is \(WhyWords.regime(regime.regime)) from the session of "
                + "\(regime.day) on, after \(WhyWords.regime(regime.previous))")
        let configuration = try configuration(of: edges)
        func figure(_ name: String, _ value: Double?, _ key: String, _ meaning: String) {
            guard let value else { return }
            node.figures.append(
                WhyFigure(
                    name, value, WhyNumbers.percent(value),
                    rule: configuration.map { "\(meaning) \($0.text(key)) (\(key))" }))
        }
        figure(
            "return of the index over 20 sessions", regime.return20, "regime_return_20",
            "bull above, bear below its negative:")
        figure(
            "return of the index over 60 sessions", regime.return60, "regime_return_60",
            "and this over 60 sessions:")
        figure(
            "swings of the index over 20 sessions, a year (volatility)", regime.volatility20,
            "regime_volatility", "else volatile above")
        if let setting = edges.cause(.configuration) { try add("the settings", setting, to: &node) }
        return node
    }

    /// The settings of a run.
    func setting(_ event: Reference) throws -> WhyNode {
        let change = try read(ConfigurationChanged.self, event)
        var node = WhyNode(
            event, type: ConfigurationChanged.messageName, knownAt: change.envelope.knownAt,
            "The settings of \(change.name), in force from event \(event) on (digest "
                + "\(change.digest.description.prefix(12)))")
        if let who = change.who { node.sentences.append("\(who) changed them.") }
        return node
    }

    /// Any other event: what it says, and what it names.
    func anyEvent(_ event: Reference, _ template: UInt16) throws -> WhyNode {
        let description = EventSchema.message(id: template)
        var node = WhyNode(event, type: description?.name ?? "", "")
        try log.event(event) { message in
            node.knownAt = try Envelope(message: message).knownAt
            node.sentences = [try EventJSON.string(message: message)]
        }
        node.title = "\(node.type.isEmpty ? "An event of a later version" : node.type) \(event)"
        if let act = try act(event, template) {
            node.title = act.title
            node.sentences = [act.sentence]
        }
        for edge in try causes(of: event, template) {
            try name(WhyWords.relation(edge.relation), edge.event, to: &node)
        }
        return node
    }
}

extension Why {
    /// A halt, its end or a change of the mode in words; nil for another event.
    private func act(_ event: Reference, _ template: UInt16) throws -> (
        title: String, sentence: String
    )? {
        let (title, who, text): (String, String?, [UInt8])
        switch template {
        case EntriesHalted.templateID:
            let halt = try read(EntriesHalted.self, event)
            let exits = halt.exits == true ? ", and new exits" : ""
            title = "New entries\(exits) were halted: \(WhyWords.plain("\(halt.cause)")) (\(event))"
            (who, text) = (halt.who, halt.text)
        case EntriesResumed.templateID:
            let end = try read(EntriesResumed.self, event)
            let cause = end.cause.map { " of \(WhyWords.plain("\($0)"))" } ?? ""
            title = "A halt\(cause) ended (\(event))"
            (who, text) = (end.who, end.text)
        case TradingModeChanged.templateID:
            let change = try read(TradingModeChanged.self, event)
            title = "The trading mode went from \(change.previous) to \(change.mode) (\(event))"
            (who, text) = (change.who, change.text)
        default: return nil
        }
        let reason = String(decoding: text, as: UTF8.self)
        let person = who.map { "\($0) did it" } ?? "It came by itself"
        return (title, reason.isEmpty ? "\(person)." : "\(person): \(reason)")
    }
}

extension WhyWords {
    /// A name of the code in words: `ordersBeyondPlan`.
    static func plain(_ name: String) -> String {
        var words = ""
        for character in name {
            words += character.isUppercase ? " \(character.lowercased())" : "\(character)"
        }
        return words
    }

    /// In what part an event stands behind another.
    static func relation(_ relation: Relation) -> String {
        switch relation {
        case .causation: "what caused it"
        case .correlation: "where the chain began"
        case .filing: "a filing that counted"
        case .newestFiling: "the newest filing"
        case .champion: "the champion"
        case .model: "the model"
        case .signal: "the signal"
        case .order: "the order"
        case .holding: "the holding"
        case .trigger: "why it was to be closed"
        case .entryOrder: "the order that opened it"
        case .exitFill: "the last sale"
        case .calibration: "the calibration"
        case .request: "the request"
        case .challenger: "the challenger"
        case .comparison: "the comparison"
        case .previous: "the one before"
        case .follows: "what it follows"
        case .replaced: "what it replaced"
        case .successor: "what took its place"
        case .ended: "what it ends"
        case .start: "where it began"
        case .halt: "the halt"
        case .trial: "the trial"
        case .forkedAt: "where it forked"
        case .configuration: "the settings"
        case .session: "the session"
        case .regime: "the market's regime"
        case .promotion: "the promotion in force"
        case .blendWeight: "the weight in force"
        case .thresholds: "the thresholds in force"
        case .job: "the job"
        }
    }
}
