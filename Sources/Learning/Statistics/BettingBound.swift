import Market

/// A lower bound of the mean of values in [0, 1] that holds at every length at once: the chance
/// that it is ever above the mean is at most `error`, however often one looks.
///
/// The capital of a gambler who bets that the mean is above m, K_t(m) = Π (1 + λ_i(m)(x_i − m)),
/// is a martingale when the mean is m, so it ever reaches 1/error with probability `error` at most
/// (Ville). The bound is the highest m whose capital ever did. The bets are the predictable
/// plug-in λ_t = √(2 ln(2/α)/(σ²_{t−1} t ln(t + 1))), cut at 3/(4m), with α = 2·error, and
/// σ²_t = (1/4 + Σ (x_i − μ_i)²)/(t + 1), μ_t = (1/2 + Σ x_i)/(t + 1).
///
/// Source: Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting"
/// (JRSS B 2023), equations 23 to 26. K falls as m rises, so the bound is found by bisection.
public enum BettingBound {
    /// The bound after all of `values`, from the smallest up; never above the true one.
    ///
    /// - Precondition: values are in [0, 1], and `error` is between 0 and one half.
    public static func lower(_ values: [Double], error: Double) -> Double {
        precondition(values.allSatisfy { (0...1).contains($0) }, "values are from 0 to 1")
        precondition(error > 0 && error < 0.5, "an error is between 0 and one half")
        let bets = plugInBets(values, error: error)
        let enough = Elementary.log(1 / error)
        guard highestLogCapital(values, bets, mean: 0) >= enough else { return 0 }
        var (refuted, open) = (0.0, 1.0)
        for _ in 0..<60 {
            let middle = (refuted + open) / 2
            if highestLogCapital(values, bets, mean: middle) >= enough {
                refuted = middle
            } else {
                open = middle
            }
        }
        return refuted
    }

    /// Both bounds, each with half of `error`; nil when they cross, so that no mean is left.
    public static func interval(_ values: [Double], error: Double) -> Interval? {
        let low = lower(values, error: error / 2)
        let high = 1 - lower(values.map { 1 - $0 }, error: error / 2)
        return low <= high ? Interval(low: low, high: high) : nil
    }

    /// The bet on each value, from the values before it alone.
    private static func plugInBets(_ values: [Double], error: Double) -> [Double] {
        let scale = 2 * Elementary.log(1 / error)
        var bets: [Double] = []
        var (sum, squares, variance) = (0.5, 0.25, 0.25)
        for (index, value) in values.enumerated() {
            let place = Double(index + 1)
            bets.append((scale / (variance * place * Elementary.log(place + 1))).squareRoot())
            sum += value
            let miss = value - sum / (place + 1)
            squares += miss * miss
            variance = squares / (place + 1)
        }
        return bets
    }

    /// The natural logarithm of the highest capital on the way, 0 before the first bet.
    private static func highestLogCapital(
        _ values: [Double], _ bets: [Double], mean: Double
    ) -> Double {
        var (logCapital, highest) = (0.0, 0.0)
        for (value, bet) in zip(values, bets) {
            let cut = mean > 0 ? min(bet, 0.75 / mean) : bet
            logCapital += Elementary.log(1 + cut * (value - mean))
            highest = max(highest, logCapital)
        }
        return highest
    }
}
