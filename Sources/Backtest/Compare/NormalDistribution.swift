import Market

/// The standard normal distribution.
enum NormalDistribution {
    /// The chance of a value up to `value`.
    static func cumulative(_ value: Double) -> Double {
        0.5 * Elementary.erfc(-value / 2.0.squareRoot())
    }

    /// The value that is not exceeded with chance `share`, by halving until it cannot be halved.
    ///
    /// - Precondition: `share` lies between 0 and 1, both left out.
    static func quantile(_ share: Double) -> Double {
        precondition(share > 0 && share < 1, "a share of a distribution lies inside 0 and 1")
        // The upper tail has no precision left near 1: it is the mirrored lower one.
        if share > 0.5 { return -quantile(1 - share) }
        var (low, high) = (-40.0, 0.0)
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { return middle }
            if cumulative(middle) < share { low = middle } else { high = middle }
        }
    }
}
