/// Draws of a circular block bootstrap over units in time order.
///
/// Each draw puts blocks of consecutive units one behind the other until it has as many units as
/// there are; the last block is cut. A block may run over the end into the beginning, so that every
/// unit is drawn equally often.
///
/// Source: Politis and Romano, "A circular block-resampling procedure for stationary data" (1992).
public struct BlockDraws: Hashable, Sendable {
    /// Units to draw from, and in each draw.
    public let units: Int
    /// Units of a whole block.
    public let length: Int
    private var generator: SplitMix64

    /// Draws over `units` in blocks of `length`.
    ///
    /// - Precondition: both are positive.
    public init(units: Int, length: Int, seed: UInt64) {
        precondition(units > 0 && length > 0, "units and block length are positive")
        self.units = units
        self.length = length
        generator = SplitMix64(seed: seed)
    }

    /// Blocks of each draw, the last with `tail` units.
    public var blocks: Int { (units + length - 1) / length }

    /// Units of the last block of each draw.
    public var tail: Int { units - (blocks - 1) * length }

    /// Where the next block begins.
    public mutating func nextStart() -> Int {
        generator.below(units)
    }

    /// Where the blocks of the next draw begin.
    public mutating func next() -> [Int] {
        (0..<blocks).map { _ in nextStart() }
    }
}
