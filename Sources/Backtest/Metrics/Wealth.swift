/// What one dollar became, the start included.
struct Wealth {
    /// Wealth after each observation, `levels[0]` being the start.
    let levels: [Double]

    /// Compounds returns from 1.
    init(_ returns: [Double]) {
        var levels = [1.0]
        levels.reserveCapacity(returns.count + 1)
        for value in returns { levels.append(levels[levels.count - 1] * (1 + value)) }
        self.levels = levels
    }

    /// Wealth below its highest level so far, 0 or negative, one for each observation.
    var drawdowns: [Double] {
        var highest = 1.0
        return levels.dropFirst().map { level in
            highest = max(highest, level)
            return level < highest ? level / highest - 1 : 0
        }
    }

    /// The deepest of `drawdowns`, 0 of nothing.
    var maximumDrawdown: Double { drawdowns.min() ?? 0 }
}
