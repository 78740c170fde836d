public import Events

/// One pass over a holdout: what both models had right, row by row in canonical order.
public struct PairedScores: Sendable {
    /// The challenger's classes.
    public private(set) var new = ClassTally()
    /// The champion's, or the baseline's.
    public private(set) var old = ClassTally()
    /// Rows that only the challenger had right.
    public private(set) var onlyNew = 0
    /// Rows that only the champion had right.
    public private(set) var onlyOld = 0
    /// Decision dates.
    public private(set) var dates = 0
    /// Of the challenger's raw probabilities.
    public private(set) var newCalibration = Calibration()
    /// Of the champion's; empty for the baseline, which has no probabilities.
    public private(set) var oldCalibration = Calibration()
    /// The rows by session.
    public private(set) var bootstrap = PairedBootstrap()

    /// Scores rows in canonical order.
    ///
    /// The majority baseline names `majority` for every row and is sure of it: it buys every row
    /// when that is win, sells every row when it is loss, and stays out when it is breakeven.
    ///
    /// - Precondition: either every row has a champion's prediction or none has.
    public init(rows: [HoldoutRow], majority: OutcomeClass, thresholds: MachineThresholds) {
        let isBaseline = rows.first.map { $0.champion == nil } ?? false
        let sure: Double? = majority == .win ? 1 : majority == .loss ? 0 : nil
        var last: Day?
        for row in rows {
            precondition(
                (row.champion == nil) == isBaseline, "a champion predicts all rows or none")
            let predictedNew = row.challenger.predicted
            let predictedOld = row.champion?.predicted ?? majority
            let shareOld = row.champion.map(\.winShare) ?? sure
            new.add(actual: row.label, predicted: predictedNew)
            old.add(actual: row.label, predicted: predictedOld)
            if predictedNew == row.label && predictedOld != row.label { onlyNew += 1 }
            if predictedNew != row.label && predictedOld == row.label { onlyOld += 1 }
            newCalibration.add(row.challenger, label: row.label)
            if let champion = row.champion { oldCalibration.add(champion, label: row.label) }
            let profitNew = thresholds.profit(
                share: row.challenger.winShare, netReturn: row.netReturn)
            let profitOld = thresholds.profit(share: shareOld, netReturn: row.netReturn)
            bootstrap.add(
                session: row.session, actual: row.label, new: predictedNew, old: predictedOld,
                profit: profitNew - profitOld)
            if last != row.day { dates += 1 }
            last = row.day
        }
    }
}
