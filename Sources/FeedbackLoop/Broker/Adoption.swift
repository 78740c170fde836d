import Events
import Market

/// A position at the broker that a person takes over: the run's own event says at which levels it
/// is held, and stands for an entry order.
enum Adoption {
    /// Answers the fact; of a ticker that the log has no price of, or no level for, nothing is
    /// taken over.
    static func decide<Fold: EventFold>(
        _ fact: PositionAdopted, at reference: Reference, _ terms: ExitTerms,
        _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        guard let slot = desk.world.prices.slot(of: fact.ticker) else { return }
        let before =
            desk.world.portfolio.holdingIndex(fact.ticker)
            .map { desk.world.portfolio.holdings[$0].quantity } ?? .zero
        var event = fact
        event.envelope = desk.envelope(causation: reference)
        event.before = before
        event.close = desk.world.prices.latestBar(slot).close
        if terms.stopMultiple > 0 {
            event.stopDistance = desk.world.prices.averageTrueRange(
                slot, length: terms.rangeSessions
            ).map { $0 * terms.stopMultiple }
        }
        event.trailingFraction = terms.trailingFraction > 0 ? terms.trailingFraction : nil
        event.timeoutDays = terms.timeoutDays
        let hasLevel = event.stopDistance != nil || event.trailingFraction != nil
        guard hasLevel || before > .zero || fact.quantity == .zero else { return }
        desk.record(event, &fold)
        guard let index = desk.world.portfolio.holdingIndex(fact.ticker) else { return }
        let holding = desk.world.portfolio.holdings[index].id
        BrokerRequests.protect(holding, cause: reference, &fold, &desk)
    }
}
