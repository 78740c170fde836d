import Events

/// Shares held because an entry order was filled, as the portfolio recounts them.
struct HeldPosition: Sendable {
    var ticker: Ticker
    var signal: Reference
    var entryPrice: Double
    var entryDay: Day
    var close: Double
    var highestClose: Double
    var stopLevel: Double?
    var trailingFraction: Double?
    var targetLevel: Double?
    var quantity = Quantity.zero
    var sold = Quantity.zero
    var cost = Money.zero
    var proceeds = Money.zero
    var exitPrice = 0.0
    var exitDay: Day?
    var exitReason: String?

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
        row.real(quantity.shares)
        row.real(entryPrice)
        row.day(entryDay)
        row.money(cost)
        row.real(isOpen ? close : exitPrice)
        row.money(market)
        row.money(isOpen ? market - (cost - soldCost) : .zero)
        row.money(isOpen ? proceeds - soldCost : proceeds - cost)
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
        writer.word(signal.rawValue)
        for value in [entryPrice, close, highestClose, exitPrice] { writer.real(value) }
        writer.integer(Int(entryDay.rawValue))
        for value in [stopLevel, trailingFraction, targetLevel] {
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
        signal = Reference(rawValue: try reader.word())
        entryPrice = try reader.real()
        close = try reader.real()
        highestClose = try reader.real()
        exitPrice = try reader.real()
        entryDay = try Day(reading: &reader)
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
