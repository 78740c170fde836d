import EventLog
import Events

/// What the events of a run said that others name later, read again where they lie: kept in memory,
/// the features of every evaluation would be as large as the run.
struct EarlierEvents: Sendable {
    private let run: MergedLog

    init(_ run: MergedLog) { self.run = run }

    /// What an evaluation stored, and when.
    struct Evaluation: Sendable {
        let bits: [UInt32]
        let knownAt: Instant
    }

    /// What a fill says of itself.
    struct Fill: Sendable {
        let filledOn: Day
        let knownAt: Instant
    }

    /// What an evaluation stored; nil when there is none before an event.
    func evaluation(_ signal: Reference, before event: Reference) throws -> Evaluation? {
        try read(signal, before: event) { message in
            let knownAt = try Envelope(message: message).knownAt
            var bits: [UInt32] = []
            switch try MessageHeader(message).templateID {
            case SignalGenerated.templateID:
                let features = try SignalGeneratedView(message).features
                for index in 0..<features.count { bits.append(features[index].value.bitPattern) }
            case SignalSuppressed.templateID:
                let features = try SignalSuppressedView(message).features
                for index in 0..<features.count { bits.append(features[index].value.bitPattern) }
            default: return nil
            }
            return Evaluation(bits: bits, knownAt: knownAt)
        }
    }

    /// A fill; nil when there is none before an event.
    func fill(_ fill: Reference, before event: Reference) throws -> Fill? {
        try read(fill, before: event) { message in
            guard try MessageHeader(message).templateID == OrderFilled.templateID else {
                return nil
            }
            return Fill(
                filledOn: try OrderFilledView(message).filledOn,
                knownAt: try Envelope(message: message).knownAt)
        }
    }

    private func read<Value>(
        _ reference: Reference, before event: Reference, _ body: (RawSpan) throws -> Value?
    ) throws -> Value? {
        guard !reference.isTimeline, reference != .none, reference < event else { return nil }
        var value: Value?
        _ = try run.event(reference) { value = try body($0) }
        return value
    }
}
