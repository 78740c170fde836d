import Learning
import Market

extension LoopConfiguration {
    /// The values of `feedback`.
    public static let feedback = LoopConfiguration()

    /// The values of the replaced systems: static thresholds, a fixed weight, no outcomes, every
    /// model promoted, plain cross-entropy, a short look-back, no regime, binary sizing.
    ///
    /// What those systems did by mistake, such as labels that were not mature, is not repeated; and
    /// without a slice that stops training early, because 30 sessions have none to spare.
    public static let baseline: LoopConfiguration = {
        var baseline = LoopConfiguration()
        baseline.emitThreshold = 60
        baseline.queueThreshold = 70
        baseline.useOutcomes = false
        baseline.trainingLookbackSessions = 30
        baseline.holdoutSessions = 7
        baseline.earlyStoppingSessions = 0
        baseline.profitWeight = .none
        baseline.labelReturn = .net
        baseline.leafShare = 0
        baseline.splitGain = 0
        baseline.skillPrior = 0
        baseline.skillRises = false
        baseline.gate = .always
        baseline.adaptiveBlend = false
        baseline.opposition = .halve
        baseline.buyThreshold = 52
        baseline.sellThreshold = 48
        baseline.adaptiveThresholds = false
        baseline.calibration = .none
        baseline.useRegime = false
        baseline.sizing = .binary
        baseline.regulatoryFees = .none
        return baseline
    }()

    /// The values of `oracle`: any purchase of a filer it follows is bought, and held for the 42
    /// sessions (61 days) in which a simulated filing earns its edge, with no stop before.
    public static let oracle: LoopConfiguration = {
        var oracle = LoopConfiguration()
        oracle.weeklyScoring = false
        oracle.lookbackDays = 1_000
        oracle.minimumTransactions = 1
        oracle.baseConfidence = 75
        oracle.train = false
        oracle.useRegime = false
        oracle.baseSize = 0.03
        oracle.sizing = .binary
        oracle.maximumTradeFraction = 0.03
        oracle.maximumPositions = 33
        oracle.maximumEntriesPerDay = 33
        oracle.cooldownSessions = 0
        oracle.crowdedPositions = 10_000
        oracle.stopMultiple = 0
        oracle.trailingFraction = 0
        oracle.timeoutDays = 61
        oracle.regulatoryFees = .none
        return oracle
    }()

    /// What contradicts what, in words; empty when all is well.
    public var contradictions: [String] {
        var found: [String] = []
        if emitThreshold > queueThreshold {
            found.append(
                "emit_threshold is above queue_threshold; no queued signal would be emitted")
        }
        if buyRatio > strongBuyRatio { found.append("buy_ratio is above strong_buy_ratio") }
        if sellRatio < 1 / strongSellDivisor {
            found.append("sell_ratio is below 1 / strong_sell_divisor")
        }
        if sellRatio >= buyRatio { found.append("sell_ratio is not below buy_ratio") }
        if maximumTradeFraction > maximumPositionFraction {
            found.append("max_trade is above max_position")
        }
        return found + machineContradictions
    }

    private var machineContradictions: [String] {
        var found: [String] = []
        if sellThreshold >= buyThreshold {
            found.append("sell_threshold is not below buy_threshold")
        }
        if adaptiveThresholds {
            if buyThreshold - sellThreshold < neutralZone {
                found.append("buy_threshold less sell_threshold is below neutral_zone")
            }
            if !(buyThresholdLeast...max(buyThresholdLeast, buyThresholdMost))
                .contains(buyThreshold)
            {
                found.append("buy_threshold is outside buy_threshold_min to buy_threshold_max")
            }
            if !(sellThresholdLeast...max(sellThresholdLeast, sellThresholdMost))
                .contains(sellThreshold)
            {
                found.append("sell_threshold is outside sell_threshold_min to sell_threshold_max")
            }
        }
        if adaptiveBlend, blendTenths < blendFloorTenths || blendTenths > blendCapTenths {
            found.append("ml_blend_weight is outside blend_floor to blend_cap")
        }
        if train, featureHistorySessions == 0 {
            found.append("train needs features; set feature_history_sessions or train: false")
        }
        return found
    }
}
