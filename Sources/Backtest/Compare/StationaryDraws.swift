import Learning
import Market

/// Draws of a stationary bootstrap over units in time order.
///
/// Each draw puts blocks of consecutive units one behind the other until it has as many units as
/// there are; a block begins anywhere with equal chance, has a geometric length with the given
/// mean, and may run over the end into the beginning. The last block is cut.
///
/// Source: Politis and Romano, "The stationary bootstrap" (1994).
struct StationaryDraws {
    /// Units to draw from, and in each draw.
    let units: Int
    /// Mean units of a block.
    let meanLength: Int
    private var generator: SplitMix64
    private let logContinues: Double

    /// Draws over `units` in blocks of `meanLength` on average.
    ///
    /// - Precondition: both are positive.
    init(units: Int, meanLength: Int, seed: UInt64) {
        precondition(units > 0 && meanLength > 0, "units and block length are positive")
        self.units = units
        self.meanLength = meanLength
        generator = SplitMix64(seed: seed)
        logContinues = Elementary.log(1 - 1 / Double(meanLength))
    }

    /// Calls `body` with the start and the length of each block of the next draw.
    @inline(__always)
    mutating func draw(_ body: (_ start: Int, _ length: Int) -> Void) {
        var left = units
        while left > 0 {
            let start = generator.below(units)
            let length = nextLength(atMost: left)
            body(start, length)
            left -= length
        }
    }

    /// A length k with chance p(1 − p)^(k − 1), by inversion, cut at `limit`.
    @inline(__always)
    private mutating func nextLength(atMost limit: Int) -> Int {
        guard meanLength > 1 else { return 1 }
        let whole = Elementary.log(1 - generator.unit()) / logContinues
        return whole < Double(limit) ? min(1 + Int(whole), limit) : limit
    }
}
