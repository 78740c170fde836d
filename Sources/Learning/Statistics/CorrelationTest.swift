import Market

/// Pearson's r of pairs, and the two-sided p-value of t = r √((n − 2)/(1 − r²)) with n − 2 degrees
/// of freedom. It assumes independent pairs, which labels of overlapping windows are not: the
/// p-value is then too small.
public struct CorrelationTest: Hashable, Sendable {
    /// Pearson's r, −1 to 1; NaN when either side never varies.
    public let correlation: Double
    /// The two-sided p-value; NaN with r.
    public let pValue: Double

    /// The fewest pairs that have a p-value.
    public static let fewest = 3

    /// A test of pairs.
    ///
    /// - Precondition: there are as many of each.
    public init(_ x: [Double], _ y: [Double]) {
        precondition(x.count == y.count, "a pair has two values")
        let rows = x.count
        guard rows >= CorrelationTest.fewest else {
            (correlation, pValue) = (.nan, .nan)
            return
        }
        let meanX = x.reduce(0, +) / Double(rows)
        let meanY = y.reduce(0, +) / Double(rows)
        var (squaresX, squaresY, products) = (0.0, 0.0, 0.0)
        for index in x.indices {
            let (dx, dy) = (x[index] - meanX, y[index] - meanY)
            squaresX += dx * dx
            squaresY += dy * dy
            products += dx * dy
        }
        let isConstant = x.allSatisfy { $0 == x[0] } || y.allSatisfy { $0 == y[0] }
        guard !isConstant, squaresX > 0, squaresY > 0 else {
            (correlation, pValue) = (.nan, .nan)
            return
        }
        let r = max(-1, min(1, products / (squaresX.squareRoot() * squaresY.squareRoot())))
        correlation = r
        pValue = CorrelationTest.pValue(r, rows: rows)
    }

    /// The p-value of a correlation: I(1 − r²; (n − 2)/2, 1/2), the incomplete beta function.
    ///
    /// - Precondition: there are 3 rows or more.
    public static func pValue(_ correlation: Double, rows: Int) -> Double {
        precondition(rows >= fewest, "t has a degree of freedom")
        let square = correlation * correlation
        return IncompleteBeta.ratio(
            1 - square, complement: square, halves: rows - 2)
    }
}

/// The regularised incomplete beta function I(x; a, b) for b = 1/2 and 2a whole, which is all that
/// the t distribution needs.
///
/// The continued fraction is that of Numerical Recipes (section 6.4) by Lentz's method; the beta
/// function of half-integers is a product, so that no gamma function is needed.
public enum IncompleteBeta {
    /// I(x; `halves`/2, 1/2).
    ///
    /// - Parameter complement: 1 − x, given apart because it may be far smaller than x is exact.
    /// - Precondition: `halves` is 1 or more, and x is from 0 to 1.
    public static func ratio(_ x: Double, complement: Double, halves: Int) -> Double {
        precondition(halves >= 1, "2a is a whole number from 1")
        precondition((0...1).contains(x) && (0...1).contains(complement), "x is from 0 to 1")
        if x == 0 || complement == 0 { return x == 0 ? 0 : 1 }
        let a = Double(halves) / 2
        // ln(1 − y) for a small y loses what y has: by its series there.
        let logX = complement < 1e-4 ? logOneMinus(complement) : Elementary.log(x)
        let front =
            Elementary.exp(a * logX) * complement.squareRoot() / beta(halves: halves)
        if x < (a + 1) / (a + 2.5) { return front * fraction(a, 0.5, x) / a }
        return 1 - front * fraction(0.5, a, complement) / 0.5
    }

    /// −y − y²/2 − y³/3 …, enough for y under 1e-4.
    private static func logOneMinus(_ y: Double) -> Double {
        -y * (1 + y * (0.5 + y * (1.0 / 3 + y * (0.25 + y * 0.2))))
    }

    /// B(`halves`/2, 1/2): B(1/2, 1/2) = π, B(1, 1/2) = 2, B(a + 1, b) = B(a, b) a/(a + b).
    static func beta(halves: Int) -> Double {
        var value = halves % 2 == 1 ? Double.pi : 2
        var place = halves % 2 == 1 ? 1 : 2
        while place < halves {
            value *= Double(place) / Double(place + 1)
            place += 2
        }
        return value
    }

    /// The continued fraction; it converges fast for x < (a + 1)/(a + b + 2).
    private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
        let least = 1e-300
        func apart(_ value: Double) -> Double { value.magnitude < least ? least : value }
        var c = 1.0
        var d = 1 / apart(1 - (a + b) * x / (a + 1))
        var value = d
        for step in 1...10_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / apart(1 + even * d)
            c = apart(1 + even / c)
            value *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / apart(1 + odd * d)
            c = apart(1 + odd / c)
            let change = d * c
            value *= change
            if (change - 1).magnitude < 1e-16 { break }
        }
        return value
    }
}
