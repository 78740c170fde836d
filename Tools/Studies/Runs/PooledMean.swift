import Learning

/// The mean over worlds, which are independent, and how sure it is.
public struct PooledMean: Hashable, Sendable {
    /// The mean.
    public let mean: Double
    /// Its standard error.
    public let error: Double
    /// One-sided p of a mean at or below 0: Student's t with one degree of freedom less than
    /// worlds.
    public let pValue: Double

    /// Of values; nil under two of them, or when all are equal.
    public init?(_ values: [Double]) {
        guard values.count > 1 else { return nil }
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        guard variance > 0 else { return nil }
        self.mean = mean
        error = (variance / n).squareRoot()
        let square = mean / error * (mean / error)
        let freedom = n - 1
        let tail =
            IncompleteBeta.ratio(
                freedom / (freedom + square), complement: square / (freedom + square),
                halves: values.count - 1) / 2
        pValue = mean > 0 ? tail : 1 - tail
    }
}

/// How far values are from even between 0 and 1.
public enum Uniformity {
    /// The Kolmogorov–Smirnov distance, and the distance that 5 % of even samples exceed (by the
    /// limit distribution, a little wide for few values).
    public static func distance(_ values: [Double]) -> (found: Double, critical: Double) {
        let n = Double(values.count)
        var found = 0.0
        for (place, value) in values.sorted().enumerated() {
            found = max(found, Double(place + 1) / n - value, value - Double(place) / n)
        }
        return (found, 1.358 / n.squareRoot())
    }
}
