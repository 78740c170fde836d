public import Events
import Market

/// Everything that features may read at an evaluation: nothing in it was known later.
public struct FeatureInputs: Sendable {
    /// What the filings add up to.
    public struct Filings: Sendable {
        /// Distinct filers.
        public var politicians = 0
        /// Buys over sells, capped.
        public var buySellRatio = Double.nan
        /// Rows traded recently.
        public var recent = 0
        /// Both parties filed.
        public var isBipartisan = false
        /// Dollars, signed.
        public var netVolume = 0.0
        /// Rows of filers known as Democrats.
        public var democrats = 0
        /// Rows of filers known as Republicans.
        public var republicans = 0
        /// Mean days from trade to filing, NaN without rows.
        public var meanDelay = Double.nan
        /// Share of the rows whose filer sat on a committee that oversees the ticker's sector, NaN
        /// where that is not known.
        public var committeeRelevance = Double.nan
        /// Most distinct filers whose trade dates lie within 7 days.
        public var cluster = 0
        /// Days from the newest filing date to the session, NaN without rows.
        public var recency = Double.nan

        /// Nothing filed.
        public init() {}

        /// ln(1 + |net dollars|).
        var volumeMagnitude: Double { Elementary.log(1 + netVolume.magnitude) }

        /// |D − R| / (D + R), NaN when no filer's party is known.
        var partyAlignment: Double {
            let known = democrats + republicans
            return known == 0 ? .nan : Double(abs(democrats - republicans)) / Double(known)
        }
    }

    /// What the index and the other tickers did.
    public struct Market: Sendable {
        /// Index return over 20 sessions.
        public var return20 = Double.nan
        /// Index return over 60 sessions.
        public var return60 = Double.nan
        /// Latest close of the volatility index.
        public var volatilityIndex = Double.nan
        /// Share of tickers above the mean of their latest 50 closes.
        public var breadth = Double.nan
        /// Mean 20-bar return of the ticker's sector.
        public var sectorReturn20 = Double.nan

        /// Nothing known.
        public init() {}
    }

    /// What the filings add up to.
    public var filings: Filings
    /// What the market did.
    public var market: Market
    /// The ticker's own bars.
    public var prices: PriceWindow
    /// The ticker's regime by the index's rules.
    public var tickerRegime: Regime
    /// How often the filers were right, shrunk to the mean; NaN before the first mature label.
    public var trailingScore: Double
    /// Which way the filers went whose filings were right more often than others'; NaN before the
    /// first mature label.
    public var skilledNetBuying: Double
    /// Which way the filers went after whose filings prices went their way, average true ranges;
    /// NaN before the first mature trade.
    public var skilledFlow: Double

    /// Inputs from their parts.
    public init(
        filings: Filings, market: Market, prices: PriceWindow, tickerRegime: Regime,
        trailingScore: Double, skilledNetBuying: Double, skilledFlow: Double
    ) {
        (self.filings, self.market, self.prices) = (filings, market, prices)
        (self.tickerRegime, self.trailingScore) = (tickerRegime, trailingScore)
        (self.skilledNetBuying, self.skilledFlow) = (skilledNetBuying, skilledFlow)
    }

    /// 1 when the ticker's regime is this one, 0 when it is another, NaN when it is unknown.
    func regime(_ regime: Regime) -> Double {
        tickerRegime == .unknown ? .nan : tickerRegime == regime ? 1 : 0
    }
}
