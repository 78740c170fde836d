import Events
import Market

/// Signal → Order: opposite signals close, buys queue by rank, and those that pass every refusal
/// become entry orders for the next open.
///
/// Refusals are checked in the order of `SkipReason`. Each signal ends as an order, an exit or a
/// `SignalSkipped`; a queued signal lives one session.
enum SignalToOrder {
    static func decide(_ state: inout LoopState, _ desk: inout Desk) {
        guard let day = desk.world.day else { return }
        var candidates: [Signal] = []
        for signal in state.signals {
            let rule = trade(
                isBuy: signal.isBuy, confidence: signal.confidence, state.regime,
                state.configuration)
            if signal.isBuy, rule.isMet {
                candidates.append(signal)
            } else if signal.isSell, rule.isMet {
                close(signal, day, &state, &desk)
            } else {
                skip(signal, .belowQueueThreshold, day, &state, &desk)
            }
        }
        candidates.sort(by: precedes)
        for (index, signal) in candidates.enumerated() where !signal.isQueued {
            desk.record(
                SignalQueued(
                    envelope: desk.envelope(
                        causation: .own(signal.id), correlation: signal.correlation),
                    signal: .own(signal.id), netVolume: signal.netVolume,
                    confidence: Double(signal.confidence) / 10_000, day: day, ticker: signal.ticker,
                    rank: UInt16(clamping: index + 1), kind: signal.kind), &state)
        }
        for signal in candidates { enter(signal, day, &state, &desk) }
    }

    /// The confidence that a signal needs to be traded on; a buy needs more in a risky regime.
    ///
    /// - Parameter confidence: ten-thousandths.
    static func trade(
        isBuy: Bool, confidence: Int, _ regime: Regime, _ configuration: LoopConfiguration
    ) -> RuleCheck {
        let needed = isBuy ? configuration.entryThreshold(regime) : configuration.queueThreshold
        return RuleCheck(
            .trade, Double(confidence) / 10_000, .atLeast, Double(needed) / 100, "queue_threshold")
    }

    /// Why a sell closes nothing; nil when it does. `check` is lent each number beside its bound.
    static func refusal(
        ofSelling ticker: Ticker, _ world: borrowing World, check: (RuleCheck) -> Void = { _ in }
    ) -> SkipReason? {
        guard let index = world.portfolio.holdingIndex(ticker) else {
            check(RuleCheck(.held, 0, .above, 0))
            return .sellWithoutHolding
        }
        let holding = world.portfolio.holdings[index]
        check(RuleCheck(.held, holding.quantity.shares, .above, 0))
        check(RuleCheck(.exits, holding.exit == nil ? 0 : 1, .atMost, 0))
        guard holding.exit == nil else { return .exitPending }
        guard world.halts.stopsExits else { return nil }
        check(RuleCheck(.halts, world.halts.standing.count { $0.stopsExits }, .atMost, 0))
        return .entriesHalted
    }

    /// Confidence, then net dollars, then ticker.
    private static func precedes(_ left: Signal, _ right: Signal) -> Bool {
        if left.confidence != right.confidence { return left.confidence > right.confidence }
        let (leftNet, rightNet) = (left.netVolume.magnitude, right.netVolume.magnitude)
        if leftNet != rightNet { return leftNet > rightNet }
        return left.ticker < right.ticker
    }

    private static func close(
        _ signal: Signal, _ day: Day, _ state: inout LoopState, _ desk: inout Desk
    ) {
        if let reason = refusal(ofSelling: signal.ticker, desk.world) {
            skip(signal, reason, day, &state, &desk)
            return
        }
        guard let index = desk.world.portfolio.holdingIndex(signal.ticker) else { return }
        let holding = desk.world.portfolio.holdings[index]
        let close = desk.world.prices.slot(of: signal.ticker).map {
            desk.world.prices.latestBar($0).close
        }
        ExitOrder.submit(
            holding, reason: .oppositeSignal, signal: .own(signal.id), observed: close, day: day,
            timing: .nextOpen, &state, &desk)
    }

    private static func enter(
        _ signal: Signal, _ day: Day, _ state: inout LoopState, _ desk: inout Desk
    ) {
        let size: EntrySize
        switch EntrySize.decide(signal, day, state, desk.world) {
        case .failure(let refusal):
            skip(signal, refusal.reason, day, &state, &desk)
            return
        case .success(let decided):
            size = decided
        }
        let configuration = state.configuration
        let order = OrderSubmitted(
            envelope: desk.envelope(
                causation: .own(signal.id), correlation: signal.correlation),
            signal: .own(signal.id), holding: .none, trigger: .none, quantity: size.quantity,
            referencePrice: size.close, atr: size.averageTrueRange,
            stopDistance: size.averageTrueRange.map { $0 * configuration.stopMultiple },
            trailingFraction: configuration.trailingFraction > 0
                ? configuration.trailingFraction : nil,
            targetFraction: configuration.takeProfitFraction > 0
                ? configuration.takeProfitFraction : nil,
            reservedCash: size.reservedCash, confidence: Double(signal.confidence) / 10_000,
            sizeFraction: size.fraction, calibratedConfidence: size.calibratedConfidence,
            calibration: size.calibratedConfidence == nil
                ? .none : state.calibration.fit?.reference ?? .none,
            day: day,
            timeoutDays: UInt16(clamping: configuration.timeoutDays), attempt: 0,
            ticker: signal.ticker, side: .buy, leg: .entry, orderType: .market, timing: .nextOpen)
        desk.record(order, &state)
    }

    private static func skip(
        _ signal: Signal, _ reason: SkipReason, _ day: Day, _ state: inout LoopState,
        _ desk: inout Desk
    ) {
        desk.record(
            SignalSkipped(
                envelope: desk.envelope(
                    causation: .own(signal.id), correlation: signal.correlation),
                signal: .own(signal.id), day: day, ticker: signal.ticker, reason: reason), &state)
    }
}
