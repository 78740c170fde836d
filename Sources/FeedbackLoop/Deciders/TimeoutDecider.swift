import Events
import Market

/// Closes holdings that have been held their longest, at the next open.
enum TimeoutDecider {
    static func decide(
        _ state: borrowing LoopState, _ world: inout World, _ recorder: inout Recorder
    ) {
        guard let day = world.day else { return }
        for holding in world.portfolio.holdings
        where holding.exitReason == nil
            && day - holding.entryDay >= Int(holding.request.timeoutDays)
        {
            let close = world.prices.latestBar(holding.slot).close
            ExitOrder.submit(
                holding, reason: .timeout, signal: .none, observed: close, day: day,
                timing: .nextOpen, &world, &recorder)
        }
    }
}
