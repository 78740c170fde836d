import Events
import Market

extension PortfolioProjection {
    /// Holdings and orders follow the corporate actions whose ex-date a session is, before its
    /// fills.
    mutating func follow(
        _ day: Day, _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) {
        guard !waiting.isEmpty else { return }
        let due = waiting.filter { $0.exDay <= day }
        waiting.removeAll { $0.exDay <= day }
        var done: [Ticker] = []
        for ticker in due.map(\.ticker) where !done.contains(ticker) {
            done.append(ticker)
            let actions = due.filter { $0.ticker == ticker }
            follow(actions, of: ticker, day, event, &rows)
        }
    }

    private mutating func follow(
        _ actions: [AnnouncedAction], of ticker: Ticker, _ day: Day,
        _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) {
        let fractional = configuration?.hasFractionalShares ?? false
        // What was bought on the ex-date itself was bought at prices after it.
        let held = holdings.entries.filter {
            $0.value.ticker == ticker && $0.value.entryDay < day
        }
        let position = event.position
        for (order, old) in held {
            var change = ShareChange(slot: 0, ticker: ticker, previousClose: old.close)
            for action in actions { action.add(to: &change) }
            guard change.isPlausible else { continue }
            var holding = old
            let cash = holding.follow(change, fractional: fractional)
            holdings[order] = holding
            // A broker pays later, and says so.
            if !hasBroker { ledger.cash += cash }
            let after = ledger.cash
            rows.put(Table.positions, .text(order.description)) {
                holding.encode(order, position: position, into: &$0)
            }
            rows.insert(Table.actions, .text("\(order)@\(day)")) { row in
                row.text("\(order)@\(day)")
                row.integer(position)
                row.reference(order)
                row.ticker(ticker)
                row.day(day)
                row.real(change.split)
                row.real(change.dividend)
                row.real(change.payout)
                row.real(old.quantity.shares)
                row.real(holding.quantity.shares)
                row.money(cash)
                row.money(after)
            }
            putState(position, &rows)
        }
        for (order, old) in orders.entries where old.ticker == ticker {
            var change = ShareChange(
                slot: 0, ticker: ticker,
                previousClose: held.first?.value.close ?? old.referencePrice)
            for action in actions { action.add(to: &change) }
            guard change.isPlausible else { continue }
            var working = old
            working.follow(change, fractional: fractional)
            orders[order] = working
        }
    }
}

extension HeldPosition {
    /// Shares, averages and levels follow a corporate action; gives the cash that it brings.
    mutating func follow(_ change: ShareChange, fractional: Bool) -> Money {
        let (shares, inLieu) = change.shares(quantity, fractional: fractional)
        let cash = inLieu + Money(dollars: shares.shares * change.dividend)
        income += cash
        quantity = shares
        if change.split != 1 {
            sold = Quantity(shares: sold.shares * change.split, fractional: true)
            entryPrice *= change.splitFactor
            exitPrice *= change.splitFactor
        }
        dividendFactor *= change.dividendFactor
        let factor = change.priceFactor
        close = change.payout ?? close * factor
        highestMark = highestMark.map { $0 * factor }
        stopDistance = stopDistance.map { $0 * factor }
        stopLevel = stopLevel.map { $0 * factor }
        targetLevel = targetLevel.map { $0 * factor }
        return cash
    }
}

extension WorkingEntry {
    /// The order of as many new shares, its distance on their scale.
    mutating func follow(_ change: ShareChange, fractional: Bool) {
        ordered = change.shares(ordered, fractional: fractional).new
        if change.split != 1 {
            filled = Quantity(shares: filled.shares * change.split, fractional: true)
        }
        stopDistance = stopDistance.map { $0 * change.priceFactor }
        referencePrice *= change.priceFactor
    }
}
