/// One ticker's prices of one session, in dollars, and its volume in shares.
@frozen
public struct Bar: Hashable, Sendable {
    /// First price, dollars.
    public var open: Double
    /// Highest price, dollars.
    public var high: Double
    /// Lowest price, dollars.
    public var low: Double
    /// Last price, dollars.
    public var close: Double
    /// Shares traded.
    public var volume: Double

    /// A bar of prices in dollars and a volume in shares.
    @inlinable
    public init(open: Double, high: Double, low: Double, close: Double, volume: Double) {
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
    }

    /// Prices times a factor, the volume times the new shares for one old.
    mutating func adjust(_ factor: Double, _ split: Double) {
        open *= factor
        high *= factor
        low *= factor
        close *= factor
        volume *= split
    }
}
