public import Events

extension TrainingRow {
    /// The row of an evaluation that emitted, with the features that it stored.
    public init(_ event: borrowing SignalGeneratedView, _ signal: Reference, session: Int) {
        let stored = event.features
        var features: [Float] = []
        features.reserveCapacity(stored.count)
        for index in 0..<stored.count { features.append(stored[index].value) }
        self.init(
            signal: signal, ticker: event.ticker, decidedOn: event.day, session: session,
            features: features, heuristic: Self.hundredths(event.heuristicConfidence),
            arms: event.arms)
    }

    /// The row of an evaluation that emitted nothing: it teaches all the same.
    public init(_ event: borrowing SignalSuppressedView, _ signal: Reference, session: Int) {
        let stored = event.features
        var features: [Float] = []
        features.reserveCapacity(stored.count)
        for index in 0..<stored.count { features.append(stored[index].value) }
        self.init(
            signal: signal, ticker: event.ticker, decidedOn: event.day, session: session,
            features: features, heuristic: Self.hundredths(event.heuristicConfidence),
            arms: event.arms)
    }

    private static func hundredths(_ confidence: Double) -> Int {
        Int(capped: (confidence * 100).rounded())
    }
}
