public import Events

extension GateStatistics {
    /// The event that stores the comparison.
    ///
    /// - Parameters:
    ///   - champion: none when the majority baseline stood in.
    ///   - holdout: the digest of the rows' identities (see `HoldoutRow.appendIdentity`).
    ///   - reused: earlier comparisons that used any of these rows.
    public func message(
        envelope: Envelope, challenger: Reference, champion: Reference, holdout: Digest,
        reused: Int
    ) -> ModelCompared {
        ModelCompared(
            envelope: envelope, challenger: challenger, champion: champion, holdout: holdout,
            accuracyNew: new.accuracy, accuracyOld: old.accuracy, f1New: new.weightedF1,
            f1Old: old.weightedF1, brierNew: newCalibration.brier, brierOld: oldCalibration?.brier,
            majority: majorityAccuracy, accuracyLow: intervals?.accuracy.low,
            accuracyHigh: intervals?.accuracy.high, profitDifference: differences?.profit,
            profitLow: intervals?.profit.low, profitHigh: intervals?.profit.high,
            populationStability: stability?.index,
            mcnemar: new.rows == 0 ? nil : mcNemar.pValue, rows: UInt32(new.rows),
            correctNew: UInt32(new.correct), correctOld: UInt32(old.correct),
            wins: UInt32(new.actual(.win)), losses: UInt32(new.actual(.loss)),
            reused: UInt32(reused), holdoutFrom: days?.lowerBound,
            holdoutThrough: days?.upperBound, dates: UInt16(dates), ruleVerdict: rule.verdict,
            evidenceVerdict: evidence.verdict, gate: settings.mode, decision: decision,
            reason: reason,
            bins: bins(newCalibration, .candidate) + bins(oldCalibration, .champion),
            statistics: Array(json().utf8))
    }

    private func bins(_ calibration: Calibration?, _ role: ModelRole) -> [ModelCompared.Bin] {
        (calibration?.bins ?? []).map { bin in
            ModelCompared.Bin(
                lower: bin.lower, predicted: bin.predicted, observed: bin.observed,
                rows: UInt32(bin.rows), role: role)
        }
    }
}
