import Events
import Learning
import Market

/// Every number of the feedback loop. The initial values are those of the strategy `feedback`.
///
/// Fractions that a threshold compares are whole hundredths. The keys, ranges and meanings stand
/// in `fields`.
public struct LoopConfiguration: Hashable, Sendable {
    /// How an entry's size follows confidence.
    public enum Sizing: String, CaseIterable, Sendable {
        /// Base size times 1 to 1 + `confidence_size_gain`, rising with confidence.
        case graded
        /// Base size for every entry.
        case binary
    }

    /// Which verdict of the gate decides.
    public enum Gate: String, CaseIterable, Sendable {
        /// The rule's.
        case rule
        /// The rule's, where F1 alone promotes no challenger with fewer rows right.
        case guarded
        /// The evidence's.
        case evidence
        /// Both must promote.
        case both
        /// Every model is promoted.
        case always

        var mode: GateMode {
            switch self {
            case .rule: .rule
            case .guarded: .guarded
            case .evidence: .evidence
            case .both: .both
            case .always: .always
            }
        }
    }

    /// What becomes of an evaluation on which heuristic and champion say opposite things.
    public enum Opposition: String, CaseIterable, Sendable {
        /// It emits nothing.
        case suppress
        /// Its confidence is half the smaller one.
        case halve
    }

    /// How confidence is calibrated before it sizes an entry.
    public enum Calibrating: String, CaseIterable, Sendable {
        /// Not at all.
        case none
        /// By the monotone fit that is nearest to the outcomes.
        case isotonic
    }

    /// Whose filings are read.
    public var filter = FilingFilter()
    // Time.
    var publicationDelayDays = 0
    var weeklyScoring = true
    // Heuristic signal.
    var lookbackDays = 90
    var recentDays = 30
    var minimumPoliticians = 1
    var minimumTransactions = 2
    var baseConfidence = 50
    var manyPoliticians = 5
    var severalPoliticians = 3
    var fewPoliticians = 2
    var manyPoliticiansBonus = 15
    var severalPoliticiansBonus = 10
    var fewPoliticiansBonus = 5
    var manyTransactions = 10
    var severalTransactions = 5
    var manyTransactionsBonus = 10
    var severalTransactionsBonus = 5
    var manyRecent = 5
    var severalRecent = 2
    var manyRecentBonus = 10
    var severalRecentBonus = 5
    var bipartisanBonus = 10
    var largeVolume = 1_000_000.0
    var mediumVolume = 100_000.0
    var largeVolumeBonus = 10
    var mediumVolumeBonus = 5
    var ratioCap = 10.0
    var strongBuyRatio = 3.0
    var buyRatio = 1.5
    var sellRatio = 0.67
    var strongSellDivisor = 3.0
    var strongBonus = 15
    var plainBonus = 10
    var strongCap = 95
    var plainCap = 90
    var emitThreshold = 65
    var queueThreshold = 75
    // Features.
    var featureHistorySessions = 252
    // Training and the gate.
    var train = true
    var useOutcomes = true
    var outcomeWeight = 2.0
    var outcomeWindowDays = 90
    var trainingLookbackSessions = 252
    var holdoutSessions = 63
    var earlyStoppingSessions = 21
    var profitWeight = TrainingRules.ProfitWeight.return
    var marketLabel = LabelRules.Kind.exits
    var labelReturn = LabelRules.Measure.excess
    var treeDepth = 4
    var treeRounds = 60
    var treeBins = 64
    var leafShare = 0.02
    var splitGain = 25.0
    var skillPrior = 0.4
    var skillRises = true
    var gate = Gate.guarded
    // Machine signal and blend.
    var blend = true
    var blendTenths = 2
    var adaptiveBlend = true
    var blendStepTenths = 1
    var blendMargin = 5
    var blendFloorTenths = 1
    var blendCapTenths = 7
    var blendArmSize = 30
    var agreementFactor = 1.1
    var agreementCap = 98
    var disagreementFactor = 0.85
    var opposition = Opposition.suppress
    var buyThreshold = 55
    var sellThreshold = 45
    var adaptiveThresholds = true
    var thresholdCount = 100
    var thresholdStep = 2
    var buyThresholdLeast = 50
    var buyThresholdMost = 60
    var sellThresholdLeast = 40
    var sellThresholdMost = 50
    var neutralZone = 4
    var calibration = Calibrating.isotonic
    var calibrationRows = 100
    // Regime.
    var useRegime = true
    var regimeReturn20 = 0.05
    var regimeReturn60 = 0.10
    var regimeVolatility = 0.25
    var riskyRegimeSize = 0.5
    var riskyRegimeThreshold = 2
    // Portfolio.
    var startCash = 100_000.0
    var baseSize = 0.01
    var sizing = Sizing.graded
    var confidenceSizeGain = 2.0
    var maximumTradeFraction = 0.02
    var maximumPositionFraction = 0.05
    var maximumVolumeFraction = 0.01
    var fractionalShares = false
    var maximumPositions = 20
    var maximumEntriesPerDay = 5
    var cooldownSessions = 10
    var crowdedPositions = 15
    var crowdedConfidence = 70
    var commissionBasisPoints = 0.0
    var commissionPerShare = 0.0
    var commissionPerOrder = 0.0
    var regulatoryFees = RegulatoryFees.us
    var slippageBasisPoints = 5.0
    var cashRate = 0.0
    // Exits and outcomes.
    var atrSessions = 20
    var stopMultiple = 1.5
    var trailingFraction = 0.20
    var takeProfitFraction = 0.0
    var timeoutDays = 60
    var noPriceSessions = 5
    var delistingHaircut = 0.0
    var breakevenFraction = 0.005
}
