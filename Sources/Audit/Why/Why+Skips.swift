import EventLog
import Events
import FeedbackLoop
import Pipeline

extension Why {
    /// A signal that became no order, with the number that missed its rule.
    func skip(_ event: Reference) throws -> WhyNode {
        let skip = try read(SignalSkipped.self, event)
        let edges = try causes(of: event, SignalSkipped.templateID)
        let (signal, _) = try recorded(skip.signal, try template(skip.signal))
        var node = WhyNode(
            event, type: SignalSkipped.messageName, knownAt: skip.envelope.knownAt, "")
        node.mark = WhyMark(
            kind: .decision, ticker: skip.ticker, day: skip.day, price: signal.closePrice)
        if let configuration = try configuration(of: edges) {
            let isTooLow = skip.reason == .belowQueueThreshold
            if isTooLow || !Why.namesHolding(skip.reason) {
                node.figures = try checks(
                    skip, event, signal, configuration, isRecorded: isTooLow)
            } else {
                node.figures = [
                    WhyFigure(signal.tradeCheck(configuration), origin: .recorded)
                ]
            }
        }
        let missed = node.figures.last { $0.isMet == false }
        let detail = missed.flatMap { figure in
            figure.distance.map { " (\(figure.name) \(figure.text), \($0))" }
        }
        node.title =
            "The signal to \(WhyWords.kind(signal.kind)) \(skip.ticker) after the session of "
            + "\(skip.day) was not traded on: \(WhyWords.skip(skip.reason))\(detail ?? "")"
        try add("the signal", skip.signal, to: &node)
        if Why.namesHolding(skip.reason) { try addHolding(before: event, skip, to: &node) }
        if let regime = edges.cause(.regime) { try add("the market's regime", regime, to: &node) }
        try add(session: edges, of: skip.ticker, to: &node)
        if let setting = edges.cause(.configuration) { try add("the settings", setting, to: &node) }
        return node
    }

    /// Whether what stood against a signal is a holding, or that there is none: the log names it.
    private static func namesHolding(_ reason: SkipReason) -> Bool {
        switch reason {
        case .alreadyHeld, .sellWithoutHolding, .exitPending: true
        default: false
        }
    }

    /// The fill before a skip says whether the ticker was held, and by which order.
    private func addHolding(
        before event: Reference, _ skip: SignalSkipped, to node: inout WhyNode
    ) throws {
        let before = try lineage.position(of: event).map { $0 - 1 } ?? 0
        let fill = try lineage.latest([OrderFilled.templateID], of: skip.ticker, through: before)
        guard let fill else {
            node.sentences.append("\(skip.ticker) had never been held by then.")
            return
        }
        let latest = try read(OrderFilled.self, fill)
        if latest.side == .sell, skip.reason == .sellWithoutHolding {
            node.sentences.append(
                "\(skip.ticker) had been sold on \(latest.filledOn) (\(fill)) and not bought since."
            )
            return
        }
        let entry = try entryOrder(of: latest)
        try name("the holding", entry, to: &node)
        guard skip.reason == .exitPending else { return }
        let triggers = try effects(of: entry, ExitTriggered.templateID)
        for trigger in triggers {
            let isBefore = try lineage.position(of: trigger.event).map { $0 <= before } ?? false
            if isBefore { try name("why it was being closed", trigger.event, to: &node) }
        }
    }

    /// The numbers that a skip met, the one that missed last. All but the confidence are those of
    /// the portfolio, which no event records: the run is folded to just before the skip, and the
    /// loop's own rules are asked.
    private func checks(
        _ skip: SignalSkipped, _ event: Reference, _ signal: SignalGenerated,
        _ configuration: LoopConfiguration, isRecorded: Bool
    ) throws -> [WhyFigure] {
        let trade = WhyFigure(signal.tradeCheck(configuration), origin: .recorded)
        guard !isRecorded, let recomputing else { return [trade] }
        recomputing("the portfolio before \(event), which no event records")
        guard
            let setting = try causes(of: event, SignalSkipped.templateID).cause(.configuration),
            let account = try entryAccount(before: event, of: skip.signal, under: setting)
        else { return [trade] }
        var figures = account.checks.map { WhyFigure($0, origin: .recomputed) }
        figures.insert(
            WhyFigure(
                "cash that is free, dollars", account.freeCash,
                WhyNumbers.dollars(account.freeCash), origin: .recomputed), at: 0)
        figures.insert(
            WhyFigure(
                "value of the portfolio", account.value, WhyNumbers.dollars(account.value),
                origin: .recomputed), at: 0)
        return figures
    }

    /// What a signal met, by the loop's own rules, in the state before an event.
    private func entryAccount(
        before event: Reference, of signal: Reference, under setting: Reference
    ) throws -> EntryAccount? {
        guard event.position > 1, let after = try log.position(after: event) else { return nil }
        let before = MergedPosition(own: after.own - 1, timeline: after.timeline)
        let opening = try read(ConfigurationChanged.self, setting)
        let strategy = try StrategyFile.recorded(
            opening.name, text: String(decoding: opening.text, as: UTF8.self),
            place: log.log.path)
        guard case .loop(let loop) = strategy else { return nil }
        let driver = try RunFold.fold(
            loop, window: ReplayWindow(from: opening.startDay, to: opening.endDay), run: log,
            through: before)
        return driver.strategy.entryAccount(of: signal, driver.world)
    }
}

// MARK: No signal

extension Why {
    /// Why no signal came for a ticker: what was thought of it, or why nobody thought of it.
    func noSignal(of ticker: Ticker) throws -> WhyNode {
        let kinds = [SignalGenerated.templateID, SignalSuppressed.templateID]
        guard let session = try latest([SessionClosed.templateID], of: nil) else {
            throw WhyError.missing("no session had closed by then")
        }
        var day: Day?
        try log.event(session) { day = try SessionClosedView($0).day }
        guard let day else { throw WhyError.missing("there is no \(session)") }
        let evaluation = try latest(kinds, of: ticker)
        if let evaluation {
            let (event, suppressed) = try recorded(evaluation, try template(evaluation))
            if event.day == day {
                var node = try node(evaluation)
                if suppressed == nil {
                    node.sentences.insert(
                        "There was a signal after this session. What became of it: recount why "
                            + "skip \(ticker), recount why order \(ticker).", at: 0)
                }
                return node
            }
        }
        return try unevaluated(ticker, day, session, evaluation)
    }

    /// Why an evaluation came to no signal, by its reference.
    func noSignal(_ evaluation: Reference) throws -> WhyNode {
        try expect(.noSignal, evaluation)
        let kind = try template(evaluation)
        var node = try node(evaluation)
        if kind == SignalGenerated.templateID {
            node.sentences.insert(
                "There was a signal after this session. What became of it: recount effects "
                    + "signal \(evaluation).", at: 0)
        }
        return node
    }

    private func unevaluated(
        _ ticker: Ticker, _ day: Day, _ session: Reference, _ latest: Reference?
    ) throws -> WhyNode {
        var node = WhyNode(
            .none, "No signal for \(ticker) after the session of \(day): it was not looked at")
        node.sentences = [
            "A ticker is looked at when a filing of it became known since the last time, and once "
                + "a week while it has filings that still count."
        ]
        let filings = [DisclosureFiled.templateID, DisclosureAmended.templateID]
        if let newest = try self.latest(filings, of: ticker) {
            let since = try latest.flatMap { try lineage.position(of: $0) } ?? 0
            let isNew = try lineage.position(of: newest).map { $0 > since } ?? false
            node.sentences.append(
                isNew
                    ? "A filing became known since the last time, and no cycle has read it yet."
                    : "No filing of it became known since the last time.")
            try add("the newest filing known by then", newest, to: &node)
        } else {
            node.sentences.append("No filing of \(ticker) was known by then.")
        }
        if let latest {
            try add("the last time that it was looked at", latest, to: &node)
        } else {
            node.sentences.append("It had never been looked at by then.")
        }
        let after = try lineage.next(filings, of: ticker, after: through, limit: 1)
        if let next = after.first {
            let later = try alone(next)
            node.later.append("The next filing became known only later: \(later.title) (\(next)).")
        }
        node.causes.append(WhyCause("the session", try self.session(session, of: ticker)))
        return node
    }
}
