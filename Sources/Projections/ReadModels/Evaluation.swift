import Events

/// What the two messages of an evaluation have in common, as a row of `trading_signals` shows it.
struct Evaluation {
    let ticker: Ticker
    private let envelope: Envelope
    private let day: Day
    private let kind: String
    private let confidence: Double
    private let heuristicConfidence: Double
    private let machineProbability: Float?
    private let politicians: UInt16
    private let transactions: UInt16
    private let buys: UInt16
    private let sells: UInt16
    private let recent: UInt16
    private let isBipartisan: Bool
    private let ratio: Double
    private let netVolume: Double
    private let totalVolume: Double
    let champion: Reference
    private let blendTenths: UInt8
    private let regime: String
    private let trigger: String
    private let suppression: String?
    private var challenger: (model: Reference, confidence: Double?)?
    private let features: [Float]
    private var filings: [Reference] = []

    init(_ event: borrowing SignalGeneratedView) throws {
        var features: [Float] = []
        let stored = event.features
        features.reserveCapacity(stored.count)
        for index in 0..<stored.count { features.append(stored[index].value) }
        try requireKnownFeatures(event.featureSchema, features.count)
        self.features = features
        envelope = event.envelope
        (ticker, day) = (event.ticker, event.day)
        kind = try Word.signalKind(event.kind)
        (confidence, heuristicConfidence) = (event.confidence, event.heuristicConfidence)
        machineProbability = event.machineProbability
        (politicians, transactions) = (event.politicians, event.transactions)
        (buys, sells, recent) = (event.buys, event.sells, event.recent)
        isBipartisan = event.bipartisan
        (ratio, netVolume) = (event.buySellRatio, event.netVolume)
        totalVolume = event.totalVolume
        (champion, blendTenths) = (event.champion, event.blendTenths)
        regime = try Word.regime(event.regime)
        trigger = try Word.trigger(event.trigger)
        suppression = nil
        let filings = event.filings
        self.filings.reserveCapacity(filings.count)
        for index in 0..<filings.count { self.filings.append(filings[index].filing) }
        let predictions = event.predictions
        for index in 0..<predictions.count where predictions[index].role == .candidate {
            challenger = (predictions[index].model, predictions[index].confidence.map(Double.init))
            break
        }
    }

    init(_ event: borrowing SignalSuppressedView) throws {
        var features: [Float] = []
        let stored = event.features
        features.reserveCapacity(stored.count)
        for index in 0..<stored.count { features.append(stored[index].value) }
        try requireKnownFeatures(event.featureSchema, features.count)
        self.features = features
        envelope = event.envelope
        (ticker, day) = (event.ticker, event.day)
        kind = try Word.signalKind(event.kind)
        (confidence, heuristicConfidence) = (event.confidence, event.heuristicConfidence)
        machineProbability = event.machineProbability
        (politicians, transactions) = (event.politicians, event.transactions)
        (buys, sells, recent) = (event.buys, event.sells, event.recent)
        isBipartisan = event.bipartisan
        (ratio, netVolume) = (event.buySellRatio, event.netVolume)
        totalVolume = event.totalVolume
        (champion, blendTenths) = (event.champion, event.blendTenths)
        regime = try Word.regime(event.regime)
        trigger = try Word.trigger(event.trigger)
        let suppression: String = try Word.suppression(event.reason)
        self.suppression = suppression
        let filings = event.filings
        self.filings.reserveCapacity(filings.count)
        for index in 0..<filings.count { self.filings.append(filings[index].filing) }
        let predictions = event.predictions
        for index in 0..<predictions.count where predictions[index].role == .candidate {
            challenger = (predictions[index].model, predictions[index].confidence.map(Double.init))
            break
        }
    }

    /// Writes the row.
    func encode(
        _ position: UInt64, _ reference: Reference, name: String?, version: Int?,
        hash: Digest,
        into row: inout RowEncoder
    ) {
        row.integer(position)
        row.reference(reference)
        row.ticker(ticker)
        row.text(name)
        row.text(kind)
        row.text(confidence >= 0.85 ? "strong" : confidence >= 0.75 ? "moderate" : "weak")
        row.real(confidence)
        row.integer(politicians)
        row.real(ratio)
        row.real(totalVolume)
        row.instant(envelope.knownAt)
        row.day(day)
        row.boolean(true)
        row.text(version.map(String.init))
        row.boolean(champion != .none && blendTenths > 0)
        row.reference(champion)
        row.features(features)
        encodeContext(into: &row)
        row.digest(hash)
        row.reference(challenger?.model ?? .none)
        row.real(challenger?.confidence)
        row.text(suppression)
        row.integer(position)
        row.null()
    }

    /// What the evaluation was made from, as JSON.
    private func encodeContext(into row: inout RowEncoder) {
        let start = row.beginText()
        row.piece("{\"trigger\":\"")
        row.piece(trigger)
        row.piece("\",\"regime\":\"")
        row.piece(regime)
        row.piece("\",\"heuristic_confidence\":")
        row.piece(heuristicConfidence.description)
        if let machineProbability {
            row.piece(",\"machine_probability\":")
            row.piece(machineProbability.description)
        }
        row.piece(",\"blend_tenths\":")
        row.digits(UInt64(blendTenths))
        row.piece(",\"transactions\":")
        row.digits(UInt64(transactions))
        row.piece(",\"buys\":")
        row.digits(UInt64(buys))
        row.piece(",\"sells\":")
        row.digits(UInt64(sells))
        row.piece(",\"recent\":")
        row.digits(UInt64(recent))
        row.piece(isBipartisan ? ",\"bipartisan\":true" : ",\"bipartisan\":false")
        row.piece(",\"net_volume\":")
        row.piece(netVolume.description)
        row.piece(",\"filings\":[")
        for (index, filing) in filings.enumerated() {
            row.piece(index == 0 ? "\"" : ",\"")
            row.piece(filing.isTimeline ? "t" : "r")
            row.digits(filing.position)
            row.piece("\"")
        }
        row.piece("]}")
        row.endText(start)
    }
}
