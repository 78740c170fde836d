import Events

extension PortfolioProjection {
    /// A signal entered the queue.
    mutating func enqueue(
        _ signal: borrowing SignalQueuedView, _ event: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) throws {
        let queued = QueuedSignal(
            ticker: signal.ticker, day: signal.day, rank: Int(signal.rank),
            kind: try Word.signalKind(signal.kind), confidence: signal.confidence,
            queuedAt: signal.envelope.knownAt, order: .none)
        queue[signal.signal] = queued
        let reference = signal.signal
        let position = event.position
        rows.insert(Table.queue, .text(reference.description)) {
            queued.encode(reference, position, status: "pending", reason: nil, queued.queuedAt, &$0)
        }
    }

    /// A queued signal reached a status; a final one takes it out of the state.
    mutating func settle(
        _ signal: Reference, _ status: String, _ reason: String?,
        _ event: borrowing ProjectedEvent, _ envelope: Envelope, _ rows: inout RowChanges
    ) {
        guard let queued = queue[signal] else { return }
        let position = event.position
        rows.put(Table.queue, .text(signal.description)) {
            queued.encode(signal, position, status: status, reason: reason, envelope.knownAt, &$0)
        }
        if status != "processing" { queue[signal] = nil }
    }

    /// An order was submitted.
    mutating func submit(
        _ order: borrowing OrderSubmittedView, _ event: borrowing ProjectedEvent,
        _ envelope: Envelope, _ rows: inout RowChanges
    ) throws {
        orders[event.reference] = WorkingEntry(
            ticker: order.ticker, signal: order.signal, holding: order.holding,
            isEntry: order.leg == .entry, stopDistance: order.stopDistance,
            trailingFraction: order.trailingFraction, targetFraction: order.targetFraction)
        guard order.leg == .entry, var queued = queue[order.signal] else { return }
        queued.order = event.reference
        queue[order.signal] = queued
        settle(order.signal, "processing", nil, event, envelope, &rows)
    }

    /// An order, or what was left of it, will not be filled.
    mutating func drop(
        _ order: Reference, _ reason: String, _ event: borrowing ProjectedEvent,
        _ envelope: Envelope, _ rows: inout RowChanges
    ) throws {
        guard let working = orders[order] else { return }
        orders[order] = nil
        if working.isEntry, holdings[order] == nil {
            settle(working.signal, "failed", reason, event, envelope, &rows)
        }
    }

    /// An order was filled, in part or whole.
    mutating func fill(
        _ fill: borrowing OrderFilledView, _ event: borrowing ProjectedEvent,
        _ envelope: Envelope, _ rows: inout RowChanges
    ) throws {
        guard configuration != nil else {
            throw ProjectionRefusal("it fills an order before any configuration")
        }
        let leg: String = try Word.leg(fill.leg)
        let isEntry = fill.leg == .entry
        // A resting leg belongs to the entry order itself; every other exit has its own order.
        let working = orders[fill.order]
        let entry = isEntry ? fill.order : working?.holding ?? fill.order
        guard let signal = working?.signal ?? holdings[entry].map({ _ in Reference.none }) else {
            throw ProjectionRefusal("it fills \(fill.order), which is no order that works")
        }
        if fill.remaining == .zero, working != nil { orders[fill.order] = nil }
        ledger.cash += fill.cashChange
        if isEntry {
            guard let order = working else {
                throw ProjectionRefusal("it fills \(fill.order), which was filled before")
            }
            enter(fill, order, event, &rows)
            settle(signal, "executed", nil, event, envelope, &rows)
        } else {
            try exit(fill, entry, event, &rows)
        }
        let side: String = try Word.orderSide(fill.side)
        let (position, reference, cash) = (event.position, event.reference, ledger.cash)
        let row = TransactionRow(fill, side: side, leg: leg, signal: signal)
        rows.insert(Table.transactions, .position(position)) {
            row.encode(position, reference, entry: entry, cash: cash, into: &$0)
        }
        putState(position, &rows)
    }

    private mutating func enter(
        _ fill: borrowing OrderFilledView, _ order: WorkingEntry,
        _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) {
        ledger.entries += 1
        let reference = fill.order
        var holding =
            holdings[reference]
            ?? HeldPosition(
                ticker: fill.ticker, signal: order.signal, entryPrice: fill.price,
                entryDay: fill.filledOn, close: fill.marketPrice, highestClose: fill.price,
                stopLevel: order.stopDistance.map { fill.price - $0 },
                trailingFraction: order.trailingFraction,
                targetLevel: order.targetFraction.map { fill.price * (1 + $0) })
        holding.quantity = holding.quantity + fill.quantity
        holding.cost += -fill.cashChange
        holdings[reference] = holding
        let position = event.position
        rows.put(Table.positions, .text(reference.description)) {
            holding.encode(reference, position: position, into: &$0)
        }
    }

    private mutating func exit(
        _ fill: borrowing OrderFilledView, _ entry: Reference,
        _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        guard var holding = holdings[entry] else {
            throw ProjectionRefusal("it sells \(entry), which is not held")
        }
        guard fill.quantity <= holding.quantity else {
            throw ProjectionRefusal("it sells more of \(entry) than is held")
        }
        ledger.exits += 1
        let soldBefore = holding.sold.shares * holding.exitPrice
        holding.sold = holding.sold + fill.quantity
        holding.quantity = holding.quantity - fill.quantity
        holding.exitPrice = (soldBefore + fill.quantity.shares * fill.price) / holding.sold.shares
        holding.proceeds += fill.cashChange
        holding.exitDay = fill.filledOn
        holdings[entry] = holding.quantity == .zero ? nil : holding
        let (position, row) = (event.position, holding)
        rows.put(Table.positions, .text(entry.description)) {
            row.encode(entry, position: position, into: &$0)
        }
    }
}
