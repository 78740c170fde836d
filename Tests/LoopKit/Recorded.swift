public import Events

/// An event of a run.
public struct Recorded: Sendable {
    /// Its position in the run.
    public let position: UInt64
    /// Which kind of event it is.
    public let templateID: UInt16
    /// What every event has.
    public let envelope: Envelope
    /// The message as it was recorded.
    public let bytes: [UInt8]

    init(position: UInt64, bytes: [UInt8]) throws {
        self.position = position
        self.bytes = bytes
        templateID = try MessageHeader(bytes.span.bytes).templateID
        envelope = try Envelope(message: bytes.span.bytes)
    }

    /// The name that others of the same run have for it.
    public var reference: Reference { .own(position) }

    /// The event, when it is of a kind.
    public func `as`<Event: EventMessage>(_ type: Event.Type) -> Event? {
        guard templateID == Event.templateID else { return nil }
        return try? Event(bytes: bytes)
    }
}

extension Recorded: CustomStringConvertible {
    /// What a failed test shows of it.
    public var description: String {
        let name = EventSchema.messages.first { $0.id == templateID }?.name
        let line = signalText ?? tradeText ?? modelText ?? name ?? "event"
        return "\(envelope.recordedAt) \(line)"
    }

    private var signalText: String? {
        if let event = self.as(SignalGenerated.self) {
            return "generated \(event.ticker) \(event.kind) \(event.confidence)"
        }
        if let event = self.as(SignalSuppressed.self) {
            return "suppressed \(event.ticker) \(event.reason) \(event.confidence)"
        }
        if let event = self.as(SignalQueued.self) {
            return "queued \(event.ticker) \(event.rank)"
        }
        if let event = self.as(SignalSkipped.self) {
            return "skipped \(event.ticker) \(event.reason)"
        }
        return nil
    }

    private var tradeText: String? {
        if let event = self.as(OrderSubmitted.self) {
            return "ordered \(event.ticker) \(event.leg) \(event.quantity)"
        }
        if let event = self.as(OrderCancelled.self) {
            return "cancelled \(event.ticker) \(event.reason) \(event.quantity)"
        }
        if let event = self.as(OrderFilled.self) {
            return "filled \(event.ticker) \(event.leg) \(event.quantity) at \(event.price)"
        }
        if let event = self.as(ExitTriggered.self) {
            return "exit of \(event.ticker) by \(event.reason)"
        }
        if let event = self.as(OutcomeRecorded.self) {
            return "outcome of \(event.ticker) \(event.outcome) \(event.netReturn)"
        }
        return nil
    }

    private var modelText: String? {
        if let event = self.as(RegimeChanged.self) { return "regime \(event.regime)" }
        if let event = self.as(JobStarted.self) { return "job \(event.job) started" }
        if let event = self.as(JobFailed.self) {
            return "job \(event.job) failed: \(String(decoding: event.text, as: UTF8.self))"
        }
        if let event = self.as(BlendWeightEvaluated.self) {
            return "weight \(event.tenths) \(event.reason)"
        }
        if let event = self.as(ThresholdsEvaluated.self) {
            return "thresholds \(event.buyHundredths) \(event.sellHundredths) \(event.reason)"
        }
        return nil
    }
}
