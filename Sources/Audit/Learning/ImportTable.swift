import Events

/// What other tools said, read from a timeline by the auditor's own hand: which models, and their
/// probabilities by ticker and session, each with the position that told it.
struct ImportTable: Sendable {
    /// A model that was imported.
    struct Model: Sendable {
        let position: UInt64
        let source: Digest
        let trainedThrough: Day
    }

    private struct Key: Hashable, Sendable {
        let model: Reference
        let ticker: Ticker
        let day: Day
    }

    private struct Prediction: Sendable {
        let position: UInt64
        let bits: [UInt32]
    }

    /// In order of the timeline.
    private(set) var models: [Model] = []
    private var words = Lookup<Key, Prediction>()

    /// Takes a timeline event; what is neither model nor predictions is left out.
    mutating func take(_ message: RawSpan, at position: UInt64) throws {
        switch try MessageHeader(message).templateID {
        case ModelImported.templateID:
            let view = try ModelImportedView(message)
            models.append(
                Model(
                    position: position, source: view.source,
                    trainedThrough: view.trainedThrough))
        case PredictionsImported.templateID:
            let view = try PredictionsImportedView(message)
            let day = view.decidedAt.day - 1
            for index in 0..<view.predictions.count {
                let row = view.predictions[index]
                let key = Key(model: view.model, ticker: row.ticker, day: day)
                guard words[key] == nil else { continue }
                words[key] = Prediction(
                    position: position,
                    bits: [row.win.bitPattern, row.loss.bitPattern, row.breakeven.bitPattern])
            }
        default: break
        }
    }

    /// The bits of P(win), P(loss) and P(breakeven) that a model was told to give, by a position.
    func bits(
        _ model: Reference, _ ticker: Ticker, _ day: Day, through position: UInt64
    ) -> [UInt32]? {
        guard let word = words[Key(model: model, ticker: ticker, day: day)],
            word.position <= position
        else { return nil }
        return word.bits
    }
}
