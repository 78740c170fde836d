import Events
import Market

/// Orders the exits that are due, and closes holdings that have been held their longest, at the
/// next open.
enum TimeoutDecider {
    static func decide(_ state: inout LoopState, _ desk: inout Desk) {
        guard let day = desk.world.day, !desk.world.halts.stopsExits else { return }
        for holding in desk.world.portfolio.holdings where holding.isExitDue {
            ExitOrder.submit(holding, day: day, timing: .nextOpen, &state, &desk)
        }
        for holding in desk.world.portfolio.holdings
        where holding.exit == nil && day - holding.entryDay >= Int(holding.terms.timeoutDays) {
            let close = desk.world.prices.latestBar(holding.slot).close
            ExitOrder.submit(
                holding, reason: .timeout, signal: .none, observed: close, day: day,
                timing: .nextOpen, &state, &desk)
        }
    }
}
