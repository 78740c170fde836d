/// Sums over a series, always from first to last, so that the same series gives the same bits.
enum Moments {
    /// The sum.
    static func sum(_ values: [Double]) -> Double {
        var total = 0.0
        for value in values { total += value }
        return total
    }

    /// The arithmetic mean, nil of nothing.
    static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : sum(values) / Double(values.count)
    }

    /// The sum of `(value − mean)^power`, nil of nothing.
    static func central(_ values: [Double], power: Int) -> Double? {
        guard let mean = mean(values) else { return nil }
        var total = 0.0
        for value in values {
            let deviation = value - mean
            var term = deviation
            for _ in 1..<power { term *= deviation }
            total += term
        }
        return total
    }

    /// The sample standard deviation (n − 1), nil under two values, exactly 0 when all are equal.
    static func deviation(_ values: [Double]) -> Double? {
        guard values.count >= 2, let squares = central(values, power: 2) else { return nil }
        if isConstant(values) { return 0 }
        return (squares / Double(values.count - 1)).squareRoot()
    }

    /// The deviation that a ratio may be divided by; nil where returns vary by less than 1e-9, or
    /// 1e-12 of their mean, which is the rounding of money and no risk.
    static func dispersion(_ values: [Double]) -> Double? {
        guard let mean = mean(values), let deviation = deviation(values) else { return nil }
        return isDispersion(deviation, of: mean) ? deviation : nil
    }

    /// The same of a deviation that is at hand.
    static func isDispersion(_ deviation: Double, of mean: Double) -> Bool {
        deviation > max(1e-9, 1e-12 * mean.magnitude)
    }

    /// Whether all values are equal, where rounding would leave a deviation of about 1e-18.
    static func isConstant(_ values: [Double]) -> Bool {
        guard let first = values.first else { return true }
        return values.allSatisfy { $0 == first }
    }

    /// `value` unless it is infinite or not a number.
    static func finite(_ value: Double) -> Double? {
        value.isFinite ? value : nil
    }
}
