import Market

/// McNemar's test of two models on the same rows. It assumes independent rows, which rows of
/// overlapping label windows are not: its p-value is then too small.
public struct McNemar: Hashable, Sendable {
    /// How the p-value was found.
    public enum Method: String, Hashable, Sendable {
        /// Two-sided binomial test of the discordant rows, exact.
        case exact
        /// Chi-squared with one degree of freedom and the continuity correction.
        case chiSquared = "chi_squared"
    }

    /// Rows that only the challenger had right.
    public let onlyNew: Int
    /// Rows that only the champion had right.
    public let onlyOld: Int

    /// Discordant rows from which the chi-squared approximation is used.
    public static let chiSquaredFrom = 25

    /// A test from the counts of discordant rows.
    ///
    /// - Precondition: neither count is negative.
    public init(onlyNew: Int, onlyOld: Int) {
        precondition(onlyNew >= 0 && onlyOld >= 0, "a count is not negative")
        self.onlyNew = onlyNew
        self.onlyOld = onlyOld
    }

    /// Exact under 25 discordant rows.
    public var method: Method {
        onlyNew + onlyOld < McNemar.chiSquaredFrom ? .exact : .chiSquared
    }

    /// The two-sided p-value; 1 without discordant rows.
    public var pValue: Double {
        method == .exact ? exactPValue : chiSquaredPValue
    }

    /// (max(0, |b − c| − 1))²/(b + c): the correction never goes past the middle.
    public var chiSquared: Double {
        let discordant = onlyNew + onlyOld
        guard discordant > 0 else { return 0 }
        let excess = Double(max(0, abs(onlyNew - onlyOld) - 1))
        return excess * excess / Double(discordant)
    }

    /// P(χ² with one degree of freedom > x) = erfc(√(x/2)).
    private var chiSquaredPValue: Double {
        Elementary.erfc((chiSquared / 2).squareRoot())
    }

    /// Twice the lower tail of the binomial with one half, at most 1; whole numbers until the end.
    private var exactPValue: Double {
        let discordant = onlyNew + onlyOld
        var ways = 1
        var tail = 0
        for chosen in 0...min(onlyNew, onlyOld) {
            tail += ways
            ways = ways * (discordant - chosen) / (chosen + 1)
        }
        return min(1, 2 * Double(tail) / Double(1 << discordant))
    }
}
