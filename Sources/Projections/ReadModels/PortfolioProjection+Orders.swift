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
        // A fill may yet win against the end of its order.
        if status != "processing" && status != "failed" { queue[signal] = nil }
    }

    /// An order was submitted.
    mutating func submit(
        _ order: borrowing OrderSubmittedView, _ event: borrowing ProjectedEvent,
        _ envelope: Envelope, _ rows: inout RowChanges
    ) throws {
        guard orders[event.reference] == nil, booked[event.reference] == nil else {
            throw ProjectionRefusal("it submits \(event.reference), which was submitted before")
        }
        orders[event.reference] = WorkingEntry(
            ticker: order.ticker, signal: order.signal, cause: envelope.causation,
            holding: order.holding,
            isEntry: order.leg == .entry, ordered: order.quantity, stopDistance: order.stopDistance,
            trailingFraction: order.trailingFraction, targetFraction: order.targetFraction,
            referencePrice: order.referencePrice)
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
        guard var working = orders[order] else {
            guard booked[order] == nil else { return }
            throw ProjectionRefusal("it ends \(order), which was never submitted")
        }
        guard !working.isEnded else { return }
        working.isEnded = true
        orders[order] = working
        guard working.isEntry else { return }
        if working.filled == .zero {
            settle(working.signal, "failed", reason, event, envelope, &rows)
        } else if let name = holding(of: order), var holding = holdings[name] {
            let before = (holding.stopLevel, holding.targetLevel)
            holding.setLevels()
            guard before != (holding.stopLevel, holding.targetLevel) else { return }
            put(holding, name, event.position, &rows)
        }
    }

    /// An order was filled, in part or whole; a fill that was booked before adds nothing.
    mutating func fill(
        _ fill: borrowing OrderFilledView, _ event: borrowing ProjectedEvent,
        _ envelope: Envelope, _ rows: inout RowChanges
    ) throws {
        guard configuration != nil else {
            throw ProjectionRefusal("it fills an order before any configuration")
        }
        let leg: String = try Word.leg(fill.leg)
        let side: String = try Word.orderSide(fill.side)
        let key = BookedFill(fill)
        guard booked[fill.order]?.contains(key) != true else { return }
        guard fill.quantity > .zero else {
            throw ProjectionRefusal("it fills \(fill.order) with no share")
        }
        let entry: Reference
        let signal: Reference
        if fill.side == .buy {
            let order = try unfilled(fill)
            signal = order.signal
            entry = try enter(fill, order, event, &rows)
        } else {
            // A resting leg belongs to the entry order itself; every other exit has its own order.
            let isResting = holdings[fill.order] != nil
            let order = isResting ? nil : try unfilled(fill)
            signal = order?.signal ?? orders[fill.order]?.signal ?? .none
            entry = order?.holding ?? fill.order
            try exit(fill, entry, event, &rows)
            if var order {
                order.filled = order.filled + fill.quantity
                order.isEnded = order.isEnded || fill.remaining == .zero
                orders[fill.order] = order.filled == order.ordered ? nil : order
            }
        }
        booked[fill.order] = (booked[fill.order] ?? []) + [key]
        ledger.cash += fill.cashChange
        if fill.side == .buy { settle(signal, "executed", nil, event, envelope, &rows) }
        let (position, reference, cash) = (event.position, event.reference, ledger.cash)
        let row = TransactionRow(fill, side: side, leg: leg, signal: signal)
        rows.insert(Table.transactions, .position(position)) {
            row.encode(position, reference, entry: entry, cash: cash, into: &$0)
        }
        putState(position, &rows)
    }

    /// The order that a fill names: one of which shares are left.
    private func unfilled(_ fill: borrowing OrderFilledView) throws -> WorkingEntry {
        guard let order = orders[fill.order] else {
            throw ProjectionRefusal(
                booked[fill.order] == nil
                    ? "it fills \(fill.order), which is no order that was submitted"
                    : "it fills \(fill.order), which was filled whole before")
        }
        guard fill.side == .sell || fill.quantity <= order.ordered - order.filled else {
            throw ProjectionRefusal("it fills more of \(fill.order) than was ordered")
        }
        return order
    }

    /// Books an entry; gives the holding's name.
    private mutating func enter(
        _ fill: borrowing OrderFilledView, _ order: WorkingEntry,
        _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws -> Reference {
        // Of a fill that comes after its holding had its outcome there is another holding.
        let named =
            holding(of: fill.order) ?? (order.filled == .zero ? fill.order : event.reference)
        let reference = sold[fill.order] == nil ? named : fill.order
        let known = holdings[reference] ?? sold[reference]
        var holding =
            known
            ?? HeldPosition(
                ticker: fill.ticker, entryOrder: fill.order, signal: order.signal,
                cause: order.cause,
                entryPrice: fill.price,
                entryDay: fill.filledOn, close: fill.marketPrice,
                stopDistance: order.stopDistance, targetFraction: order.targetFraction,
                trailingFraction: order.trailingFraction)
        holding.add(fill)
        var order = order
        order.filled = order.filled + fill.quantity
        let isWhole = order.filled == order.ordered
        if known == nil || isWhole || order.isEnded { holding.setLevels() }
        guard holdings[reference] != nil || !holds(fill.ticker) else {
            throw ProjectionRefusal("it enters \(fill.ticker), which another order entered before")
        }
        ledger.entries += 1
        orders[fill.order] = isWhole ? nil : order
        sold[fill.order] = nil
        if booked[reference] == nil { booked[reference] = [] }
        put(holding, reference, event.position, &rows)
        return reference
    }

    /// The name of the holding that an entry order made; nil when it is not held.
    private func holding(of order: Reference) -> Reference? {
        holdings.entries.first { $0.value.entryOrder == order }?.key
    }

    private func holds(_ ticker: Ticker) -> Bool {
        holdings.entries.contains { $0.value.ticker == ticker }
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
        put(holding, entry, event.position, &rows)
        guard holding.quantity == .zero else { return }
        holdings[entry] = nil
        sold[entry] = holding
    }

    /// Writes a holding and its row.
    mutating func put(
        _ holding: HeldPosition, _ reference: Reference, _ position: UInt64,
        _ rows: inout RowChanges
    ) {
        holdings[reference] = holding
        rows.put(Table.positions, .text(reference.description)) {
            holding.encode(reference, position: position, into: &$0)
        }
    }
}
