import Events
import Market

/// The pair of events by which a decider closes a holding: the trigger and its order.
enum ExitOrder {
    /// Records both. The caller has seen that the holding has no exit yet.
    static func submit(
        _ holding: Holding, reason: ExitReason, signal: Reference, observed: Double?, day: Day,
        timing: FillTiming, _ world: inout World, _ recorder: inout Recorder
    ) {
        let cause = signal == .none ? .own(holding.entryFill) : signal
        let trigger = ExitTriggered(
            envelope: recorder.envelope(causation: cause, correlation: holding.correlation),
            holding: .own(holding.id), signal: signal, level: nil, observed: observed, day: day,
            decidedOn: day, ticker: holding.ticker, reason: reason)
        let reference = recorder.record(trigger)
        world.portfolio.evolve(trigger, at: reference.position)
        let order = OrderSubmitted(
            envelope: recorder.envelope(causation: reference, correlation: holding.correlation),
            signal: signal, holding: .own(holding.id), trigger: reference,
            quantity: holding.quantity, referencePrice: observed ?? holding.entryPrice,
            reservedCash: .zero, calibration: .none, day: day, timeoutDays: 0, attempt: 0,
            ticker: holding.ticker, side: .sell, leg: .exit, orderType: .market, timing: timing)
        world.portfolio.evolve(order, at: recorder.record(order).position)
    }
}
