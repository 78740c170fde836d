import Events
import Learning
import Market

/// How large an entry may be, or why there is none.
struct EntrySize: Sendable {
    /// Shares, fixed at the decision.
    let quantity: Quantity
    /// The close that sized it, dollars.
    let close: Double
    /// Nil when the stop is off.
    let averageTrueRange: Double?
    /// Cash to set aside until the fill.
    let reservedCash: Money
    /// Share of the portfolio's value asked for.
    let fraction: Double
    /// The confidence that sized it, where a calibration holds.
    let calibratedConfidence: Double?

    /// A refusal of the queue.
    struct Refusal: Error {
        let reason: SkipReason
    }

    /// Applies every refusal in order of precedence, then sizes; `check` is lent each number beside
    /// its bound, up to the first that is missed.
    static func decide(
        _ signal: Signal, _ day: Day, _ state: borrowing LoopState, _ world: borrowing World,
        check: (RuleCheck) -> Void = { _ in }
    ) -> Result<EntrySize, Refusal> {
        if let reason = standing(signal, state, world, check) {
            return .failure(Refusal(reason: reason))
        }
        let configuration = state.configuration
        let slot = world.prices.slot(of: signal.ticker)
        let bar = slot.flatMap { world.prices.bar($0) }
        check(RuleCheck(.bar, bar == nil ? 0 : 1, .atLeast, 1))
        guard let slot, let bar else { return .failure(Refusal(reason: .noPrice)) }
        var averageTrueRange: Double?
        if configuration.stopMultiple > 0 {
            averageTrueRange = world.prices.averageTrueRange(
                slot, length: configuration.atrSessions)
            check(RuleCheck(.range, averageTrueRange == nil ? 0 : 1, .atLeast, 1, "atr_sessions"))
            if averageTrueRange == nil { return .failure(Refusal(reason: .noATR)) }
        }
        if let reason = capacity(signal, day, state, world, check) {
            return .failure(Refusal(reason: reason))
        }
        let calibrated = calibrated(signal, state)
        let fraction = fraction(
            confidence: signal.confidence, calibrated: calibrated,
            base: state.calibration.fit?.base, state.regime, configuration)
        let costs = configuration.marketRules.costs
        let price = costs.price(bar.close, side: .buy)
        var shares = world.value.dollars * fraction / bar.close
        if configuration.maximumVolumeFraction > 0 {
            shares = min(shares, bar.volume * configuration.maximumVolumeFraction)
        }
        let wanted = quantity(shares, configuration)
        check(RuleCheck(.shares, shares, .atLeast, leastShares(configuration)))
        guard wanted > .zero else { return .failure(Refusal(reason: .sizeBelowOneShare)) }
        check(RuleCheck(.shares, wanted.shares, .atMost, Quantity.orderLimit.shares))
        guard wanted <= Quantity.orderLimit else { return .failure(Refusal(reason: .sizeLimit)) }
        let free = (world.portfolio.cash - world.portfolio.reserved).dollars
        let room = costs.shares(for: free, at: price)
        let affordable = quantity(min(shares, room), configuration)
        check(RuleCheck(.affordable, room, .atLeast, leastShares(configuration)))
        guard affordable > .zero else { return .failure(Refusal(reason: .insufficientCash)) }
        return .success(
            EntrySize(
                quantity: affordable, close: bar.close, averageTrueRange: averageTrueRange,
                reservedCash: Money(
                    dollars: affordable.shares * costs.cashPerShare(at: price)
                        + costs.commissionPerOrder),
                fraction: fraction, calibratedConfidence: calibrated))
    }

    /// The least that is an order: a whole share, or a hundred-millionth of one.
    private static func leastShares(_ configuration: LoopConfiguration) -> Double {
        configuration.fractionalShares ? 1e-8 : 1
    }

    /// What stands against the ticker itself.
    private static func standing(
        _ signal: Signal, _ state: borrowing LoopState, _ world: borrowing World,
        _ check: (RuleCheck) -> Void
    ) -> SkipReason? {
        let held =
            world.portfolio.holdingIndex(signal.ticker)
            .map { world.portfolio.holdings.span[$0].quantity.shares }
            ?? world.halts.sharesLeftAlone(of: signal.ticker)?.shares
        check(RuleCheck(.held, held ?? 0, .atMost, 0))
        if held != nil { return .alreadyHeld }
        let isPending = world.portfolio.hasOrder(signal.ticker)
        check(RuleCheck(.pending, isPending ? 1 : 0, .atMost, 0))
        if isPending { return .orderPending }
        if let stopped = world.portfolio.stoppedOut[signal.ticker] {
            let cooldown = RuleCheck(
                .sinceStop, world.session - stopped, .atLeast, state.configuration.cooldownSessions,
                "cooldown_sessions")
            check(cooldown)
            if !cooldown.isMet { return .cooldown }
        }
        // A backtest halts nothing, and says nothing of it.
        guard world.halts.isHalted else { return nil }
        check(RuleCheck(.halts, world.halts.standing.count, .atMost, 0))
        return .entriesHalted
    }

    /// What stands against one more position.
    private static func capacity(
        _ signal: Signal, _ day: Day, _ state: borrowing LoopState, _ world: borrowing World,
        _ check: (RuleCheck) -> Void
    ) -> SkipReason? {
        let configuration = state.configuration
        let open = world.portfolio.holdings.count + world.portfolio.pendingEntries
        func misses(_ rule: RuleCheck) -> Bool {
            check(rule)
            return !rule.isMet
        }
        if open >= configuration.crowdedPositions,
            misses(
                RuleCheck(
                    .crowd, Double(signal.confidence) / 10_000, .atLeast,
                    Double(configuration.crowdedConfidence) / 100, "crowded_confidence"))
        {
            return .lowConfidenceWhenFull
        }
        if misses(
            RuleCheck(
                .positions, open, .below, configuration.maximumPositions, "max_positions"))
        {
            return .positionLimit
        }
        let isLate = misses(
            RuleCheck(
                .entries, state.entries(on: day), .below, configuration.maximumEntriesPerDay,
                "max_entries_per_day"))
        return isLate ? .dailyLimit : nil
    }

    /// The confidence on the scale of outcomes; nil where no calibration holds.
    private static func calibrated(_ signal: Signal, _ state: borrowing LoopState) -> Double? {
        guard state.configuration.sizing == .graded else { return nil }
        return state.calibration.fit.flatMap { $0.curve(Double(signal.confidence) / 10_000) }
    }

    /// base · (1 + gain · clamp((c − c_min)/(1 − c_min), 0, 1)) · regime, under both caps.
    ///
    /// With a calibration c is the calibrated confidence and c_min the win rate of the fit's rows.
    ///
    /// - Parameters:
    ///   - confidence: ten-thousandths.
    ///   - base: the win rate of the rows of the fit in force; nil without one.
    static func fraction(
        confidence: Int, calibrated: Double?, base: Double?, _ regime: Regime,
        _ configuration: LoopConfiguration
    ) -> Double {
        var fraction = configuration.baseSize
        if configuration.sizing == .graded {
            let (above, room): (Double, Double)
            if let calibrated, let base {
                (above, room) = (calibrated - base, 1 - base)
            } else {
                above = Double(confidence - 100 * configuration.queueThreshold)
                room = Double(10_000 - 100 * configuration.queueThreshold)
            }
            if room > 0 {
                fraction *= 1 + configuration.confidenceSizeGain * min(max(above / room, 0), 1)
            }
        }
        fraction *= configuration.sizeFactor(regime)
        return min(
            fraction, min(configuration.maximumTradeFraction, configuration.maximumPositionFraction)
        )
    }

    private static func quantity(
        _ shares: Double, _ configuration: LoopConfiguration
    ) -> Quantity {
        Quantity(shares: max(shares, 0), fractional: configuration.fractionalShares)
    }
}
