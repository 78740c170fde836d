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

    /// Applies every refusal in order of precedence, then sizes.
    static func decide(
        _ signal: Signal, _ day: Day, _ state: borrowing LoopState, _ world: borrowing World
    ) -> Result<EntrySize, Refusal> {
        if let reason = standing(signal, state, world) { return .failure(Refusal(reason: reason)) }
        let configuration = state.configuration
        guard let slot = world.prices.slot(of: signal.ticker), let bar = world.prices.bar(slot)
        else { return .failure(Refusal(reason: .noPrice)) }
        var averageTrueRange: Double?
        if configuration.stopMultiple > 0 {
            averageTrueRange = world.prices.averageTrueRange(
                slot, length: configuration.atrSessions)
            if averageTrueRange == nil { return .failure(Refusal(reason: .noATR)) }
        }
        if let reason = capacity(signal, day, state, world) {
            return .failure(Refusal(reason: reason))
        }
        let calibrated = calibrated(signal, state)
        let fraction = fraction(signal, calibrated, state)
        let perShare = configuration.marketRules.costs.cashPerShare(
            at: configuration.marketRules.costs.price(bar.close, side: .buy))
        var shares = world.value.dollars * fraction / bar.close
        if configuration.maximumVolumeFraction > 0 {
            shares = min(shares, bar.volume * configuration.maximumVolumeFraction)
        }
        let wanted = quantity(shares, configuration)
        guard wanted > .zero else { return .failure(Refusal(reason: .sizeBelowOneShare)) }
        guard wanted <= Quantity.orderLimit else { return .failure(Refusal(reason: .sizeLimit)) }
        let free = (world.portfolio.cash - world.portfolio.reserved).dollars
        let affordable = quantity(min(shares, max(free, 0) / perShare), configuration)
        guard affordable > .zero else { return .failure(Refusal(reason: .insufficientCash)) }
        return .success(
            EntrySize(
                quantity: affordable, close: bar.close, averageTrueRange: averageTrueRange,
                reservedCash: Money(dollars: affordable.shares * perShare), fraction: fraction,
                calibratedConfidence: calibrated))
    }

    /// What stands against the ticker itself.
    private static func standing(
        _ signal: Signal, _ state: borrowing LoopState, _ world: borrowing World
    ) -> SkipReason? {
        if world.portfolio.holdingIndex(signal.ticker) != nil { return .alreadyHeld }
        if world.portfolio.hasOrder(signal.ticker) { return .orderPending }
        if let stopped = world.portfolio.stoppedOut[signal.ticker],
            world.session - stopped < state.configuration.cooldownSessions
        {
            return .cooldown
        }
        return nil
    }

    /// What stands against one more position.
    private static func capacity(
        _ signal: Signal, _ day: Day, _ state: borrowing LoopState, _ world: borrowing World
    ) -> SkipReason? {
        let configuration = state.configuration
        let open = world.portfolio.holdings.count + world.portfolio.pendingEntries
        if open >= configuration.crowdedPositions,
            signal.confidence < 100 * configuration.crowdedConfidence
        {
            return .lowConfidenceWhenFull
        }
        if open >= configuration.maximumPositions { return .positionLimit }
        if state.entries(on: day) >= configuration.maximumEntriesPerDay { return .dailyLimit }
        return nil
    }

    /// The confidence on the scale of outcomes; nil where no calibration holds.
    private static func calibrated(_ signal: Signal, _ state: borrowing LoopState) -> Double? {
        guard state.configuration.sizing == .graded else { return nil }
        return state.calibration.fit.flatMap { $0.curve(Double(signal.confidence) / 10_000) }
    }

    /// base · (1 + gain · clamp((c − c_min)/(1 − c_min), 0, 1)) · regime, under both caps.
    ///
    /// With a calibration c is the calibrated confidence and c_min the win rate of the fit's rows.
    private static func fraction(
        _ signal: Signal, _ calibrated: Double?, _ state: borrowing LoopState
    ) -> Double {
        let configuration = state.configuration
        var fraction = configuration.baseSize
        if configuration.sizing == .graded {
            let (above, room): (Double, Double)
            if let calibrated, let fit = state.calibration.fit {
                (above, room) = (calibrated - fit.base, 1 - fit.base)
            } else {
                above = Double(signal.confidence - 100 * configuration.queueThreshold)
                room = Double(10_000 - 100 * configuration.queueThreshold)
            }
            if room > 0 {
                fraction *= 1 + configuration.confidenceSizeGain * min(max(above / room, 0), 1)
            }
        }
        fraction *= configuration.sizeFactor(state.regime)
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
