import Events
import Learning

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
    /// Sessions with a return other than 0.
    private var moving = 0
    private var mean = 0.0
    private var squares = 0.0

    init() {}

    /// Cash at the start.
    mutating func begin(_ startCash: Money) {
        (cash, value, highest) = (startCash, startCash, startCash)
    }

    /// Value came or went that is no return, and with it cash.
    mutating func flow(_ amount: Money, cash moved: Money) {
        cash += moved
        value += amount
        highest = max(.zero, highest + amount)
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
        if latestReturn != 0 { moving += 1 }
        let delta = latestReturn - mean
        mean += delta / Double(sessions)
        squares += delta * (latestReturn - mean)
    }

    /// Mean over sample deviation of session returns · √252; nil where there are too few trades or
    /// returns (`Scarcity`), or only the rounding of money.
    func sharpe(trades: Int) -> Double? {
        guard Scarcity(trades: trades, moving: moving) == nil else { return nil }
        let deviation = (squares / Double(sessions - 1)).squareRoot()
        guard deviation > max(1e-9, 1e-12 * mean.magnitude) else { return nil }
        return mean / deviation * 252.0.squareRoot()
    }

    func write(_ writer: inout SnapshotWriter) {
        writer.integer(Int(cash.rawValue))
        writer.integer(Int(value.rawValue))
        writer.integer(Int(highest.rawValue))
        writer.optional(day) { $0.integer(Int($1.rawValue)) }
        for figure in [latestReturn, drawdown, maximumDrawdown, mean, squares] {
            writer.real(figure)
        }
        for count in [entries, exits, sessions, moving] { writer.integer(count) }
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
        moving = try reader.integer()
    }
}

/// Closed trades of the loop by what they came to.
struct TradeTally: Sendable {
    private(set) var trades = 0
    private var winning = 0
    private var losing = 0
    private var aboveZero = 0
    /// Dollars of wins, of losses, of all above 0 and of all below.
    private var (won, lost, gained, given) = (Money.zero, Money.zero, Money.zero, Money.zero)

    init() {}

    mutating func record(_ profit: Money, _ outcome: OutcomeClass) {
        trades += 1
        if outcome == .win {
            winning += 1
            won += profit
        } else if outcome == .loss {
            losing += 1
            lost += profit
        }
        if profit > .zero {
            aboveZero += 1
            gained += profit
        } else {
            given += profit
        }
    }

    /// total_trades … profit_factor.
    func encode(into row: inout RowEncoder) {
        row.integer(trades)
        row.integer(winning)
        row.integer(losing)
        row.real(trades == 0 ? nil : Double(winning) / Double(trades))
        row.integer(aboveZero)
        row.real(winning == 0 ? nil : won.dollars / Double(winning))
        row.real(losing == 0 ? nil : lost.dollars / Double(losing))
        let isScarce = given == .zero || trades < Scarcity.fewestTrades
        row.real(isScarce ? nil : gained.dollars / -given.dollars)
    }

    func write(_ writer: inout SnapshotWriter) {
        for count in [trades, winning, losing, aboveZero] { writer.integer(count) }
        for sum in [won, lost, gained, given] { writer.integer(Int(sum.rawValue)) }
    }

    init(_ reader: inout SnapshotReader) throws(SnapshotError) {
        trades = try reader.integer()
        winning = try reader.integer()
        losing = try reader.integer()
        aboveZero = try reader.integer()
        won = try Money(reading: &reader)
        lost = try Money(reading: &reader)
        gained = try Money(reading: &reader)
        given = try Money(reading: &reader)
    }
}
