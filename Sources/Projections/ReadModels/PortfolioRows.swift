import Events

/// An order that is not filled whole. One that has ended is kept: a fill may still come that was
/// faster than its end.
struct WorkingEntry: Sendable {
    var ticker: Ticker
    var signal: Reference
    /// What caused it.
    var cause: Reference
    var holding: Reference
    var isEntry: Bool
    var ordered: Quantity
    var filled = Quantity.zero
    var isEnded = false
    var stopDistance: Double?
    var trailingFraction: Double?
    var targetFraction: Double?
    /// The close that sized it, dollars.
    var referencePrice = 0.0

    func write(_ writer: inout SnapshotWriter) {
        writer.word(ticker.rawValue)
        writer.word(signal.rawValue)
        writer.word(cause.rawValue)
        writer.word(holding.rawValue)
        writer.integer(isEntry ? 1 : 0)
        writer.integer(Int(ordered.rawValue))
        writer.integer(Int(filled.rawValue))
        writer.integer(isEnded ? 1 : 0)
        for value in [stopDistance, trailingFraction, targetFraction] {
            writer.optional(value) { $0.real($1) }
        }
        writer.real(referencePrice)
    }
}

extension WorkingEntry {
    init(_ reader: inout SnapshotReader) throws(SnapshotError) {
        ticker = Ticker(rawValue: try reader.word())
        signal = Reference(rawValue: try reader.word())
        cause = Reference(rawValue: try reader.word())
        holding = Reference(rawValue: try reader.word())
        isEntry = try reader.integer() == 1
        ordered = Quantity(rawValue: Int64(try reader.integer()))
        filled = Quantity(rawValue: Int64(try reader.integer()))
        isEnded = try reader.integer() == 1
        stopDistance = try reader.optional { r throws(SnapshotError) in try r.real() }
        trailingFraction = try reader.optional { r throws(SnapshotError) in try r.real() }
        targetFraction = try reader.optional { r throws(SnapshotError) in try r.real() }
        referencePrice = try reader.real()
    }
}

/// What tells one fill of an order from another: how much of it it left, and for exits that rest at
/// the market, which exit it is.
struct BookedFill: Hashable, Sendable {
    var trigger: Reference
    var isSale: Bool
    var remaining: Quantity

    init(_ fill: borrowing OrderFilledView) {
        (trigger, isSale, remaining) = (fill.trigger, fill.side == .sell, fill.remaining)
    }

    init(_ reader: inout SnapshotReader) throws(SnapshotError) {
        trigger = Reference(rawValue: try reader.word())
        isSale = try reader.integer() == 1
        remaining = Quantity(rawValue: Int64(try reader.integer()))
    }

    func write(_ writer: inout SnapshotWriter) {
        writer.word(trigger.rawValue)
        writer.integer(isSale ? 1 : 0)
        writer.integer(Int(remaining.rawValue))
    }
}

/// A signal in the queue.
struct QueuedSignal: Sendable {
    var ticker: Ticker
    var day: Day
    var rank: Int
    var kind: String
    var confidence: Double
    var queuedAt: Instant
    var order: Reference

    func encode(
        _ signal: Reference, _ position: UInt64, status: String, reason: String?,
        _ updatedAt: Instant, _ row: inout RowEncoder
    ) {
        row.reference(signal)
        row.integer(position)
        row.ticker(ticker)
        row.day(day)
        row.integer(rank)
        row.text(kind)
        row.real(confidence)
        row.text(status)
        row.text(reason)
        row.reference(order)
        row.instant(queuedAt)
        row.instant(updatedAt)
    }

    func write(_ writer: inout SnapshotWriter) {
        writer.word(ticker.rawValue)
        writer.integer(Int(day.rawValue))
        writer.integer(rank)
        writer.text(kind)
        writer.real(confidence)
        writer.integer(Int(queuedAt.rawValue))
        writer.word(order.rawValue)
    }
}

extension QueuedSignal {
    init(_ reader: inout SnapshotReader) throws(SnapshotError) {
        ticker = Ticker(rawValue: try reader.word())
        day = try Day(reading: &reader)
        rank = try reader.integer()
        kind = try reader.text()
        confidence = try reader.real()
        queuedAt = Instant(rawValue: Int64(try reader.integer()))
        order = Reference(rawValue: try reader.word())
    }
}

/// A fill, as a row of `reference_portfolio_transactions`.
struct TransactionRow {
    private let order: Reference
    private let signal: Reference
    private let ticker: Ticker
    private let side: String
    private let quantity: Quantity
    private let price: Double
    private let marketPrice: Double
    private let commission: Money
    private let cashChange: Money
    private let leg: String
    private let decidedOn: Day
    private let filledOn: Day
    private let executedAt: Instant

    init(_ fill: borrowing OrderFilledView, side: String, leg: String, signal: Reference) {
        (order, ticker, quantity) = (fill.order, fill.ticker, fill.quantity)
        (self.side, self.leg, self.signal) = (side, leg, signal)
        (price, marketPrice) = (fill.price, fill.marketPrice)
        (commission, cashChange) = (fill.commission, fill.cashChange)
        (decidedOn, filledOn, executedAt) = (fill.decidedOn, fill.filledOn, fill.executedAt)
    }

    func encode(
        _ position: UInt64, _ reference: Reference, entry: Reference, cash: Money,
        into row: inout RowEncoder
    ) {
        row.integer(position)
        row.reference(reference)
        row.reference(entry)
        row.reference(order)
        row.reference(signal)
        row.ticker(ticker)
        row.text(side)
        row.real(quantity.shares)
        row.real(price)
        row.real(marketPrice)
        row.money(commission)
        row.money(cashChange)
        row.money(cash)
        row.text(leg)
        row.day(decidedOn)
        row.day(filledOn)
        row.instant(executedAt)
    }
}
