import Events

/// Cash, values and the figures of session returns, kept as each session is marked.
struct Ledger: Sendable {
    var cash = Money.zero
    /// At the latest mark.
    private(set) var value = Money.zero
    private(set) var day: Day?
    private(set) var latestReturn = 0.0
    private(set) var drawdown = 0.0
    private(set) var maximumDrawdown = 0.0
    /// Entries and exits filled in the latest session.
    var entries = 0
    var exits = 0
    private var highest = Money.zero
    // Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products" (1962).
    private var sessions = 0
    private var mean = 0.0
    private var squares = 0.0

    init() {}

    /// Cash at the start.
    mutating func begin(_ startCash: Money) {
        (cash, value, highest) = (startCash, startCash, startCash)
    }

    /// A session closed; its fills follow.
    mutating func beginSession(_ day: Day) {
        self.day = day
        (entries, exits) = (0, 0)
    }

    /// The fills of a session are done; `invested` is what is held, at its closes.
    mutating func mark(invested: Money) {
        let before = value
        value = cash + invested
        latestReturn = before == .zero ? 0 : value.dollars / before.dollars - 1
        highest = max(highest, value)
        drawdown = highest == .zero ? 0 : value.dollars / highest.dollars - 1
        maximumDrawdown = min(maximumDrawdown, drawdown)
        sessions += 1
        let delta = latestReturn - mean
        mean += delta / Double(sessions)
        squares += delta * (latestReturn - mean)
    }

    /// Mean over sample deviation of session returns · √252; nil where it is undefined.
    var sharpe: Double? {
        guard sessions > 1, squares > 0 else { return nil }
        return mean / (squares / Double(sessions - 1)).squareRoot() * 252.0.squareRoot()
    }

    func write(_ writer: inout SnapshotWriter) {
        writer.integer(Int(cash.rawValue))
        writer.integer(Int(value.rawValue))
        writer.integer(Int(highest.rawValue))
        writer.optional(day) { $0.integer(Int($1.rawValue)) }
        for figure in [latestReturn, drawdown, maximumDrawdown, mean, squares] {
            writer.real(figure)
        }
        for count in [entries, exits, sessions] { writer.integer(count) }
    }

    init(_ reader: inout SnapshotReader) throws(SnapshotError) {
        cash = try Money(reading: &reader)
        value = try Money(reading: &reader)
        highest = try Money(reading: &reader)
        day = try reader.optional { r throws(SnapshotError) in try Day(reading: &r) }
        latestReturn = try reader.real()
        drawdown = try reader.real()
        maximumDrawdown = try reader.real()
        mean = try reader.real()
        squares = try reader.real()
        entries = try reader.integer()
        exits = try reader.integer()
        sessions = try reader.integer()
    }
}

/// Closed trades of the loop by their result in dollars.
struct TradeTally: Sendable {
    private var trades = 0
    private var winning = 0
    private var losing = 0
    private var won = Money.zero
    private var lost = Money.zero

    init() {}

    mutating func record(_ profit: Money) {
        trades += 1
        if profit > .zero {
            winning += 1
            won += profit
        } else if profit < .zero {
            losing += 1
            lost += profit
        }
    }

    /// total_trades … profit_factor.
    func encode(into row: inout RowEncoder) {
        row.integer(trades)
        row.integer(winning)
        row.integer(losing)
        row.real(trades == 0 ? nil : Double(winning) / Double(trades))
        row.real(winning == 0 ? nil : won.dollars / Double(winning))
        row.real(losing == 0 ? nil : lost.dollars / Double(losing))
        row.real(lost == .zero ? nil : won.dollars / -lost.dollars)
    }

    func write(_ writer: inout SnapshotWriter) {
        for count in [trades, winning, losing] { writer.integer(count) }
        writer.integer(Int(won.rawValue))
        writer.integer(Int(lost.rawValue))
    }

    init(_ reader: inout SnapshotReader) throws(SnapshotError) {
        trades = try reader.integer()
        winning = try reader.integer()
        losing = try reader.integer()
        won = try Money(reading: &reader)
        lost = try Money(reading: &reader)
    }
}
