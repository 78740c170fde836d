import Events
import Learning

/// Fits, monthly, what the champion's confidences came to; a fit changes the size of entries and
/// nothing else.
enum CalibrationDecider {
    /// Records the fit of this instant when there are outcomes enough; gives how many it looked at.
    static func decide(_ state: inout LoopState, _ desk: inout Desk) -> Int {
        guard let champion = state.models.champion?.reference else { return 0 }
        let outcomes = state.calibration.outcomes.filter { $0.model == champion }
        guard outcomes.count >= state.configuration.calibrationRows,
            state.calibration.fittedAt != desk.now
        else { return outcomes.count }
        let rows = outcomes.map {
            (confidence: Double($0.confidence) / 10_000, isWin: $0.isWin)
        }
        let curve = IsotonicFit(rows)
        let wins = rows.reduce(0) { $0 + ($1.isWin ? 1 : 0) }
        let base = Double(wins) / Double(rows.count)
        desk.record(
            CalibrationFitted(
                envelope: desk.envelope(causation: champion), model: champion, base: base,
                brierBefore: brier(rows) { $0 }, brierAfter: brier(rows) { curve($0) ?? $0 },
                rows: UInt32(rows.count), fromDay: outcomes.map(\.day).min(),
                throughDay: outcomes.map(\.day).max(), scheduledAt: desk.now,
                method: .isotonic,
                knots: curve.knots.map {
                    CalibrationFitted.Knot(raw: $0.raw, calibrated: $0.calibrated)
                }), &state)
        return outcomes.count
    }

    /// A fit ends with the champion that it belongs to.
    static func drop(_ state: inout LoopState, _ desk: inout Desk) {
        guard let fit = state.calibration.fit, fit.model != state.models.champion?.reference
        else { return }
        desk.record(
            CalibrationFitted(
                envelope: desk.envelope(causation: fit.reference), model: fit.model,
                base: nil, brierBefore: nil, brierAfter: nil, rows: 0, fromDay: nil,
                throughDay: nil, scheduledAt: desk.now, method: .none, knots: []), &state)
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
