import Market

extension LoopConfiguration {
    /// Every setting in canonical order.
    public static let fields: [ConfigurationField<LoopConfiguration>] =
        timeFields + scoreFields + featureFields + trainingFields + machineFields + regimeFields
        + portfolioFields
        + exitFields + FilingFilter.fields.map { $0.under(\.filter) }

    private static let timeFields: [ConfigurationField<LoopConfiguration>] = [
        .integer(
            "publication_delay_days", \.publicationDelayDays, 0...30,
            "days after a filing became known before a decider uses it"),
        .boolean(
            "weekly_scoring", \.weeklyScoring,
            "evaluate tickers with known trades in the look-back after each week's last session"),
    ]

    private static let scoreFields: [ConfigurationField<LoopConfiguration>] = [
        .integer("lookback_days", \.lookbackDays, 1...3_650, "days of trade dates that count"),
        .integer(
            "recent_days", \.recentDays, 1...3_650, "days of trade dates that count as recent"),
        .integer("min_politicians", \.minimumPoliticians, 1...100, "least distinct filers"),
        .integer("min_transactions", \.minimumTransactions, 1...1_000, "least distinct rows"),
        .hundredths("base_confidence", \.baseConfidence, 0...100, "confidence before bonuses"),
        .integer("politicians_many", \.manyPoliticians, 1...100, "filers for the largest bonus"),
        .integer("politicians_several", \.severalPoliticians, 1...100, "for the middle bonus"),
        .integer("politicians_few", \.fewPoliticians, 1...100, "for the smallest bonus"),
        .hundredths("politicians_many_bonus", \.manyPoliticiansBonus, 0...100, "added"),
        .hundredths("politicians_several_bonus", \.severalPoliticiansBonus, 0...100, "added"),
        .hundredths("politicians_few_bonus", \.fewPoliticiansBonus, 0...100, "added"),
        .integer("transactions_many", \.manyTransactions, 1...1_000, "rows for the larger bonus"),
        .integer("transactions_several", \.severalTransactions, 1...1_000, "for the smaller"),
        .hundredths("transactions_many_bonus", \.manyTransactionsBonus, 0...100, "added"),
        .hundredths("transactions_several_bonus", \.severalTransactionsBonus, 0...100, "added"),
        .integer("recent_many", \.manyRecent, 1...1_000, "recent rows for the larger bonus"),
        .integer("recent_several", \.severalRecent, 1...1_000, "for the smaller"),
        .hundredths("recent_many_bonus", \.manyRecentBonus, 0...100, "added"),
        .hundredths("recent_several_bonus", \.severalRecentBonus, 0...100, "added"),
        .hundredths("bipartisan_bonus", \.bipartisanBonus, 0...100, "added when both parties file"),
        .number("volume_large", \.largeVolume, 0...1e12, "net dollars above which, larger bonus"),
        .number("volume_medium", \.mediumVolume, 0...1e12, "net dollars above which, smaller"),
        .hundredths("volume_large_bonus", \.largeVolumeBonus, 0...100, "added"),
        .hundredths("volume_medium_bonus", \.mediumVolumeBonus, 0...100, "added"),
        .number("ratio_cap", \.ratioCap, 1...1_000, "buys over sells without sells, and its cap"),
        .number("strong_buy_ratio", \.strongBuyRatio, 1...1_000, "buys over sells from which"),
        .number("buy_ratio", \.buyRatio, 1...1_000, "buys over sells from which"),
        .number("sell_ratio", \.sellRatio, 0...1, "buys over sells up to which"),
        .number(
            "strong_sell_divisor", \.strongSellDivisor, 1...1_000,
            "strong sell while this times the buys is at most the sells"),
        .hundredths("strong_bonus", \.strongBonus, 0...100, "added for strong buy and strong sell"),
        .hundredths("plain_bonus", \.plainBonus, 0...100, "added for buy and sell"),
        .hundredths("strong_cap", \.strongCap, 0...100, "most confidence of a strong signal"),
        .hundredths("plain_cap", \.plainCap, 0...100, "most confidence of a plain signal"),
        .hundredths("emit_threshold", \.emitThreshold, 0...100, "confidence to emit a signal"),
        .hundredths("queue_threshold", \.queueThreshold, 0...100, "confidence to trade a signal"),
    ]

    private static let featureFields: [ConfigurationField<LoopConfiguration>] = [
        .integer(
            "feature_history_sessions", \.featureHistorySessions, 0...1_000,
            "bars a ticker that features read; 0 stores no features")
    ]

    private static let trainingFields: [ConfigurationField<LoopConfiguration>] = [
        .boolean("train", \.train, "train models weekly and monthly"),
        .boolean(
            "use_outcomes", \.useOutcomes, "monthly trainings learn from trades that were made"),
        .number("outcome_weight", \.outcomeWeight, 0...100, "of outcome rows; market rows have 1"),
        .integer(
            "outcome_window_days", \.outcomeWindowDays, 1...3_650,
            "days of outcome rows before the last row that is fitted"),
        .integer(
            "training_lookback_sessions", \.trainingLookbackSessions, 1...5_000,
            "decision sessions of market rows"),
        .integer("holdout_sessions", \.holdoutSessions, 1...1_000, "decision sessions kept apart"),
        .integer(
            "early_stopping_sessions", \.earlyStoppingSessions, 0...1_000,
            "last decision sessions of the training part, which stop training"),
        .choice("profit_weight", \.profitWeight, "what a row's weight follows within its source"),
        .choice("market_label", \.marketLabel, "exits as traded, or a fixed horizon"),
        .choice(
            "label_return", \.labelReturn, "what a trade came to, or in excess of the index"),
        .integer("tree_depth", \.treeDepth, 1...12, "most levels of a tree"),
        .integer("tree_rounds", \.treeRounds, 1...5_000, "most boosting rounds"),
        .integer("tree_bins", \.treeBins, 2...1_024, "bins of a feature's histogram"),
        .number(
            "leaf_share", \.leafShare, 0...0.5,
            "least weight of a leaf, as a share of the rows; at least 5 rows' worth"),
        .number("split_gain", \.splitGain, 0...1e6, "least gain of a split; 0 is any"),
        .number(
            "skill_prior", \.skillPrior, 0...10,
            "score that a model adds to a win a unit of skilled_flow, and takes from a loss, before "
                + "it reads a row"),
        .boolean(
            "skill_rises", \.skillRises,
            "no tree that rows make lets a score fall where skilled_flow grows"),
        .choice(
            "gate", \.gate,
            "which verdict decides on a promotion; guarded: the rule's, but F1 alone promotes none "
                + "with fewer rows right; always promotes every model"),
    ]

    private static let machineFields: [ConfigurationField<LoopConfiguration>] = [
        .boolean(
            "blend", \.blend, "let the champion change confidence; else models only predict"),
        .tenths("ml_blend_weight", \.blendTenths, 0...10, "of the champion, at the start"),
        .boolean("adaptive_blend", \.adaptiveBlend, "move the weight by what both arms earned"),
        .tenths("blend_step", \.blendStepTenths, 1...10, "by which the weight moves"),
        .hundredths(
            "blend_margin", \.blendMargin, 0...100, "win rates this far apart move the weight"),
        .tenths("blend_floor", \.blendFloorTenths, 0...10, "least weight"),
        .tenths("blend_cap", \.blendCapTenths, 0...10, "most weight"),
        .integer("blend_arm_size", \.blendArmSize, 1...100_000, "entries that each arm needs"),
        .number("agreement_factor", \.agreementFactor, 0...10, "on confidence when both agree"),
        .hundredths("agreement_cap", \.agreementCap, 0...100, "most confidence when both agree"),
        .number(
            "disagreement_factor", \.disagreementFactor, 0...10,
            "on confidence when one of both is neutral"),
        .choice("opposition", \.opposition, "when heuristic and champion say opposite things"),
        .hundredths("buy_threshold", \.buyThreshold, 0...100, "machine probability to buy"),
        .hundredths("sell_threshold", \.sellThreshold, 0...100, "machine probability to sell"),
        .boolean(
            "adaptive_thresholds", \.adaptiveThresholds,
            "move both by how many buys and sells the champion names"),
        .integer(
            "threshold_count", \.thresholdCount, 1...1_000_000, "classifications that are judged"),
        .hundredths("threshold_step", \.thresholdStep, 1...100, "by which a threshold moves"),
        .hundredths("buy_threshold_min", \.buyThresholdLeast, 0...100, "least buy threshold"),
        .hundredths("buy_threshold_max", \.buyThresholdMost, 0...100, "most buy threshold"),
        .hundredths("sell_threshold_min", \.sellThresholdLeast, 0...100, "least sell threshold"),
        .hundredths("sell_threshold_max", \.sellThresholdMost, 0...100, "most sell threshold"),
        .hundredths("neutral_zone", \.neutralZone, 0...100, "least distance of both thresholds"),
        .choice("calibration", \.calibration, "of confidence, where it sizes entries"),
        .integer(
            "calibration_rows", \.calibrationRows, 2...1_000_000, "mature outcomes a fit needs"),
    ]

    private static let regimeFields: [ConfigurationField<LoopConfiguration>] = [
        .boolean("use_regime", \.useRegime, "let the index's regime change size and threshold"),
        .number("regime_return_20", \.regimeReturn20, 0...1, "bull above, bear below its negative"),
        .number("regime_return_60", \.regimeReturn60, 0...1, "and this over 60 sessions"),
        .number("regime_volatility", \.regimeVolatility, 0...10, "volatile above, a year"),
        .number("risky_regime_size", \.riskyRegimeSize, 0...1, "size factor in volatile and bear"),
        .hundredths(
            "risky_regime_threshold", \.riskyRegimeThreshold, 0...100,
            "added to the queue threshold in volatile and bear"),
    ]

    private static let portfolioFields: [ConfigurationField<LoopConfiguration>] = [
        .number("start_cash", \.startCash, 1...1e10, "dollars"),
        .number("base_size", \.baseSize, 0...1, "share of the portfolio's value an entry"),
        .choice("sizing", \.sizing, "graded grows with confidence; binary does not"),
        .number("confidence_size_gain", \.confidenceSizeGain, 0...100, "graded: added at full"),
        .number("max_trade", \.maximumTradeFraction, 0...1, "of the value, an order"),
        .number("max_position", \.maximumPositionFraction, 0...1, "of the value, a position"),
        .number(
            "max_volume", \.maximumVolumeFraction, 0...1, "of the deciding bar's volume; 0 is off"),
        .boolean("fractional_shares", \.fractionalShares, "allow fractions of a share"),
        .integer("max_positions", \.maximumPositions, 1...10_000, "open positions"),
        .integer("max_entries_per_day", \.maximumEntriesPerDay, 1...10_000, "entry orders a cycle"),
        .integer(
            "cooldown_sessions", \.cooldownSessions, 0...1_000, "after a stop or trailing stop"),
        .integer("crowded_positions", \.crowdedPositions, 0...10_000, "open positions from which"),
        .hundredths("crowded_confidence", \.crowdedConfidence, 0...100, "this is needed to enter"),
        .number("commission_bp", \.commissionBasisPoints, 0...1_000, "basis points a side"),
        .number(
            "commission_per_share", \.commissionPerShare, 0...1_000, "dollars a share and side"
        ).added(with: "0.0"),
        .number(
            "commission_per_order", \.commissionPerOrder, 0...1e6,
            "dollars an order; no part of labels, which know no size"
        ).added(with: "0.0"),
        .choice(
            "regulatory_fees", \.regulatoryFees,
            "of sales: us takes the SEC's and FINRA's rates of their days"
        ).added(with: "none"),
        .number("slippage_bp", \.slippageBasisPoints, 0...1_000, "basis points a side"),
        .number("cash_rate", \.cashRate, -1...1, "interest on cash a year, as a fraction"),
    ]

    private static let exitFields: [ConfigurationField<LoopConfiguration>] = [
        .integer("atr_sessions", \.atrSessions, 1...250, "bars of the average true range"),
        .number("stop_atr", \.stopMultiple, 0...100, "stop this many ATR below entry; 0 is off"),
        .number("trailing_stop", \.trailingFraction, 0...0.99, "below the high; 0 is off"),
        .number("take_profit", \.takeProfitFraction, 0...100, "above the entry; 0 is off"),
        .integer("timeout_days", \.timeoutDays, 1...3_650, "calendar days held at most"),
        .integer("no_price_sessions", \.noPriceSessions, 0...250, "without a bar; 0 is off"),
        .number("delisting_haircut", \.delistingHaircut, 0...1, "of the last close, closing so"),
        .number("breakeven", \.breakevenFraction, 0...1, "net return up to which neither class"),
    ]
}
