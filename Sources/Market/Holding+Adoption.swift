import Events

extension Holding.Terms {
    /// Those of an adoption, which stands for the entry order.
    init(_ event: PositionAdopted, at reference: Reference) {
        (order, signal, day) = (reference, .none, event.day)
        timeoutDays = event.timeoutDays
        (stopDistance, trailingFraction) = (event.stopDistance, event.trailingFraction)
        targetFraction = nil
    }
}

extension Holding {
    /// Shares that were bought elsewhere: levels start from the last close, and the outcome counts
    /// from the broker's average price.
    init(
        adopting event: PositionAdopted, _ close: Double, at reference: Reference, session: Int,
        slot: Int
    ) {
        self.init(
            id: reference, ticker: event.ticker, terms: Terms(event, at: reference), slot: slot,
            correlation: reference, entryFill: reference, entryDay: event.day,
            entrySession: session, entryTiming: .immediate, entryPrice: close,
            cost: Money(dollars: event.quantity.shares * event.averagePrice),
            bought: event.quantity, quantity: event.quantity, highestHigh: close, lowestLow: close)
        paidPrice = event.averagePrice
    }

    /// The broker holds more or fewer of them: more came at its average price, fewer take their
    /// share of the cost with them.
    mutating func adopt(_ event: PositionAdopted) {
        let (old, new) = (quantity.shares, event.quantity.shares)
        if new > old {
            cost += Money(dollars: (new - old) * event.averagePrice)
            bought = bought + Quantity(shares: new - old, fractional: true)
        } else {
            let left = sold.shares + new
            let share = left / (sold.shares + old)
            cost = Money(dollars: cost.dollars * share)
            bought = Quantity(shares: left, fractional: true)
        }
        quantity = event.quantity
    }
}
