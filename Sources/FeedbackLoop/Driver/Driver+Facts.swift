import Events
import Market

extension Driver {
    /// Reads the timeline event at `position`. False when the window is over: no further event will
    /// be read.
    ///
    /// - Precondition: what was due before it was known has been run, and facts come without gaps.
    @_specialize(where S == LoopStrategy)
    @_specialize(where S == DisclosureFollow)
    public mutating func fact(_ message: RawSpan, at position: UInt64) throws -> Bool {
        precondition(position == read + 1, "a timeline is read without gaps")
        precondition(
            firstImmediate == immediate.count, "what a fact makes due is run before the next")
        if isOver { return false }
        let header = try MessageHeader(message)
        let envelope = try Envelope(message: message)
        if let last = window.to, envelope.knownAt > Instant(last + 1, hour: 5, minute: 30) {
            isOver = true
            return false
        }
        read = position
        if envelope.flags.contains(.hindsight) { hindsight.count(header.templateID) }
        if envelope.flags.contains(.simulated) { desk.recorder.flags.insert(.simulated) }
        switch header.templateID {
        case SessionClosed.templateID:
            close(try SessionClosedView(message), knownAt: envelope.knownAt)
        case IndexClosed.templateID:
            desk.close(try IndexClosedView(message))
        case CorporateActionAnnounced.templateID:
            desk.announce(try CorporateActionAnnouncedView(message))
        case OrderAccepted.templateID, OrderFilled.templateID, OrderRejected.templateID,
            OrderCancelled.templateID, OrderExpired.templateID, TimeReached.templateID,
            CashMoved.templateID, PositionAdopted.templateID:
            try take(answer: message, header.templateID, at: position, envelope.knownAt)
        case EntriesHalted.templateID, EntriesResumed.templateID, CustodyBegan.templateID,
            CustodyEnded.templateID, TradingModeChanged.templateID, TakenOver.templateID,
            ReconciliationDiffered.templateID:
            try desk.answer(message, templateID: header.templateID, at: position)
            guard isInWindow else { break }
            let fact = Reference.timeline(position)
            if Self.stopsEntries(header.templateID) {
                immediate.append(Due(envelope.knownAt, .halted(fact)))
            } else if header.templateID == CustodyEnded.templateID {
                immediate.append(Due(envelope.knownAt, .guarded(fact)))
            }
        case SessionMissed.templateID:
            let day = try SessionMissedView(message).day
            schedule(behind: day, at: envelope.knownAt)
            immediate.append(Due(envelope.knownAt, .missed(day)))
        case InstantsMissed.templateID:
            desk.miss(through: try InstantsMissedView(message).missedThrough)
        case InstantBegun.templateID:
            // It says when what is due is decided, which the shell says by ticks.
            break
        default:
            let reference = Reference.timeline(position)
            switch header.templateID {
            case DisclosureFiled.templateID, DisclosureAmended.templateID:
                desk.hear(at: envelope.knownAt)
            default: break
            }
            if let act = try OperatorAct(message, templateID: header.templateID) {
                take(act, reference, at: envelope.knownAt)
            } else {
                try strategy.learn(message, templateID: header.templateID, at: reference)
            }
        }
        return true
    }

    /// Whether a fact of a kind cancels every entry that works.
    private static func stopsEntries(_ templateID: UInt16) -> Bool {
        switch templateID {
        case EntriesHalted.templateID, CustodyBegan.templateID, TradingModeChanged.templateID,
            TakenOver.templateID:
            true
        default: false
        }
    }

    private mutating func take(_ act: OperatorAct, _ fact: Reference, at instant: Instant) {
        acts.append((fact, act))
        if isInWindow {
            immediate.append(Due(instant, .act(fact)))
        } else {
            early.append(fact)
        }
    }

    /// Takes what a broker says: of an order that it names by a client order id an event of the run
    /// follows; all else is folded as it stands.
    private mutating func take(
        answer message: RawSpan, _ templateID: UInt16, at position: UInt64, _ instant: Instant
    ) throws {
        let isOfOrder = try BrokerAnswers.isOne(message, templateID)
        // A run at the simulated market has no account at a broker: another run's is not its own.
        guard desk.world.broker != nil || !isOfOrder && templateID != CashMoved.templateID else {
            return
        }
        if isOfOrder, let event = try BrokerFact(message, templateID) {
            let fact = Reference.timeline(position)
            facts.append((fact, event))
            immediate.append(Due(instant, .answered(fact)))
            return
        }
        try desk.answer(message, templateID: templateID, at: position)
        if let refusal = desk.world.refusal { throw LoopError.portfolio(refusal) }
    }

    /// What is asked of a broker of the world behind a session is due on the next one's date.
    private mutating func schedule(behind day: Day, at instant: Instant) {
        guard desk.world.broker != nil,
            let next = try? ExchangeCalendar.xnys.session(after: day)
        else { return }
        schedule.request(next, at: max(Instant(next, hour: 5, minute: 30), instant))
    }

    private mutating func close(_ event: borrowing SessionClosedView, knownAt: Instant) {
        let day = event.day
        desk.close(event)
        schedule.close(day, at: knownAt, isInWindow: window.contains(day), jobs: jobs)
        schedule(behind: day, at: knownAt)
        guard window.contains(day) else {
            strategy.close(desk.world, isInWindow: false)
            return
        }
        for fact in early { immediate.append(Due(knownAt, .act(fact))) }
        early = []
        immediate.append(Due(knownAt, .close))
        isMarked = false
    }

    /// The session's market is over: marks, and what the strategy makes of the session.
    mutating func mark() {
        guard !isMarked, let day = desk.world.day else { return }
        isMarked = true
        desk.mark()
        strategy.close(desk.world, isInWindow: true)
        marks.append(SessionMark(day, desk.world))
    }
}
