public import Events

/// A price that an order names: whole units of 1e-4 dollars, as exchanges and brokers take them.
public struct Price: RawRepresentable, Hashable, Comparable, Sendable {
    /// Units of 1e-4 dollars.
    public var rawValue: Int64

    /// Wraps units of 1e-4 dollars.
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// Whole cents.
    public init(cents: Int64) {
        rawValue = cents * 100
    }

    /// The highest price that an order may name at or below a level: whole cents from one dollar
    /// on, hundredths of a cent below. Nil for a level below the least price, and for no number.
    ///
    /// A level is a product of `Double`s: it is first rounded to 1e-8 dollars, as money is, so that
    /// 100.69999999999999 is 100.70.
    public init?(roundedDown level: Double) {
        let units = Money(dollars: level).rawValue
        let tick: Int64 = units >= 100_000_000 ? 1_000_000 : 10_000
        guard units >= tick, units < .max else { return nil }
        rawValue = units / tick * tick / 10_000
    }

    /// Whether an order may name it.
    public var isOnTick: Bool {
        rawValue > 0 && (rawValue < 10_000 || rawValue % 100 == 0)
    }

    /// The price in dollars, as near as `Double` can say it.
    public var dollars: Double { Double(rawValue) / 1e4 }

    /// What a number of shares is worth at it, to the nearest unit of money, capped at its ends.
    public func value(of quantity: Quantity) -> Money {
        let product = Int128(rawValue) * Int128(quantity.rawValue)
        let half: Int128 = product < 0 ? -5_000 : 5_000
        let units = (product + half) / 10_000
        return Money(rawValue: Int64(clamping: max(units, Int128(Int64.least))))
    }

    /// Whether `left` is lower.
    public static func < (left: Price, right: Price) -> Bool { left.rawValue < right.rawValue }
}

extension Price: CustomStringConvertible {
    /// Dollars with as many decimals as it has, two at least: `12.30`, `0.1234`.
    public var description: String {
        DecimalText.text(rawValue, decimals: 4, atLeast: 2)
    }
}
