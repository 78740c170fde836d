import Learning
import Market

/// Draws of the standard normal distribution, by Marsaglia's polar method.
struct Normal {
    var generator: SplitMix64
    private var spare: Double?

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    mutating func next() -> Double {
        if let spare {
            self.spare = nil
            return spare
        }
        while true {
            let (x, y) = (2 * generator.unit() - 1, 2 * generator.unit() - 1)
            let square = x * x + y * y
            guard square > 0, square < 1 else { continue }
            let scale = (-2 * Elementary.log(square) / square).squareRoot()
            spare = y * scale
            return x * scale
        }
    }

    /// The value below which a share of the draws lies; by bisection, to 1e-12.
    static func quantile(_ share: Double) -> Double {
        var (low, high) = (-9.0, 9.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            let below = Elementary.erfc(-middle / 2.0.squareRoot()) / 2
            if below < share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
