import Events

extension PortfolioProjection {
    /// Cash came or went without an order. What was put in or taken out is no return.
    mutating func move(
        _ event: borrowing CashMovedView, at position: UInt64, _ rows: inout RowChanges
    ) {
        switch event.kind {
        case .opening, .deposit, .withdrawal: ledger.flow(event.amount, cash: event.amount)
        default: ledger.cash += event.amount
        }
        putState(position, &rows)
    }

    /// The run goes on at another account: what it held at the one before is left behind, without
    /// sale or outcome.
    mutating func change(
        _ mode: borrowing TradingModeChangedView, _ event: borrowing ProjectedEvent,
        _ envelope: Envelope, _ rows: inout RowChanges
    ) throws {
        tradingMode = try Word.mode(mode.mode)
        if let configuration { put(configuration, &rows) }
        guard hasBroker else { return }
        for (holding, _) in holdings.entries {
            close(holding, Word.leftBehind, event, envelope, &rows)
        }
        orders = SortedMap(orders.entries.filter { $0.value.isEntry })
        holdings = SortedMap([])
        ledger.flow(-ledger.value, cash: -ledger.cash)
        putState(event.position, &rows)
    }

    /// Shares at the broker hold from now on, whatever was held.
    mutating func adopt(
        _ adoption: borrowing PositionAdoptedView, _ event: borrowing ProjectedEvent,
        _ envelope: Envelope, _ rows: inout RowChanges
    ) {
        guard let price = adoption.close else { return }
        let held = holdings.entries.first { $0.value.ticker == adoption.ticker }
        let before = held?.value.quantity ?? .zero
        let change = (adoption.quantity.shares - before.shares) * price
        ledger.flow(Money(dollars: change), cash: .zero)
        guard adoption.quantity > .zero else {
            guard let held else { return }
            close(held.key, Word.adoptedAway, event, envelope, &rows)
            holdings[held.key] = nil
            return putState(event.position, &rows)
        }
        if let held {
            var holding = held.value
            holding.adopt(adoption)
            put(holding, held.key, event.position, &rows)
        } else {
            let holding = HeldPosition(adopting: adoption, price, by: event.reference, envelope)
            booked[event.reference] = []
            put(holding, event.reference, event.position, &rows)
        }
        putState(event.position, &rows)
    }

    /// A holding is gone, without sale and without outcome.
    private func close(
        _ holding: Reference, _ why: String, _ event: borrowing ProjectedEvent,
        _ envelope: Envelope, _ rows: inout RowChanges
    ) {
        rows.patch(
            Table.positions, .text(holding.description),
            [
                (column: 1, value: .integer(Int64(event.position))),
                (column: 17, value: .integer(0)),
                (column: 19, value: .text(envelope.knownAt.day.description)),
                (column: 20, value: .text(why)),
            ])
    }
}

extension HeldPosition {
    /// Shares that were bought elsewhere: levels start from the last close, the cost is the
    /// broker's average price.
    init(
        adopting event: borrowing PositionAdoptedView, _ price: Double, by reference: Reference,
        _ envelope: Envelope
    ) {
        self.init(
            ticker: event.ticker, entryOrder: reference, signal: .none, cause: envelope.causation,
            entryPrice: price, entryDay: event.day, close: price,
            stopDistance: event.stopDistance, targetFraction: nil,
            trailingFraction: event.trailingFraction)
        quantity = event.quantity
        cost = Money(dollars: event.quantity.shares * event.averagePrice)
        setLevels()
    }

    /// The broker holds more or fewer of them.
    mutating func adopt(_ event: borrowing PositionAdoptedView) {
        let (old, new) = (quantity.shares, event.quantity.shares)
        if new > old {
            cost += Money(dollars: (new - old) * event.averagePrice)
        } else {
            cost = Money(dollars: cost.dollars * (sold.shares + new) / (sold.shares + old))
        }
        quantity = event.quantity
    }
}
