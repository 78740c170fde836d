import Events
import Learning

/// Fits, monthly, what the champion's confidences came to; a fit changes the size of entries and
/// nothing else.
enum CalibrationDecider {
    /// Records a fit when there are outcomes enough; gives how many it looked at.
    static func decide(
        _ context: JobContext, _ state: inout LoopState, _ recorder: inout Recorder
    ) -> Int {
        guard let champion = state.models.champion?.reference else { return 0 }
        state.calibration.keep(state.models.present)
        let outcomes = state.calibration.outcomes.filter { $0.model == champion }
        guard outcomes.count >= state.configuration.calibrationRows else { return outcomes.count }
        let rows = outcomes.map {
            (confidence: Double($0.confidence) / 10_000, isWin: $0.isWin)
        }
        let curve = IsotonicFit(rows)
        let wins = rows.reduce(0) { $0 + ($1.isWin ? 1 : 0) }
        let base = Double(wins) / Double(rows.count)
        let reference = recorder.record(
            CalibrationFitted(
                envelope: recorder.envelope(causation: champion), model: champion, base: base,
                brierBefore: brier(rows) { $0 }, brierAfter: brier(rows) { curve($0) ?? $0 },
                rows: UInt32(rows.count), fromDay: outcomes.map(\.day).min(),
                throughDay: outcomes.map(\.day).max(), scheduledAt: context.scheduledAt,
                method: .isotonic,
                knots: curve.knots.map {
                    CalibrationFitted.Knot(raw: $0.raw, calibrated: $0.calibrated)
                }))
        state.calibration.evolve(
            fitted: CalibrationBook.Fit(
                reference: reference, model: champion, base: base, curve: curve))
        return outcomes.count
    }

    /// A fit ends with the champion that it belongs to.
    static func drop(_ state: inout LoopState, _ recorder: inout Recorder) {
        guard let fit = state.calibration.fit, fit.model != state.models.champion?.reference
        else { return }
        recorder.record(
            CalibrationFitted(
                envelope: recorder.envelope(causation: fit.reference), model: fit.model,
                base: nil, brierBefore: nil, brierAfter: nil, rows: 0, fromDay: nil,
                throughDay: nil, scheduledAt: recorder.now, method: .none, knots: []))
        state.calibration.evolve(fitted: nil)
    }

    /// Mean squared distance of a win's probability from whether it was one.
    private static func brier(
        _ rows: [(confidence: Double, isWin: Bool)], _ probability: (Double) -> Double
    ) -> Double? {
        guard !rows.isEmpty else { return nil }
        var sum = 0.0
        for row in rows {
            let miss = probability(row.confidence) - (row.isWin ? 1 : 0)
            sum += miss * miss
        }
        return sum / Double(rows.count)
    }
}
