import Events
import Market

/// The pair of events by which a decider closes a holding: the trigger and its order.
///
/// An exit whose order ended without the whole sale stays due: the next attempt follows in the next
/// cycle from the trigger alone, without a new signal, until the holding is closed.
enum ExitOrder {
    /// Records both. The caller has seen that the holding has no exit yet.
    static func submit<Fold: EventFold>(
        _ holding: Holding, reason: ExitReason, signal: Reference, observed: Double?, day: Day,
        timing: FillTiming, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        let cause = signal == .none ? holding.entryFill : signal
        desk.record(
            ExitTriggered(
                envelope: desk.envelope(causation: cause, correlation: holding.correlation),
                holding: holding.id, signal: signal, level: nil, observed: observed, day: day,
                decidedOn: day, ticker: holding.ticker, reason: reason), &fold)
        guard let index = desk.world.portfolio.holdingIndex(holding.ticker) else { return }
        submit(desk.world.portfolio.holdings[index], day: day, timing: timing, &fold, &desk)
    }

    /// Records the order of an exit that is due; nothing for a holding without one.
    static func submit<Fold: EventFold>(
        _ holding: Holding, day: Day, timing: FillTiming, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        guard holding.isExitDue, let exit = holding.exit else { return }
        let isFirst = exit.attempts == 0
        let price =
            isFirst ? exit.observed : desk.world.prices.latestBar(holding.slot).close
        desk.record(
            OrderSubmitted(
                envelope: desk.envelope(
                    causation: exit.trigger, correlation: holding.correlation),
                signal: exit.signal, holding: holding.id, trigger: exit.trigger,
                quantity: holding.quantity, referencePrice: price ?? holding.entryPrice,
                reservedCash: .zero, calibration: .none, day: day, timeoutDays: 0,
                attempt: UInt16(clamping: exit.attempts), ticker: holding.ticker, side: .sell,
                leg: .exit, orderType: .market, timing: timing), &fold)
    }
}
