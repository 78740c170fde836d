import Events
import Learning

/// An evaluation as it was recorded, whether it emitted a signal or not.
struct Evaluation {
    /// What one model predicted of it.
    struct Prediction {
        let model: Reference
        let role: ModelRole
        let side: MachineSide
        let probabilities: TreeEnsemble.Probabilities
        /// Whether there was a value on the heuristic's scale.
        let isMapped: Bool
        /// The confidence that the evaluation has with this model, ten-thousandths.
        let confidence: Int
    }

    let signal: Reference
    let recordedAt: Instant
    let ticker: Ticker
    let day: Day
    let kind: SignalKind
    /// Hundredths.
    let heuristicConfidence: Int
    let politicians: Int
    let transactions: Int
    let arms: ShadowArms
    let features: [Float]
    let predictions: [Prediction]

    /// What the champion predicted; nil without one.
    var champion: Prediction? { predictions.first { $0.role == .champion } }

    /// The row that it is to teach.
    func row(session: Int) -> TrainingRow {
        TrainingRow(
            signal: signal, ticker: ticker, decidedOn: day, session: session, features: features,
            heuristic: heuristicConfidence, arms: arms)
    }

    /// Whether it is a buy that confidence alone could still keep from being emitted.
    func isCounted(_ configuration: LoopConfiguration) -> Bool {
        politicians >= configuration.minimumPoliticians
            && transactions >= configuration.minimumTransactions
            && (kind == .buy || kind == .strongBuy)
    }

    /// The confidences that would have emitted it, a model each.
    func emitting(_ configuration: LoopConfiguration) -> [CalibrationBook.Prediction] {
        let least = 100 * configuration.emitThreshold
        return predictions.filter {
            $0.confidence >= least && !isOpposed($0, configuration)
        }.map { CalibrationBook.Prediction(model: $0.model, confidence: $0.confidence) }
    }

    private func isOpposed(_ prediction: Prediction, _ configuration: LoopConfiguration) -> Bool {
        configuration.blend && prediction.isMapped
            && BlendWeightToSignal.isOpposed(kind, prediction.side)
    }
}

extension Evaluation {
    init(_ event: SignalGenerated, _ signal: Reference) {
        self.init(
            signal: signal, recordedAt: event.envelope.recordedAt, ticker: event.ticker,
            day: event.day, kind: event.heuristicKind,
            heuristicConfidence: Int(capped: (event.heuristicConfidence * 100).rounded()),
            politicians: Int(event.politicians), transactions: Int(event.transactions),
            arms: event.arms, features: event.features.map(\.value),
            predictions: event.predictions.map {
                Prediction(
                    model: $0.model, role: $0.role, side: $0.side,
                    probabilities: TreeEnsemble.Probabilities(
                        loss: $0.loss, breakeven: $0.breakeven, win: $0.win),
                    isMapped: $0.mapped != nil,
                    confidence: Int(capped: (Double($0.confidence ?? 0) * 10_000).rounded()))
            })
    }

    init(_ event: SignalSuppressed, _ signal: Reference) {
        self.init(
            signal: signal, recordedAt: event.envelope.recordedAt, ticker: event.ticker,
            day: event.day, kind: event.heuristicKind,
            heuristicConfidence: Int(capped: (event.heuristicConfidence * 100).rounded()),
            politicians: Int(event.politicians), transactions: Int(event.transactions),
            arms: event.arms, features: event.features.map(\.value),
            predictions: event.predictions.map {
                Prediction(
                    model: $0.model, role: $0.role, side: $0.side,
                    probabilities: TreeEnsemble.Probabilities(
                        loss: $0.loss, breakeven: $0.breakeven, win: $0.win),
                    isMapped: $0.mapped != nil,
                    confidence: Int(capped: (Double($0.confidence ?? 0) * 10_000).rounded()))
            })
    }
}
