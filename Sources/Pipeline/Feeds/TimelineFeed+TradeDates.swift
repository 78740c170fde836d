import EventLog
import Events

extension TimelineFeed {
    /// The look-ahead that nobody can have: each filing known the morning after the trade instead
    /// of when it was filed.
    ///
    /// A row that was filed before it was traded keeps its place, as do amendments and withdrawals,
    /// which say nothing new. What a strategy earns on this feed and not on the honest one is what
    /// the filing delay takes away; no part of it can be traded.
    public func knownWhenTraded() throws -> TimelineFeed {
        var moved: [(number: Int, message: [UInt8])] = []
        var keys: [(knownAt: Instant, isMoved: Bool, number: Int)] = []
        keys.reserveCapacity(count)
        var predictions: [(number: Int, event: PredictionsImported)] = []
        var latest = Instant(rawValue: .min)
        try each { number, message in
            let envelope = try Envelope(message: message)
            // Facts stand in order of knowledge; one that does not is taken where it stands.
            latest = max(latest, envelope.knownAt)
            let template = try MessageHeader(message).templateID
            if template == PredictionsImported.templateID {
                predictions.append((number, try PredictionsImported(message: message)))
            }
            guard template == DisclosureFiled.templateID else {
                keys.append((latest, false, number))
                return .proceed
            }
            var event = try DisclosureFiled(message: message)
            let traded = Instant(event.tradedOn + 1, hour: 5)
            guard traded < envelope.knownAt else {
                keys.append((latest, true, number))
                return .proceed
            }
            event.envelope.knownAt = traded
            event.envelope.recordedAt = traded
            moved.append((number, event.encoded()))
            keys.append((traded, true, number))
            return .proceed
        }
        keys.sort {
            if $0.knownAt != $1.knownAt { return $0.knownAt < $1.knownAt }
            if $0.isMoved != $1.isMoved { return $1.isMoved }
            return $0.number < $1.number
        }
        moved += TimelineFeed.renamed(predictions, keys.map(\.number))
        moved.sort { $0.number < $1.number }
        return replacing(moved).ordered(keys.map(\.number))
    }

    /// Predictions name their model by its position, which is another in another order.
    private static func renamed(
        _ predictions: [(number: Int, event: PredictionsImported)], _ order: [Int]
    ) -> [(number: Int, message: [UInt8])] {
        guard !predictions.isEmpty else { return [] }
        var positions = [UInt64](repeating: 0, count: order.count)
        for (index, number) in order.enumerated() { positions[number] = UInt64(index) + 1 }
        return predictions.map { number, event in
            var event = event
            if event.model.isTimeline {
                event.model = .timeline(positions[Int(event.model.position) - 1])
            }
            return (number, event.encoded())
        }
    }
}
