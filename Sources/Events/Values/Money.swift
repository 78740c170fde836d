/// An amount of US dollars in the ledger: whole units of 1e-8 dollars.
///
/// Prices are `Double`; a product of price and quantity becomes money once, at the fill, rounded
/// to nearest with ties away from zero. No operation traps: what lies beyond ±92,233,720,368
/// dollars is capped there. A ledger never comes near: a fill that would is not made
/// (`Money.isInLedger`).
public struct Money: RawRepresentable, Hashable, Comparable, Sendable {
    /// Units of 1e-8 dollars.
    public var rawValue: Int64

    /// Wraps units of 1e-8 dollars.
    @inlinable
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// The money nearest to an amount in dollars, capped at the ends; none for what is no number.
    @inlinable
    public init(dollars: Double) {
        self.rawValue = Int64(capped: (dollars * 1e8).rounded(.toNearestOrAwayFromZero))
    }

    /// The amount in dollars, as near as `Double` can say it.
    @inlinable
    public var dollars: Double {
        Double(rawValue) / 1e8
    }

    /// No money.
    public static let zero = Money(rawValue: 0)

    /// The most that a ledger holds, and that one fill moves: 90 billion dollars.
    public static let ledgerLimit = Money(rawValue: 9_000_000_000_000_000_000)

    /// Whether a ledger may hold it: at most `ledgerLimit`, of either sign.
    @inlinable
    public var isInLedger: Bool { rawValue.magnitude <= Money.ledgerLimit.rawValue.magnitude }

    /// Whether `left` is less.
    @inlinable
    public static func < (left: Money, right: Money) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The exact sum, capped at the ends.
    @inlinable
    public static func + (left: Money, right: Money) -> Money {
        Money(rawValue: left.rawValue.adding(capped: right.rawValue))
    }

    /// The exact difference, capped at the ends.
    @inlinable
    public static func - (left: Money, right: Money) -> Money {
        Money(rawValue: left.rawValue.subtracting(capped: right.rawValue))
    }

    /// Adds in place.
    @inlinable
    public static func += (left: inout Money, right: Money) { left = left + right }

    /// Subtracts in place.
    @inlinable
    public static func -= (left: inout Money, right: Money) { left = left - right }

    /// The amount with its sign turned.
    @inlinable
    public static prefix func - (money: Money) -> Money { .zero - money }

    /// The amount without its sign.
    @inlinable
    public var magnitude: Money { rawValue < 0 ? -self : self }
}

extension Money: CustomStringConvertible {
    /// Dollars with eight decimals, exact.
    public var description: String { fixedPoint8(rawValue) }
}

/// A number of shares: whole units of 1e-8 shares, so that fractions of adjusted data are exact.
///
/// No operation traps: what lies beyond ±92,233,720,368 shares is capped there.
public struct Quantity: RawRepresentable, Hashable, Comparable, Sendable {
    /// Units of 1e-8 shares.
    public var rawValue: Int64

    /// Wraps units of 1e-8 shares.
    @inlinable
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// A whole number of shares, capped at the ends.
    @inlinable
    public init(shares: Int64) {
        let (units, isOver) = shares.multipliedReportingOverflow(by: 100_000_000)
        self.rawValue = isOver ? (shares < 0 ? .least : .max) : units
    }

    /// The units in a number of shares, towards zero and capped at the ends; whole shares only
    /// unless fractions are allowed.
    @inlinable
    public init(shares: Double, fractional: Bool) {
        self =
            fractional
            ? Quantity(rawValue: Int64(capped: shares * 1e8))
            : Quantity(shares: Int64(capped: shares))
    }

    /// The most that one order is for: ten billion shares.
    public static let orderLimit = Quantity(shares: 10_000_000_000)

    /// The number of shares as a `Double`.
    @inlinable
    public var shares: Double {
        Double(rawValue) / 1e8
    }

    /// No shares.
    public static let zero = Quantity(rawValue: 0)

    /// Whether `left` is less.
    @inlinable
    public static func < (left: Quantity, right: Quantity) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The exact sum, capped at the ends.
    @inlinable
    public static func + (left: Quantity, right: Quantity) -> Quantity {
        Quantity(rawValue: left.rawValue.adding(capped: right.rawValue))
    }

    /// The exact difference, capped at the ends.
    @inlinable
    public static func - (left: Quantity, right: Quantity) -> Quantity {
        Quantity(rawValue: left.rawValue.subtracting(capped: right.rawValue))
    }
}

extension Quantity: CustomStringConvertible {
    /// Shares with eight decimals, exact.
    public var description: String { fixedPoint8(rawValue) }
}

/// `rawValue` units of 1e-8 in decimal with eight decimals.
func fixedPoint8(_ rawValue: Int64) -> String {
    let (whole, fraction) = rawValue.magnitude.quotientAndRemainder(dividingBy: 100_000_000)
    return "\(rawValue < 0 ? "-" : "")\(whole).\(padded(Int64(fraction), 8))"
}
