import Digests
import Events

extension SignalsProjection {
    /// One row of `predictions`.
    private struct Prediction {
        let model: Reference
        let role: String
        let win: Double
        let loss: Double
        let breakeven: Double
        let side: String?
    }

    /// What the rows of one evaluation share.
    private struct Shared {
        let position: UInt64
        let ticker: Ticker
        let decidedAt: Instant
        let buyHundredths: UInt8
        let sellHundredths: UInt8
        let regime: String
        let featureDigest: Digest
    }

    func predict(
        _ view: borrowing SignalGeneratedView, _ event: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) throws {
        let predictions = view.predictions
        guard predictions.count > 0 else { return }
        let stored = view.features
        var features: [Float] = []
        features.reserveCapacity(stored.count)
        for index in 0..<stored.count { features.append(stored[index].value) }
        let shared = Shared(
            position: event.position, ticker: view.ticker, decidedAt: view.envelope.knownAt,
            buyHundredths: view.buyHundredths, sellHundredths: view.sellHundredths,
            regime: try Word.regime(view.regime),
            featureDigest: Self.digest(features))
        for index in 0..<predictions.count {
            let item = predictions[index]
            let prediction = Prediction(
                model: item.model, role: try Word.role(item.role), win: Double(item.win),
                loss: Double(item.loss), breakeven: Double(item.breakeven),
                side: try Word.machineSide.optional(item.side))
            Self.insert(prediction, index, shared, &rows)
        }
    }

    func predict(
        _ view: borrowing SignalSuppressedView, _ event: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) throws {
        let predictions = view.predictions
        guard predictions.count > 0 else { return }
        let stored = view.features
        var features: [Float] = []
        features.reserveCapacity(stored.count)
        for index in 0..<stored.count { features.append(stored[index].value) }
        let shared = Shared(
            position: event.position, ticker: view.ticker, decidedAt: view.envelope.knownAt,
            buyHundredths: view.buyHundredths, sellHundredths: view.sellHundredths,
            regime: try Word.regime(view.regime),
            featureDigest: Self.digest(features))
        for index in 0..<predictions.count {
            let item = predictions[index]
            let prediction = Prediction(
                model: item.model, role: try Word.role(item.role), win: Double(item.win),
                loss: Double(item.loss), breakeven: Double(item.breakeven),
                side: try Word.machineSide.optional(item.side))
            Self.insert(prediction, index, shared, &rows)
        }
    }

    private static func insert(
        _ prediction: Prediction, _ ordinal: Int, _ shared: Shared, _ rows: inout RowChanges
    ) {
        rows.insert(1, .pair(Int64(shared.position), Int64(ordinal))) { row in
            row.integer(shared.position)
            row.integer(ordinal)
            row.ticker(shared.ticker)
            row.instant(shared.decidedAt)
            row.reference(prediction.model)
            row.text(prediction.role)
            row.real(prediction.win)
            row.real(prediction.loss)
            row.real(prediction.breakeven)
            row.text(prediction.side)
            let start = row.beginText()
            row.piece("{\"buy\":\((Double(shared.buyHundredths) / 100).description)")
            row.piece(",\"sell\":\((Double(shared.sellHundredths) / 100).description)}")
            row.endText(start)
            row.text(shared.regime)
            row.digest(shared.featureDigest)
        }
    }

    /// The SHA-256 of features as they are stored: Float32, little-endian, in catalogue order.
    private static func digest(_ features: [Float]) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(features.count * 4)
        for feature in features {
            withUnsafeBytes(of: feature.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return SHA256.hash(bytes)
    }
}
