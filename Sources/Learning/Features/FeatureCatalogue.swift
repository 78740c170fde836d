import Events

/// The features, in the order in which events store them.
///
/// A feature is added here and nowhere else, at the end, with a new schema number; what is stored
/// under an earlier number is the beginning of the list.
public enum FeatureCatalogue {
    /// The number that events carry.
    public static let schema: UInt16 = 3

    /// Every feature of the schema.
    public static let features: [Feature] = filings + market + history + prices + later + latest

    /// Number of features.
    public static let count = features.count

    /// Place of `skilled_flow`.
    public static let skilledFlow = counts[2]

    /// Number of features of each schema, from 0, which has none: the beginning of the list that
    /// events of that number store.
    private static let counts = [0, 31, 32, 33]

    /// Number of features of a schema; nil for one that this program does not know.
    public static func count(ofSchema schema: UInt16) -> Int? {
        Int(schema) < counts.count ? counts[Int(schema)] : nil
    }

    /// The features of an evaluation, rounded to Float32.
    public static func values(_ inputs: borrowing FeatureInputs) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(count)
        for feature in features { values.append(Float(feature.value(inputs))) }
        return values
    }

    private static let filings: [Feature] = [
        Feature(
            "politician_count", "distinct filers of the rows that counted", unit: "persons",
            .filings
        ) { Double($0.filings.politicians) },
        Feature(
            "buy_sell_ratio", "rows that buy over rows that sell, 10 without sells, at most 10",
            unit: "ratio", .filings
        ) { $0.filings.buySellRatio },
        Feature(
            "recent_activity_30d", "rows traded in the last 30 days", unit: "rows", .filings
        ) { Double($0.filings.recent) },
        Feature(
            "bipartisan", "1 when both parties filed, else 0", unit: "0 or 1", .filings,
            isHindsight: true
        ) { $0.filings.isBipartisan ? 1 : 0 },
        Feature(
            "net_volume", "buys less sells, band midpoints, open-ended bands at their floor",
            unit: "dollars", .filings
        ) { $0.filings.netVolume },
        Feature(
            "volume_magnitude", "ln(1 + |net_volume|)", unit: "ln dollars", .filings
        ) { $0.filings.volumeMagnitude },
        Feature(
            "party_alignment", "|D − R| / (D + R), rows of filers whose party is known",
            unit: "fraction", .filings, isHindsight: true
        ) { $0.filings.partyAlignment },
        Feature(
            "disclosure_delay", "mean days from trade to filing", unit: "days", .filings
        ) { $0.filings.meanDelay },
        Feature(
            "committee_relevance",
            "share of the rows that counted whose filer sat, when they were filed, on a committee "
                + "that oversees the ticker's sector; unknown without the sector, or when no "
                + "filer's committees are known",
            unit: "fraction", .filings, isHindsight: true
        ) { $0.filings.committeeRelevance },
    ]

    private static let market: [Feature] = [
        Feature(
            "market_momentum", "index close over its close 60 sessions ago − 1", unit: "fraction",
            .index
        ) { $0.market.return60 },
        Feature(
            "sector_performance",
            "mean return_20 of the sector's tickers that have a bar in the session",
            unit: "fraction", .market, isHindsight: true
        ) { $0.market.sectorReturn20 },
        Feature("vix_level", "the volatility index's close of the session", unit: "points", .index)
        {
            $0.market.volatilityIndex
        },
        Feature(
            "market_return_20d", "index close over its close 20 sessions ago − 1",
            unit: "fraction", .index
        ) { $0.market.return20 },
        Feature(
            "market_breadth",
            "share of tickers with a bar in the session whose close is above the mean of their "
                + "latest 50", unit: "fraction", .market
        ) { $0.market.breadth },
    ]

    private static let history: [Feature] = [
        Feature(
            "clustering_count", "most distinct filers whose trade dates lie within 7 days",
            unit: "persons", .filings
        ) { Double($0.filings.cluster) },
        Feature(
            "disclosure_recency_days", "days from the newest filing date to the session",
            unit: "days", .filings
        ) { $0.filings.recency },
        Feature(
            "politician_trailing_score",
            "(w + 10 b) / (n + 10): of the filers' n earlier filings whose label is mature, w had "
                + "the direction right; b the same share over all filers",
            unit: "fraction", .labels
        ) { $0.trailingScore },
    ]

    private static let prices: [Feature] = [
        Feature("return_5", "close over the close 5 bars ago − 1", unit: "fraction", .prices) {
            $0.prices.simpleReturn(5)
        },
        Feature("return_20", "close over the close 20 bars ago − 1", unit: "fraction", .prices) {
            $0.prices.simpleReturn(20)
        },
        Feature("return_60", "close over the close 60 bars ago − 1", unit: "fraction", .prices) {
            $0.prices.simpleReturn(60)
        },
        Feature("return_252", "close over the close 252 bars ago − 1", unit: "fraction", .prices) {
            $0.prices.simpleReturn(252)
        },
        Feature(
            "volatility_20", "sample deviation of the latest 20 log returns · √252",
            unit: "a year", .prices
        ) { $0.prices.volatility(20) },
        Feature(
            "rsi_14", "100 · gains / (gains + losses) of the latest 14 changes (Cutler)",
            unit: "0 to 100", .prices
        ) { $0.prices.relativeStrength(14) },
        Feature(
            "macd", "(EMA12 − EMA26) / close, both begun at the oldest bar kept",
            unit: "fraction of the close", .prices
        ) { $0.prices.convergence(12, 26) },
        Feature(
            "bollinger_position", "(close − SMA20) / (2 · population deviation of 20 closes)",
            unit: "bands", .prices
        ) { $0.prices.bandPosition(20) },
        Feature(
            "volume_ratio", "volume over the mean volume of the latest 20 bars", unit: "ratio",
            .prices
        ) { $0.prices.volumeRatio(20) },
        Feature(
            "drawdown_from_high", "close over the highest close of the latest 252 bars − 1",
            unit: "fraction", .prices
        ) { $0.prices.drawdown(252) },
        Feature("regime_bull", "1 when the ticker's regime is bull", unit: "0 or 1", .prices) {
            $0.regime(.bull)
        },
        Feature("regime_bear", "1 when the ticker's regime is bear", unit: "0 or 1", .prices) {
            $0.regime(.bear)
        },
        Feature(
            "regime_volatile", "1 when the ticker's regime is volatile", unit: "0 or 1", .prices
        ) { $0.regime(.volatile) },
        Feature(
            "regime_sideways", "1 when the ticker's regime is sideways", unit: "0 or 1", .prices
        ) { $0.regime(.sideways) },
    ]

    /// Schema 2. The trailing score does not say which way the good filers went: on simulated
    /// worlds its correlation with the planted edge was .03, that of this one .65.
    private static let later: [Feature] = [
        Feature(
            "skilled_net_buying",
            "Σ over the filers of s · max(e, 0): s the filer's buys less sells among the rows that "
                + "counted, −3 to 3; e = (w − Σ n_d b_d) / (n + 10) as in politician_trailing_score, "
                + "b_d the share of all filers' filings of direction d that were right",
            unit: "fraction", .labels
        ) { $0.skilledNetBuying }
    ]

    /// Schema 3. Labels end where a stop does, and hold too little of a filer's skill: on simulated
    /// worlds the correlation of `skilled_net_buying` with the planted drift to come was .02 to
    /// .57, that of this one .33 to .88.
    private static let latest: [Feature] = [
        Feature(
            "skilled_flow",
            "Σ over distinct trades (filer, direction, filing date) of s · max(μ, 0) · (1 − a/t): s 1 "
                + "for a purchase, −1 for a sale; a days since it was filed, at most t, timeout_days; "
                + "μ = Σ s·x / (n + 30) over the filer's n earlier trades that are mature, x the excess "
                + "return of the trade held to its timeout with no stop, in average true ranges at "
                + "the decision, −16 to 16",
            unit: "average true ranges", .labels
        ) { $0.skilledFlow }
    ]
}
