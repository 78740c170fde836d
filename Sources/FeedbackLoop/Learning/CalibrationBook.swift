import Events
import Learning

/// What confidences came to: for each buy that a model's confidence would have emitted, whether its
/// hypothetical trade won.
///
/// Executed trades alone would be far too few for a fit; and they are chosen by confidence.
struct CalibrationBook: Sendable {
    /// A confidence that an evaluation had, or would have had, under a model.
    struct Prediction: Sendable {
        let model: Reference
        /// Ten-thousandths.
        let confidence: Int
    }

    /// The fit that sizes entries.
    struct Fit: Sendable {
        /// Its CalibrationFitted.
        let reference: Reference
        /// The champion that it belongs to.
        let model: Reference
        /// Win rate of its rows.
        let base: Double
        let curve: IsotonicFit
    }

    /// A mature outcome.
    struct Outcome: Sendable {
        let model: Reference
        let confidence: Int
        let isWin: Bool
        let day: Day
    }

    private var waiting = Awaited<[Prediction]>()
    private(set) var outcomes: [Outcome] = []
    /// The fit in force.
    private(set) var fit: Fit?
    /// The instant of the latest fit; nil before the first.
    private(set) var fittedAt: Instant?

    /// An evaluation that these models judged.
    mutating func expect(_ predicted: [Prediction], _ signal: Reference) {
        if !predicted.isEmpty { waiting.add(predicted, for: signal) }
    }

    /// Labels that became mature.
    mutating func mature(_ rows: [TrainingRow]) {
        for (predicted, row) in waiting.take(rows) {
            guard let label = row.label else { continue }
            for one in predicted {
                outcomes.append(
                    Outcome(
                        model: one.model, confidence: one.confidence,
                        isWin: label.outcome == .win, day: row.decidedOn))
            }
        }
    }

    /// Forgets what models said that no longer play a part.
    mutating func keep(_ models: [Reference]) {
        outcomes.removeAll { !models.contains($0.model) }
    }

    /// A fit, or the end of one.
    mutating func apply(_ event: CalibrationFitted, at reference: Reference) {
        guard event.method == .isotonic, let base = event.base else {
            fit = nil
            return
        }
        fittedAt = event.scheduledAt
        fit = Fit(
            reference: reference, model: event.model, base: base,
            curve: IsotonicFit(
                knots: event.knots.map {
                    IsotonicFit.Knot(raw: $0.raw, calibrated: $0.calibrated)
                }))
    }
}
