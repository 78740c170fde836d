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
        var latest = Instant(rawValue: .min)
        try each { number, message in
            let envelope = try Envelope(message: message)
            // Facts stand in order of knowledge; one that does not is taken where it stands.
            latest = max(latest, envelope.knownAt)
            guard try MessageHeader(message).templateID == DisclosureFiled.templateID else {
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
        return replacing(moved).ordered(keys.map(\.number))
    }
}
