/// One input of the models: its only definition.
public struct Feature: Sendable {
    /// Where its value comes from.
    public enum Source: String, Sendable {
        /// The filings that counted in the evaluation.
        case filings
        /// The ticker's own bars.
        case prices
        /// Bars of other tickers.
        case market
        /// The market index or the volatility index.
        case index
        /// Labels that were mature before.
        case labels
        /// No source that Recount reads; always unknown.
        case none
    }

    /// Its name, as training sets and read models write it.
    public let name: String
    /// What it is, in words and symbols.
    public let formula: String
    /// Its unit.
    public let unit: String
    /// Where it comes from.
    public let source: Source
    /// Whether it reads a fact whose true knowledge date is unknown.
    public let isHindsight: Bool
    /// Its value; NaN where it is not known. Rounded to Float32 before anything reads it.
    public let value: @Sendable (borrowing FeatureInputs) -> Double

    init(
        _ name: String, _ formula: String, unit: String, _ source: Source,
        isHindsight: Bool = false, _ value: @escaping @Sendable (borrowing FeatureInputs) -> Double
    ) {
        (self.name, self.formula, self.unit) = (name, formula, unit)
        (self.source, self.isHindsight, self.value) = (source, isHindsight, value)
    }
}
