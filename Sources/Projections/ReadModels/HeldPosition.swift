import Events

/// Shares held because an entry order was filled, as the portfolio recounts them.
struct HeldPosition: Sendable {
    var ticker: Ticker
    var entryOrder: Reference
    var signal: Reference
    /// What caused its entry order.
    var cause: Reference
    var entryPrice: Double
    var entryDay: Day
    var close: Double
    var highestMark: Double?
    var stopDistance: Double?
    var targetFraction: Double?
    var stopLevel: Double?
    var trailingFraction: Double?
    var targetLevel: Double?
    var quantity = Quantity.zero
    var sold = Quantity.zero
    var cost = Money.zero
    var proceeds = Money.zero
    var exitPrice = 0.0
    /// Dividends, and cash for fractions of shares, so far.
    var income = Money.zero
    /// What dividends multiplied earlier prices with since the entry.
    var dividendFactor = 1.0
    var exitDay: Day?
    var exitReason: String?

    /// The higher of the entry price and the highest close marked so far.
    var highestClose: Double {
        highestMark.map { max(entryPrice * dividendFactor, $0) } ?? entryPrice * dividendFactor
    }

    /// More of its entry order was filled: its price is the mean.
    mutating func add(_ fill: borrowing OrderFilledView) {
        let before = quantity.shares + sold.shares
        quantity = quantity + fill.quantity
        if before > 0 {
            let bought = quantity.shares + sold.shares
            entryPrice = (before * entryPrice + fill.quantity.shares * fill.price) / bought
        }
        cost += -fill.cashChange
        (exitDay, close) = (nil, fill.marketPrice)
    }

    /// Its levels, from its entry price as it stands.
    mutating func setLevels() {
        stopLevel = stopDistance.map { entryPrice * dividendFactor - $0 }
        targetLevel = targetFraction.map { entryPrice * dividendFactor * (1 + $0) }
    }

    /// Writes the row of `reference_portfolio_positions`.
    func encode(_ order: Reference, position: UInt64, into row: inout RowEncoder) {
        let isOpen = quantity > .zero
        let bought = quantity.shares + sold.shares
        let soldCost = Money(dollars: cost.dollars * sold.shares / bought)
        let market = Money(dollars: quantity.shares * close)
        row.reference(order)
        row.integer(position)
        row.ticker(ticker)
        row.reference(signal)
        row.reference(cause)
        row.real(quantity.shares)
        row.real(entryPrice)
        row.day(entryDay)
        row.money(cost)
        row.real(isOpen ? close : exitPrice)
        row.money(market)
        row.money(isOpen ? market - (cost - soldCost) : .zero)
        row.money(proceeds + income - (isOpen ? soldCost : cost))
        row.real(stopLevel)
        row.real(trailingFraction.map { highestClose * (1 - $0) })
        row.real(targetLevel)
        row.real(highestClose)
        row.boolean(isOpen)
        row.real(sold == .zero ? nil : exitPrice)
        row.day(isOpen ? nil : exitDay)
        row.text(isOpen ? nil : exitReason)
    }

    func write(_ writer: inout SnapshotWriter) {
        writer.word(ticker.rawValue)
        writer.word(entryOrder.rawValue)
        writer.word(signal.rawValue)
        writer.word(cause.rawValue)
        for value in [entryPrice, close, exitPrice, dividendFactor] { writer.real(value) }
        writer.integer(Int(income.rawValue))
        writer.integer(Int(entryDay.rawValue))
        let others = [
            highestMark, stopDistance, targetFraction, stopLevel, trailingFraction, targetLevel,
        ]
        for value in others {
            writer.optional(value) { $0.real($1) }
        }
        for value in [quantity.rawValue, sold.rawValue, cost.rawValue, proceeds.rawValue] {
            writer.integer(Int(value))
        }
        writer.optional(exitDay) { $0.integer(Int($1.rawValue)) }
        writer.optional(exitReason) { $0.text($1) }
    }
}

extension HeldPosition {
    init(_ reader: inout SnapshotReader) throws(SnapshotError) {
        ticker = Ticker(rawValue: try reader.word())
        entryOrder = Reference(rawValue: try reader.word())
        signal = Reference(rawValue: try reader.word())
        cause = Reference(rawValue: try reader.word())
        entryPrice = try reader.real()
        close = try reader.real()
        exitPrice = try reader.real()
        dividendFactor = try reader.real()
        income = try Money(reading: &reader)
        entryDay = try Day(reading: &reader)
        highestMark = try reader.optional { r throws(SnapshotError) in try r.real() }
        stopDistance = try reader.optional { r throws(SnapshotError) in try r.real() }
        targetFraction = try reader.optional { r throws(SnapshotError) in try r.real() }
        stopLevel = try reader.optional { r throws(SnapshotError) in try r.real() }
        trailingFraction = try reader.optional { r throws(SnapshotError) in try r.real() }
        targetLevel = try reader.optional { r throws(SnapshotError) in try r.real() }
        quantity = Quantity(rawValue: Int64(try reader.integer()))
        sold = Quantity(rawValue: Int64(try reader.integer()))
        cost = try Money(reading: &reader)
        proceeds = try Money(reading: &reader)
        exitDay = try reader.optional { r throws(SnapshotError) in try Day(reading: &r) }
        exitReason = try reader.optional { r throws(SnapshotError) in try r.text() }
    }
}
