/// An amount of US dollars in the ledger: whole units of 1e-8 dollars.
///
/// Prices are `Double`; a product of price and quantity becomes money once, at the fill, rounded
/// to nearest with ties away from zero.
public struct Money: RawRepresentable, Hashable, Comparable, Sendable {
    /// Units of 1e-8 dollars.
    public var rawValue: Int64

    /// Wraps units of 1e-8 dollars.
    @inlinable
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// The money nearest to an amount in dollars.
    ///
    /// - Precondition: the amount is finite and below 92 billion dollars.
    @inlinable
    public init(dollars: Double) {
        self.rawValue = Int64((dollars * 1e8).rounded(.toNearestOrAwayFromZero))
    }

    /// The amount in dollars, as near as `Double` can say it.
    @inlinable
    public var dollars: Double {
        Double(rawValue) / 1e8
    }

    /// No money.
    public static let zero = Money(rawValue: 0)

    /// Whether `left` is less.
    @inlinable
    public static func < (left: Money, right: Money) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The exact sum.
    @inlinable
    public static func + (left: Money, right: Money) -> Money {
        Money(rawValue: left.rawValue + right.rawValue)
    }

    /// The exact difference.
    @inlinable
    public static func - (left: Money, right: Money) -> Money {
        Money(rawValue: left.rawValue - right.rawValue)
    }

    /// Adds in place.
    @inlinable
    public static func += (left: inout Money, right: Money) {
        left.rawValue += right.rawValue
    }

    /// Subtracts in place.
    @inlinable
    public static func -= (left: inout Money, right: Money) {
        left.rawValue -= right.rawValue
    }

    /// The amount with its sign turned.
    @inlinable
    public static prefix func - (money: Money) -> Money {
        Money(rawValue: -money.rawValue)
    }
}

extension Money: CustomStringConvertible {
    /// Dollars with eight decimals, exact.
    public var description: String { fixedPoint8(rawValue) }
}

/// A number of shares: whole units of 1e-8 shares, so that fractions of adjusted data are exact.
public struct Quantity: RawRepresentable, Hashable, Comparable, Sendable {
    /// Units of 1e-8 shares.
    public var rawValue: Int64

    /// Wraps units of 1e-8 shares.
    @inlinable
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// A whole number of shares.
    @inlinable
    public init(shares: Int64) {
        self.rawValue = shares * 100_000_000
    }

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

    /// The exact sum.
    @inlinable
    public static func + (left: Quantity, right: Quantity) -> Quantity {
        Quantity(rawValue: left.rawValue + right.rawValue)
    }

    /// The exact difference.
    @inlinable
    public static func - (left: Quantity, right: Quantity) -> Quantity {
        Quantity(rawValue: left.rawValue - right.rawValue)
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
