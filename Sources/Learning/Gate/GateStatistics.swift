public import Events

/// Everything a comparison of a challenger with the champion says, as `ModelCompared` stores it.
///
/// The artefact that was trained is what is compared; nothing is fitted here. The same rows,
/// settings and training predictions give the same bits, on any number of threads.
public struct GateStatistics: Hashable, Sendable {
    /// What the comparison was told.
    public let settings: GateSettings
    /// Whether the majority baseline stood in for a champion.
    public let isBaseline: Bool
    /// The majority class of the training part.
    public let majorityClass: OutcomeClass
    /// The first and the last decision date; nil without rows.
    public let days: ClosedRange<Day>?
    /// Decision dates with rows.
    public let dates: Int
    /// Decision sessions with rows, the units of the bootstrap.
    public let sessions: Int
    /// Label windows that do not overlap.
    public let windows: Int
    /// The challenger's classes.
    public let new: ClassTally
    /// The champion's classes.
    public let old: ClassTally
    /// Share of rows of the majority class.
    public let majorityAccuracy: Double
    /// Of the challenger's raw probabilities.
    public let newCalibration: Calibration
    /// Of the champion's; nil without one.
    public let oldCalibration: Calibration?
    /// Of the challenger's P(win); nil when no training prediction was given.
    public let stability: PopulationStability?
    /// Of the rows that one model alone had right.
    public let mcNemar: McNemar
    /// Challenger − champion; nil without rows.
    public let differences: PairedBootstrap.Differences?
    /// Of the differences; nil with fewer sessions than two blocks.
    public let intervals: PairedBootstrap.Intervals?
    /// On rows matured after both models were trained; nil when not asked for.
    public let matured: MaturedDifference?
    /// The verdict of the rule.
    public let rule: GateRule
    /// The verdict of the evidence.
    public let evidence: GateEvidence

    /// What follows, by the mode.
    public var decision: GateVerdict {
        settings.mode.decision(
            rule: rule.verdict, guarded: rule.guarded, evidence: evidence.verdict)
    }

    /// The rule's reason; that every model is promoted when the mode says so.
    public var reason: GateReason { settings.mode == .always ? .everyModel : rule.reason }

    /// Compares two models over a holdout.
    ///
    /// - Parameters:
    ///   - rows: in canonical order, each with a champion or none with one.
    ///   - majority: the majority class of the training part, by which the baseline is made.
    ///   - trainingWins: the challenger's P(win) of its training rows, in any order.
    ///   - matured: the difference on rows matured after both models were trained.
    /// - Precondition: rows ascend by (day, ticker), sessions never step back, and no probability
    ///   or return is NaN.
    public init(
        rows: [HoldoutRow], majority: OutcomeClass, trainingWins: [Float], settings: GateSettings,
        matured: MaturedDifference? = nil
    ) {
        for (before, after) in zip(rows, rows.dropFirst()) {
            precondition(before.precedes(after), "holdout rows ascend by day and ticker")
        }
        self.settings = settings
        self.matured = matured
        majorityClass = majority
        isBaseline = rows.first.map { $0.champion == nil } ?? false
        let scores = PairedScores(rows: rows, majority: majority, thresholds: settings.thresholds)
        (new, old) = (scores.new, scores.old)
        newCalibration = scores.newCalibration
        oldCalibration = isBaseline ? nil : scores.oldCalibration
        mcNemar = McNemar(onlyNew: scores.onlyNew, onlyOld: scores.onlyOld)
        majorityAccuracy =
            rows.isEmpty ? 0 : Double(new.actual(majority)) / Double(rows.count)
        days = rows.isEmpty ? nil : rows[0].day...rows[rows.count - 1].day
        dates = scores.dates
        sessions = scores.bootstrap.sessionCount
        windows = GateEvidence.windows(
            sessions: rows.map(\.session), labelSessions: settings.labelSessions)
        stability = PopulationStability(
            training: trainingWins.map(Double.init),
            holdout: rows.map { Double($0.challenger.win) })
        differences = rows.isEmpty ? nil : scores.bootstrap.observed
        intervals = scores.bootstrap.intervals(
            blockSessions: settings.blockSessions, draws: settings.draws, seed: settings.seed)
        rule = GateRule(new: new, old: old, isBaseline: isBaseline)
        evidence = GateEvidence(tally: new, windows: windows, accuracy: intervals?.accuracy)
    }
}
