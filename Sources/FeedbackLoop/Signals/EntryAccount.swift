public import Events
public import Market

/// What a signal met on its way to an order: each number beside its bound.
public struct EntryAccount: Sendable {
    /// In the order in which they were looked at, up to the first that was missed.
    public let checks: [RuleCheck]
    /// Why it became no order; nil when it became one, or an exit.
    public let skipped: SkipReason?
    /// Open positions, entries that wait for the open among them.
    public let positions: Int
    /// Dollars, without those that are set aside.
    public let freeCash: Double
    /// Cash plus holdings at their latest closes, dollars.
    public let value: Double
}

extension SignalGenerated {
    /// The confidence that this signal needed to be traded on, from what it recorded alone.
    public func tradeCheck(_ configuration: LoopConfiguration) -> RuleCheck {
        SignalToOrder.trade(
            isBuy: kind == .buy || kind == .strongBuy,
            confidence: Int(capped: (confidence * 10_000).rounded()), regime, configuration)
    }
}

extension LoopConfiguration {
    /// The share of the portfolio's value that an entry with this confidence asks for.
    ///
    /// - Parameters:
    ///   - calibrated: the confidence on the scale of outcomes; nil without a calibration.
    ///   - base: the win rate of the rows of the calibration; nil without one.
    public func sizeFraction(
        confidence: Double, calibrated: Double?, base: Double?, _ regime: Regime
    ) -> Double {
        EntrySize.fraction(
            confidence: Int(capped: (confidence * 10_000).rounded()), calibrated: calibrated,
            base: base, regime, self)
    }

    /// The factor of a regime on the size of an entry.
    public func regimeFactor(_ regime: Regime) -> Double { sizeFactor(regime) }
}

extension LoopStrategy {
    /// What a signal that still waits for its decision meets in a world; nil when none of this
    /// position waits.
    public func entryAccount(of signal: Reference, _ world: borrowing World) -> EntryAccount? {
        guard let signal = state.signals.first(where: { .own($0.id) == signal }),
            let day = world.day
        else { return nil }
        var checks: [RuleCheck] = []
        let trade = SignalToOrder.trade(
            isBuy: signal.isBuy, confidence: signal.confidence, state.regime, state.configuration)
        checks.append(trade)
        var skipped: SkipReason?
        if !trade.isMet {
            skipped = .belowQueueThreshold
        } else if signal.isSell {
            skipped = SignalToOrder.refusal(ofSelling: signal.ticker, world) { checks.append($0) }
        } else if case .failure(let refusal) = EntrySize.decide(
            signal, day, state, world, check: { checks.append($0) })
        {
            skipped = refusal.reason
        }
        return EntryAccount(
            checks: checks, skipped: skipped,
            positions: world.portfolio.holdings.count + world.portfolio.pendingEntries,
            freeCash: (world.portfolio.cash - world.portfolio.reserved).dollars,
            value: world.value.dollars)
    }
}
